import type { FastifyInstance } from 'fastify';
import { consoleRoutes } from '../features/console/console.routes.ts';
import { registerConsolePages } from '../features/console/console-pages.ts';
import { createConsoleSettings, NO_CONSOLE_OPTIONS } from '../features/console/console-settings.service.ts';
import { createIdentity } from '../features/auth/identity.ts';
import { composeModeling } from '../features/modeling/compose-modeling.ts';
import { composeMetadata } from '../features/metadata/compose-metadata.ts';
import { statusRoutes } from '../features/status/status.routes.ts';
import { openStorage, type OpenStorage } from '../features/storage/index.ts';
import { addApiRoutes, createApp, type AppOptions } from '../platform/http/app.ts';
import { createMetrics, type Metrics } from '../platform/metrics/metrics.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';
import { composeMigrations, freeSessions, settleWork } from './compose-migrations.ts';
import { composeReloads } from './compose-reloads.ts';
import { composeOperations } from './compose-operations.ts';
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
  const { name, port, sessionTimeout } = config;
  const metrics = createMetrics(PLATFORM_VERSION);
  const storage = await openConfiguredStorage(config, environment, metrics);
  const { files } = storage;
  const work = { platform: environment, files, sessionTimeout };
  await settleWork(work, environment.queues !== null);

  const identity = createIdentity(environment, {
    sessionTimeout,
    onSessionsEnded: async () => {
      await freeSessions(work);
      await migrations.plans.tidy();
    },
  });
  const consoleOptions = config.console ?? NO_CONSOLE_OPTIONS;
  const app = await createDocumentedApp({
    warmUp: config.warmUp ?? 'whenNeeded',
    ids: environment.ids,
    logger: environment.log,
    allowedOrigins: consoleOptions.allowedOrigins,
    onAnswered: metrics.answered,
    authenticate: (token) => identity.authenticate(token),
  });

  const metadata = composeMetadata(environment, { name, port, sessionTimeout });
  const reloadJobs = await composeReloads(config, environment, metrics.jobs);
  const modeling = composeModeling(metadata.context, { machineName: config.name, reloadJobs });
  const migrations = await composeMigrations({
    ...options,
    storage,
    observer: metrics.jobs,
    beforeJob: () => metadata.context.ended.release(),
  });
  // Where servers share a database, what runs may be running on another one, and the queue tells of what does not.
  if (environment.queues === null) await Promise.all([reloadJobs.settle(), migrations.plans.settle()]);
  const routes = [
    ...identity.routes,
    statusRoutes,
    consoleRoutes(createConsoleSettings(consoleOptions, () => ({ name: config.name, url: options.libraryUrl() }))),
    ...metadata.routes,
    ...modeling.routes,
    ...migrations.routes,
    ...storage.routes,
  ];
  for (const feature of routes) addApiRoutes(app, feature);
  registerConsolePages(app, consoleOptions);
  const { stop } = composeOperations({
    ...options,
    app,
    files,
    metrics,
    endJobs: (limit) => migrations.close(limit),
    async finish() {
      await reloadJobs.drain();
      await identity.sessions.flush();
      await environment.close();
    },
  });
  return { app, close: stop };
}

async function createDocumentedApp(options: AppOptions): Promise<FastifyInstance> {
  const app = createApp(options);
  await registerDocumentation(app);
  return app;
}

/**
 * Takes the store into use as the environment has it, or as this start says, and removes from it what this process had
 * not finished when it last stopped.
 */
export async function openConfiguredStorage(
  config: ServerConfig,
  environment: OpenEnvironment,
  metrics: Metrics,
): Promise<OpenStorage> {
  const storage = await openStorage(environment, {
    dataDirectory: config.dataDirectory,
    instanceId: environment.instanceId,
    initialLocation: config.storageLocation,
    onFailure: metrics.storageFailed,
    ...(config.s3 === undefined ? {} : { s3: config.s3 }),
    maxPackageBytes: config.maxPackageBytes,
    maxUploadedPackages: config.maxUploadedPackages ?? DEFAULT_MAX_UPLOADED_PACKAGES,
    platformVersion: PLATFORM_VERSION,
  });
  await storage.files.cleanIncoming().catch((error: unknown) => {
    environment.log.warn({ err: error }, 'the storage location cannot be used; migrations are refused until it can');
  });
  return storage;
}
