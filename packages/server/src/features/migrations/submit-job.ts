import type { Platform } from '../../platform/platform.ts';
import type { JobRunner, MigrationJob } from './migration-jobs.ts';
import { endJob } from './end-job.service.ts';
import type { FileStore } from '../../platform/files/file-store.ts';

const REFUSED = 'The server is being shut down and took on no more work. Start this again when it is back.';

/** Hands a job whose record is committed to the runner; a runner that refuses it leaves no record running. */
export async function submitJob(
  deps: { readonly platform: Platform; readonly files: FileStore; readonly runner: JobRunner },
  job: MigrationJob,
): Promise<void> {
  try {
    deps.runner.submit(job);
  } catch (error) {
    deps.platform.log.warn({ err: error, importId: job.importId }, 'A job was refused by the runner');
    await endJob(deps.platform, deps.files, { job, outcome: { kind: 'failed', message: REFUSED } });
  }
}
