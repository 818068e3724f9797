import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';
import { endJob } from './end-job.service.ts';
import type { JobProgress } from './job-progress.ts';
import type { JobListener, MigrationJob } from './migration-jobs.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import { removeLeftFile } from './released-files.ts';
import { settleLostJob } from './settle-migrations.service.ts';
import { createValidationProgress } from './validation/validation-progress.ts';

/** Progress is in memory for those who poll; on disk it only has to be roughly right. */
const WRITE_PROGRESS_EVERY_MS = 500;

/** Keeps the records of running jobs: their progress, and how they end. */
export function createJobListener(platform: Platform, files: FileStore, progress: JobProgress): JobListener {
  const writtenAt = new Map<MigrationJob, number>();
  const validations = createValidationProgress(platform, files);

  const writeProgress = (job: MigrationJob, value: number): void => {
    const now = platform.clock.now();
    const last = writtenAt.get(job);
    if (last !== undefined && now - last < WRITE_PROGRESS_EVERY_MS) return;
    writtenAt.set(job, now);
    platform.library
      .write((tx) => jobRepository(tx).setProgress(job, value))
      .catch((error: unknown) => platform.log.warn({ err: error, importId: job.importId }, 'Progress was not written'));
  };

  return {
    progressed(job, value) {
      const percent = Math.min(100, Math.max(0, Math.floor(value)));
      progress.set(job, percent);
      if (job.kind === 'validate') validations.told(job, percent);
      else if (job.kind !== 'undo') writeProgress(job, percent);
    },
    async ended(job, outcome, steps) {
      writtenAt.delete(job);
      if (outcome.kind === 'failed') platform.log.warn({ importId: job.importId, kind: job.kind }, outcome.message);
      else platform.log.info({ importId: job.importId, kind: job.kind }, 'Job ended');
      if (job.kind === 'validate') await validations.idle(job);
      if (outcome.kind === 'lost' && job.kind !== 'validate') await settleLostJob({ platform, files }, { job, steps });
      else await endJob(platform, files, { job, outcome, steps });
      progress.clear(job);
    },
    async superseded(job) {
      writtenAt.delete(job);
      progress.clear(job);
      platform.log.warn({ importId: job.importId, kind: job.kind }, 'Job was taken over by another process');
      await removeLeftFile(platform, files, job);
    },
  };
}
