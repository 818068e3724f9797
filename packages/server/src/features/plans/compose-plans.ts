import type { FileStore } from '../../platform/files/file-store.ts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import type { Routes } from '../../platform/http/app.ts';
import { drainJobs } from '../../platform/jobs/drain-jobs.ts';
import type { JobObserver } from '../../platform/jobs/job-observer.ts';
import type { JobQueue } from '../../platform/jobs/job-queue.ts';
import type { Platform } from '../../platform/platform.ts';
import type { MigrationOptions, PackageInspector } from '../migrations/migration-deps.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import { createPlanKeeper, type PlanKeeper } from './plan-keeper.service.ts';
import { createPlanRunner, type PlanRunner } from './plan-runner.ts';
import { planRoutes } from './plans.routes.ts';
import { createQueuedPlanRunner, type QueuedPlan } from './queued-plan-runner.ts';

export interface PlanParts {
  readonly platform: Platform;
  /** Names this environment's unfinished files. */
  readonly instanceId: string;
  readonly files: FileStore;
  readonly inspector: PackageInspector;
  /** Idle limit of a session in seconds. */
  readonly sessionTimeout: number;
  readonly options: Pick<MigrationOptions, 'nameClash'>;
  readonly observer: JobObserver;
  /** Shared by the processes of the environment; null where this one is alone. */
  readonly queue: JobQueue<QueuedPlan> | null;
  /** Whether this process works on what is in the queue. */
  readonly works: boolean;
  environment(): NamedRef;
  beforeJob(): Promise<void>;
  /** @throws AppError `storageMisconfigured` when there is none */
  storagePlace(): Promise<StorePlace>;
}

export interface ComposedPlans {
  readonly routes: Routes;
  /** To be called at start, before anything is answered. */
  settle(): Promise<void>;
  /** To be called whenever a session has ended. Never fails. */
  tidy(): Promise<void>;
  /** Lets the plan that is being made end, until the limit is aborted. */
  close(limit: AbortSignal): Promise<void>;
}

export async function composePlans(parts: PlanParts): Promise<ComposedPlans> {
  const { platform, instanceId, files, inspector, options } = parts;
  const keeper = createPlanKeeper(platform, { sessionTimeout: parts.sessionTimeout, node: instanceId });
  const runner = await createRunner(parts, keeper);
  return {
    routes: planRoutes({ node: instanceId, platform, files, inspector, runner, keeper, options }),
    settle: () => keeper.settle(),
    async tidy() {
      try {
        await keeper.tidy();
      } catch (error) {
        platform.log.warn({ err: error }, 'Plans that nobody needs could not be taken away');
      }
    },
    async close(limit) {
      await drainJobs(runner, limit);
      await keeper.drain();
    },
  };
}

/** In this process alone, or through the queue that several processes share. */
async function createRunner(parts: PlanParts, keeper: PlanKeeper): Promise<PlanRunner> {
  const { platform, queue, works } = parts;
  const options = {
    metadataLocation: platform.metadata.location,
    libraryLocation: platform.library.location,
    instanceId: parts.instanceId,
    log: platform.log,
    observer: parts.observer,
    keeper,
    environment: () => parts.environment(),
    beforeJob: () => parts.beforeJob(),
    storagePlace: () => parts.storagePlace(),
  };
  return queue === null ? createPlanRunner(options) : createQueuedPlanRunner({ ...options, queue, works });
}
