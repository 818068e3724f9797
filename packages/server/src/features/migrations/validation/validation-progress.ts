import { wireDate } from '../../../platform/clock.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { ValidateJob } from '../migration-jobs.ts';
import { writeStatusFile } from '../status-files/status-files.ts';
import { validationReport } from './validation-report.ts';

/** Whoever polls does so once a second or so, and each write is brought to disk. */
const WRITE_EVERY_MS = 1000;

/** Tells the source of a validation, through the shared store, how far it is. */
export interface ValidationProgress {
  /** Never fails and never waits; a value that comes too soon after another one is left out. */
  told(job: ValidateJob, progress: number): void;
  /** Resolves when nothing is being written any more, so that the end of the job can be. */
  idle(job: ValidateJob): Promise<void>;
}

export function createValidationProgress(platform: Platform, files: FileStore): ValidationProgress {
  const writing = new Map<string, Promise<void>>();
  const writtenAt = new Map<string, number>();

  const write = async (job: ValidateJob, progress: number): Promise<void> => {
    const state = { status: 'validating', progress, message: '' } as const;
    const { path, content } = validationReport(job, state, wireDate(platform.clock.now()));
    try {
      await writeStatusFile(files, path, content);
    } catch (error) {
      platform.log.warn({ err: error, path }, 'The progress of a validation was not written');
    }
  };
  return {
    told(job, progress) {
      const now = platform.clock.now();
      const last = writtenAt.get(job.run);
      if (writing.has(job.run) || (last !== undefined && now - last < WRITE_EVERY_MS)) return;
      writtenAt.set(job.run, now);
      writing.set(
        job.run,
        write(job, progress).finally(() => writing.delete(job.run)),
      );
    },
    async idle(job) {
      await writing.get(job.run);
      writtenAt.delete(job.run);
    },
  };
}
