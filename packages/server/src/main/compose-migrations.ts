import {
  DEFAULT_MAX_GROUP_MEMBERS,
  createGroupChains,
  migrationGroupRoutes,
  settleGroups,
} from '../features/migration-groups/index.ts';
import {
  createJobListener,
  createJobProgress,
  createPackageInspector,
  downloadRoutes,
  migrationRoutes,
  settleMigrations,
  type JobProgress,
  type MigrationDeps,
} from '../features/migrations/index.ts';
import type { JobListener, JobRunner, NamedRef } from '../features/migrations/migration-jobs.ts';
import { createMigrationRunner, type MigrationRunnerOptions } from '../features/migrations/migration-runner.ts';
import { createQueuedRunner, type QueuedMigration } from '../features/migrations/queued-runner.ts';
import {
  createHolderListener,
  createHolderProgress,
  freeEndedSessions,
  packageRoutes,
  settleHolders,
  type FreeSessionsParts,
  type HolderProgress,
} from '../features/packages/index.ts';
import { composePlans, type ComposedPlans } from '../features/plans/index.ts';
import type { OpenStorage } from '../features/storage/index.ts';
import type { Routes } from '../platform/http/app.ts';
import { drainJobs } from '../platform/jobs/drain-jobs.ts';
import type { JobObserver } from '../platform/jobs/job-observer.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';
import type { ServerConfig } from './config.ts';
import type { OpenEnvironment } from './open-environment.ts';

export interface MigrationParts {
  readonly config: ServerConfig;
  readonly environment: OpenEnvironment;
  readonly storage: OpenStorage;
  readonly observer: JobObserver;
  /** The Library URL, once the server listens. */
  libraryUrl(): string;
  /** Called before each job. */
  beforeJob(): Promise<void>;
}

export interface ComposedMigrations {
  readonly routes: readonly Routes[];
  readonly plans: ComposedPlans;
  /** Lets the jobs that run end, until the limit is aborted. */
  close(limit: AbortSignal): Promise<void>;
}

/** All that jobs work on: migrations, their groups, the packages of sessions, and plans. */
export async function composeMigrations(parts: MigrationParts): Promise<ComposedMigrations> {
  const { config, environment, storage } = parts;
  const { files } = storage;
  const self = (): NamedRef => ({ id: parts.libraryUrl(), name: config.name });
  const progress = createJobProgress();
  const holderProgress = createHolderProgress();
  const listener = composeListener(parts, progress, holderProgress);
  const chains = createGroupChains({
    platform: environment,
    listener,
    runner: {
      enqueue: (tx, job, sequel) => runner.enqueue(tx, job, sequel),
      submit: (job, sequel) => runner.submit(job, sequel),
    },
    environment: self,
  });
  const runner = await createRunner(parts, {
    metadataLocation: environment.metadata.location,
    storagePlace: () => storage.place(),
    instanceId: environment.instanceId,
    log: environment.log,
    listener: chains.listener,
    adopt: (job, sequel) => chains.adopt(job, sequel),
    observer: parts.observer,
    environment: self,
    beforeJob: () => parts.beforeJob(),
  });
  const options = {
    get environment() {
      return self();
    },
    maxPackageBytes: config.maxPackageBytes,
    nameClash: config.nameClash,
    platformVersion: PLATFORM_VERSION,
  };
  const base = { platform: environment, files, runner, options };
  const deps: MigrationDeps = { ...base, progress, inspector: createPackageInspector(files, PLATFORM_VERSION) };
  const groupOptions = { maxGroupMembers: config.maxGroupMembers ?? DEFAULT_MAX_GROUP_MEMBERS };
  const routes = [
    migrationRoutes(deps),
    downloadRoutes({ platform: environment, files }),
    migrationGroupRoutes({ ...deps, chains, groupOptions }),
    packageRoutes({ ...base, progress: holderProgress }),
  ];
  const plans = await composeOwnPlans(parts, deps);
  return {
    routes: [...routes, plans.routes],
    plans,
    async close(limit) {
      // Where jobs outlive the process, the next member of a group is another process's.
      if (environment.queues === null) chains.stop();
      await Promise.all([drainJobs(runner, limit), plans.close(limit)]);
    },
  };
}

/** Keeps the records of all that jobs work on, but for the order of the members of groups. */
function composeListener(
  { config, environment, storage: { files } }: MigrationParts,
  progress: JobProgress,
  holderProgress: HolderProgress,
): JobListener {
  return createHolderListener({
    platform: environment,
    files,
    sessionTimeout: config.sessionTimeout,
    progress: holderProgress,
    listener: createJobListener(environment, files, progress),
  });
}

const DEFAULT_WORKERS = 2;

/** How many jobs a process works on at a time; one with 0 leaves all of them, plans and reloads too, to others. */
export const workersOf = ({ workers = DEFAULT_WORKERS }: Pick<ServerConfig, 'workers'>): number => workers;

/** In this process alone, or through the queue that several processes share. */
async function createRunner(
  { config, environment }: MigrationParts,
  options: MigrationRunnerOptions,
): Promise<JobRunner & { close(): Promise<void> }> {
  const { queues, library } = environment;
  if (queues === null) return createMigrationRunner(options, config.warmUp);
  return createQueuedRunner({
    ...options,
    queue: queues.queue<QueuedMigration>('migrations'),
    library,
    workers: workersOf(config),
  });
}

function composeOwnPlans(parts: MigrationParts, { files, inspector, options }: MigrationDeps): Promise<ComposedPlans> {
  const { config, environment, storage } = parts;
  return composePlans({
    platform: environment,
    instanceId: environment.instanceId,
    files,
    inspector,
    sessionTimeout: config.sessionTimeout,
    observer: parts.observer,
    options,
    queue: environment.queues?.queue('plans') ?? null,
    works: workersOf(config) > 0,
    environment: () => options.environment,
    beforeJob: () => parts.beforeJob(),
    storagePlace: () => storage.place(),
  });
}

/**
 * At start, before anything is answered: brings to rest what jobs were at work on when the server last stopped. Where
 * processes share a queue, other ones may be at work, and the queue tells of those that are not any more.
 */
export async function settleWork(parts: FreeSessionsParts, isShared: boolean): Promise<void> {
  if (isShared) return;
  await settleMigrations(parts);
  await settleGroups(parts);
  await settleHolders(parts);
}

/** Frees what ended sessions have left; a failure is in nobody's way, and the next end of a session tries again. */
export async function freeSessions(parts: FreeSessionsParts): Promise<void> {
  try {
    await freeEndedSessions(parts);
  } catch (error) {
    parts.platform.log.warn({ err: error }, 'What ended sessions have left could not be freed');
  }
}
