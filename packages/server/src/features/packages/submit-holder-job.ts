import type { MigrationJob } from '../migrations/migration-jobs.ts';
import { endHolderJob } from './end-holder-job.service.ts';
import type { HolderDeps } from './holder-deps.ts';

const REFUSED = 'The server is being shut down and took on no more work. Start this again when it is back.';

/** Hands a job whose record is committed to the runner; a runner that refuses it leaves nothing under way. */
export async function submitHolderJob(deps: HolderDeps, job: MigrationJob): Promise<void> {
  try {
    deps.runner.submit(job);
  } catch (error) {
    deps.platform.log.warn({ err: error, packageId: job.packageId }, 'A job was refused by the runner');
    await endHolderJob(deps, { job, outcome: { kind: 'failed', message: REFUSED } });
  }
}
