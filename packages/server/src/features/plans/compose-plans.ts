import type { FileStore } from '../../platform/files/file-store.ts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import type { Routes } from '../../platform/http/app.ts';
import { drainJobs } from '../../platform/jobs/drain-jobs.ts';
import type { JobObserver } from '../../platform/jobs/job-observer.ts';
import type { Platform } from '../../platform/platform.ts';
import type { MigrationOptions, PackageInspector } from '../migrations/migration-deps.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import { createPlanKeeper } from './plan-keeper.service.ts';
import { createPlanRunner } from './plan-runner.ts';
import { planRoutes } from './plans.routes.ts';

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

export function composePlans(parts: PlanParts): ComposedPlans {
  const { platform, instanceId, files, inspector, options } = parts;
  const keeper = createPlanKeeper(platform, { sessionTimeout: parts.sessionTimeout, node: instanceId });
  const runner = createPlanRunner({
    metadataLocation: platform.metadata.location,
    libraryLocation: platform.library.location,
    instanceId,
    log: platform.log,
    observer: parts.observer,
    environment: () => parts.environment(),
    beforeJob: () => parts.beforeJob(),
    storagePlace: () => parts.storagePlace(),
    ended: (job, outcome) => keeper.end(job, outcome),
  });
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
