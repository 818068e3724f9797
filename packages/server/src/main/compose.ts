import type { FastifyInstance } from 'fastify';
import { createIdentity } from '../features/auth/identity.ts';
import { folderRoutes } from '../features/folders/folders.routes.ts';
import { createFoldersService } from '../features/folders/folders.service.ts';
import { healthRoutes } from '../features/status/health.routes.ts';
import { statusRoutes } from '../features/status/status.routes.ts';
import { createDumpService } from '../features/metadata/dump-metadata.service.ts';
import { createLoadMetadata } from '../features/metadata/load-metadata.service.ts';
import { metadataRoutes } from '../features/metadata/metadata.routes.ts';
import {
  createJobListener,
  createJobProgress,
  createPackageInspector,
  downloadRoutes,
  migrationRoutes,
  settleMigrations,
} from '../features/migrations/index.ts';
import type { NamedRef } from '../features/migrations/migration-jobs.ts';
import { createMigrationRunner } from '../features/migrations/migration-runner.ts';
import type { ObjectContext } from '../features/objects/get-object.service.ts';
import { createObjectAccess } from '../features/objects/object-access.service.ts';
import { createObjectViews } from '../features/objects/object-views.service.ts';
import { objectRoutes } from '../features/objects/objects.routes.ts';
import { createObjectsService } from '../features/objects/objects.service.ts';
import { createChangeJournalService } from '../features/journal/change-journal.service.ts';
import { journalRoutes } from '../features/journal/journal.routes.ts';
import { schemaRoutes } from '../features/schema/schema.routes.ts';
import { createGetSchema } from '../features/schema/schema.service.ts';
import { searchObjectRoutes } from '../features/search-objects/search-objects.routes.ts';
import { createSearchObjectsService } from '../features/search-objects/search-objects.service.ts';
import { searchRoutes } from '../features/searches/searches.routes.ts';
import { createSearchesService } from '../features/searches/searches.service.ts';
import { createMonitorsService } from '../features/projects/monitors.service.ts';
import { createProjectObjects } from '../features/projects/project-object.service.ts';
import { projectRoutes } from '../features/projects/projects.routes.ts';
import { createProjectsService } from '../features/projects/projects.service.ts';
import { openStorage, type OpenStorage } from '../features/storage/index.ts';
import { addApiRoutes, createApp, type Routes } from '../platform/http/app.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';
import { DEFAULT_MAX_UPLOADED_PACKAGES, type ServerConfig } from './config.ts';
import { registerDocumentation } from './documentation.ts';
import type { OpenEnvironment } from './open-environment.ts';

export interface ComposeOptions {
  readonly config: ServerConfig;
  readonly environment: OpenEnvironment;
  /** The Library URL; known only once the server listens, so it is asked for when it is needed. */
  libraryUrl(): string;
}

/** An environment, wired and ready to listen. */
export interface ComposedServer {
  readonly app: FastifyInstance;
  /** Lets requests and jobs end, then closes everything. */
  close(): Promise<void>;
}

/** The one place that wires features together (design/architecture.md 3). */
export async function composeServer(options: ComposeOptions): Promise<ComposedServer> {
  const { config, environment } = options;
  const storage = await openConfiguredStorage(config, environment);
  const { files } = storage;
  await files.cleanIncoming().catch((error: unknown) => {
    environment.log.warn({ err: error }, 'the storage location cannot be used; migrations are refused until it can');
  });
  await settleMigrations({ platform: environment, files });

  const identity = createIdentity(environment, { sessionTimeout: config.sessionTimeout });
  const app = createApp({
    ids: environment.ids,
    logger: environment.log,
    authenticate: (token) => identity.authenticate(token),
  });
  await registerDocumentation(app);

  const migrations = composeMigrations(options, storage);
  const routes = [
    ...identity.routes,
    statusRoutes,
    ...objectFeatures(environment, config),
    ...migrations.routes,
    ...storage.routes,
  ];
  for (const feature of routes) addApiRoutes(app, feature);
  healthRoutes(app, environment);
  return {
    app,
    async close() {
      await app.close();
      await migrations.runner.drain();
      await migrations.runner.close();
      await identity.sessions.flush();
      await environment.close();
    },
  };
}

function objectFeatures(environment: OpenEnvironment, config: ServerConfig): Routes[] {
  const access = createObjectAccess(environment.metadata.reader);
  const context: ObjectContext = { platform: environment, access, views: createObjectViews(access) };
  const projects = createProjectsService(context);
  const objects = createObjectsService(context, createProjectObjects(context));
  return [
    projectRoutes(projects, createMonitorsService(projects, { name: config.name, port: config.port })),
    objectRoutes(objects),
    folderRoutes(createFoldersService(context), objects),
    searchRoutes(createSearchesService(context)),
    searchObjectRoutes(createSearchObjectsService(context)),
    journalRoutes(createChangeJournalService(context)),
    schemaRoutes(createGetSchema(context, projects)),
    metadataRoutes({ dump: createDumpService(environment), load: createLoadMetadata(environment) }),
  ];
}

function openConfiguredStorage(config: ServerConfig, environment: OpenEnvironment): Promise<OpenStorage> {
  return openStorage(environment, {
    dataDirectory: config.dataDirectory,
    instanceId: environment.instanceId,
    initialLocation: config.storageDirectory,
    maxPackageBytes: config.maxPackageBytes,
    maxUploadedPackages: config.maxUploadedPackages ?? DEFAULT_MAX_UPLOADED_PACKAGES,
    platformVersion: PLATFORM_VERSION,
  });
}

function composeMigrations(options: ComposeOptions, storage: OpenStorage) {
  const { config, environment } = options;
  const { files } = storage;
  const self = (): NamedRef => ({ id: options.libraryUrl(), name: config.name });
  const progress = createJobProgress();
  const runner = createMigrationRunner({
    metadataFile: environment.metadata.file,
    storageDirectory: () => storage.directory(),
    instanceId: environment.instanceId,
    log: environment.log,
    listener: createJobListener(environment, files, progress),
    environment: self,
  });
  const routes = migrationRoutes({
    platform: environment,
    files,
    runner,
    progress,
    inspector: createPackageInspector(files, PLATFORM_VERSION),
    options: {
      get environment() {
        return self();
      },
      maxPackageBytes: config.maxPackageBytes,
      nameClash: config.nameClash,
    },
  });
  return { routes: [routes, downloadRoutes({ platform: environment, files })], runner };
}
