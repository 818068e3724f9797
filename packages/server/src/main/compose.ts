import type { FastifyInstance } from 'fastify';
import { createIdentity } from '../features/auth/identity.ts';
import { composeModeling } from '../features/modeling/compose-modeling.ts';
import type { EndedSessions } from '../features/schema-lock/ended-sessions.ts';
import { composeMetadata } from '../features/metadata/compose-metadata.ts';
import { healthRoutes } from '../features/status/health.routes.ts';
import { statusRoutes } from '../features/status/status.routes.ts';
import {
  createJobListener,
  createJobProgress,
  createPackageInspector,
  downloadRoutes,
  migrationRoutes,
  settleMigrations,
  type MigrationDeps,
} from '../features/migrations/index.ts';
import {
  DEFAULT_MAX_GROUP_MEMBERS,
  createGroupChains,
  migrationGroupRoutes,
  settleGroups,
} from '../features/migration-groups/index.ts';
import type { NamedRef } from '../features/migrations/migration-jobs.ts';
import { createMigrationRunner } from '../features/migrations/migration-runner.ts';
import { openStorage, type OpenStorage } from '../features/storage/index.ts';
import { addApiRoutes, createApp } from '../platform/http/app.ts';
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
  await settleGroups({ platform: environment });

  const identity = createIdentity(environment, { sessionTimeout: config.sessionTimeout });
  const app = createApp({
    ids: environment.ids,
    logger: environment.log,
    authenticate: (token) => identity.authenticate(token),
  });
  await registerDocumentation(app);

  const metadata = composeMetadata(environment, {
    name: config.name,
    port: config.port,
    sessionTimeout: config.sessionTimeout,
  });
  const modeling = composeModeling(metadata.context, { machineName: config.name });
  await modeling.reloads.settle();
  const migrations = composeMigrations(options, storage, metadata.context.ended);
  const routes = [
    ...identity.routes,
    statusRoutes,
    ...metadata.routes,
    ...modeling.routes,
    ...migrations.routes,
    ...storage.routes,
  ];
  for (const feature of routes) addApiRoutes(app, feature);
  healthRoutes(app, environment);
  return {
    app,
    async close() {
      await app.close();
      migrations.chains.stop();
      await migrations.runner.drain();
      await migrations.runner.close();
      await modeling.reloads.drain();
      await identity.sessions.flush();
      await environment.close();
    },
  };
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

function composeMigrations(options: ComposeOptions, storage: OpenStorage, ended: EndedSessions) {
  const { config, environment } = options;
  const { files } = storage;
  const self = (): NamedRef => ({ id: options.libraryUrl(), name: config.name });
  const progress = createJobProgress();
  const chains = createGroupChains({
    platform: environment,
    listener: createJobListener(environment, files, progress),
    submit: (job) => runner.submit(job),
  });
  const runner = createMigrationRunner({
    metadataFile: environment.metadata.file,
    storageDirectory: () => storage.directory(),
    instanceId: environment.instanceId,
    log: environment.log,
    listener: chains.listener,
    environment: self,
    beforeJob: () => ended.release(),
  });
  const deps: MigrationDeps = {
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
  };
  const groupOptions = { maxGroupMembers: config.maxGroupMembers ?? DEFAULT_MAX_GROUP_MEMBERS };
  const routes = [
    migrationRoutes(deps),
    downloadRoutes({ platform: environment, files }),
    migrationGroupRoutes({ ...deps, chains, groupOptions }),
  ];
  return { routes, runner, chains };
}
