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
import { createMonitorsService } from '../features/projects/monitors.service.ts';
import { createProjectObjects } from '../features/projects/project-object.service.ts';
import { projectRoutes } from '../features/projects/projects.routes.ts';
import { createProjectsService } from '../features/projects/projects.service.ts';
import { FilesystemStore } from '../platform/files/filesystem-store.ts';
import { addApiRoutes, createApp, type Routes } from '../platform/http/app.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';
import type { ServerConfig } from './config.ts';
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
  const files = new FilesystemStore({ location: config.storageDirectory, instanceId: environment.instanceId });
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

  const migrations = composeMigrations(options, files);
  const routes = [...identity.routes, statusRoutes, ...objectFeatures(environment, config), migrations.routes];
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
    metadataRoutes({ dump: createDumpService(environment), load: createLoadMetadata(environment) }),
  ];
}

function composeMigrations(options: ComposeOptions, files: FilesystemStore) {
  const { config, environment } = options;
  const self = (): NamedRef => ({ id: options.libraryUrl(), name: config.name });
  const progress = createJobProgress();
  const runner = createMigrationRunner({
    metadataFile: environment.metadata.file,
    storageDirectory: config.storageDirectory,
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
  return { routes, runner };
}
