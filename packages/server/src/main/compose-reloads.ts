import { createReloadJobs, type ReloadJob, type ReloadJobs } from '../features/tasks/reload-jobs.service.ts';
import type { JobObserver } from '../platform/jobs/job-observer.ts';
import { workersOf } from './compose-migrations.ts';
import type { ServerConfig } from './config.ts';
import type { OpenEnvironment } from './open-environment.ts';

/** Reloads of schemas that nobody waits for: in this process alone, or through the queue that several share. */
export function composeReloads(
  config: Pick<ServerConfig, 'workers'>,
  environment: OpenEnvironment,
  observer: JobObserver,
): Promise<ReloadJobs> {
  const queue = environment.queues?.queue<ReloadJob>('reloads') ?? null;
  return createReloadJobs({ platform: environment, queue, works: workersOf(config) > 0, observer });
}
