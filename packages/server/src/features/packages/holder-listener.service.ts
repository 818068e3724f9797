import { STORE_FOLDERS } from '../../platform/files/store-path.ts';
import type { JobListener, MigrationJob } from '../migrations/migration-jobs.ts';
import { removeLeftFile } from '../migrations/released-files.ts';
import { endHolderJob } from './end-holder-job.service.ts';
import { freeEndedSessions, type FreeSessionsParts } from './free-sessions.service.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import type { HolderProgress } from './holder-progress.ts';

/** Progress is in memory for those who ask this process; others read it from the database, where it is roughly right. */
const WRITE_PROGRESS_EVERY_MS = 500;

export interface HolderListenerParts extends FreeSessionsParts {
  readonly progress: HolderProgress;
  /** Hears of all jobs that are not those of sessions. */
  readonly listener: JobListener;
}

/** Keeps the packages and imports of sessions; their jobs are told from others by where their files are. */
export function createHolderListener(parts: HolderListenerParts): JobListener {
  const { platform, progress, listener } = parts;
  const writtenAt = new Map<string, number>();

  const writeProgress = (guid: string, value: number): void => {
    const now = platform.clock.now();
    if (now - (writtenAt.get(guid) ?? -Infinity) < WRITE_PROGRESS_EVERY_MS) return;
    writtenAt.set(guid, now);
    platform.library
      .write((tx) => holderImportRepository(tx).setProgress(guid, value))
      .catch((error: unknown) => platform.log.warn({ err: error, importId: guid }, 'Progress was not written'));
  };
  return {
    progressed(job, value) {
      if (!isHolderJob(job)) listener.progressed(job, value);
      else if (job.kind === 'import') {
        progress.set(job.importId, value);
        writeProgress(job.importId, progress.of(job.importId));
      }
    },
    async ended(job, outcome, steps) {
      if (!isHolderJob(job)) return listener.ended(job, outcome, steps);
      const { kind, packageId, importId } = job;
      if (outcome.kind === 'failed') platform.log.warn({ kind, packageId, importId }, outcome.message);
      await endHolderJob(parts, { job, outcome, steps });
      writtenAt.delete(job.importId);
      progress.clear(job.importId);
      await freeEndedSessions(parts);
    },
    async superseded(job) {
      if (!isHolderJob(job)) return listener.superseded(job);
      writtenAt.delete(job.importId);
      progress.clear(job.importId);
      await removeLeftFile(platform, parts.files, job);
    },
  };
}

function isHolderJob(job: MigrationJob): boolean {
  const path = job.kind === 'undo' ? job.undoPath : job.storagePath;
  return path?.startsWith(`${STORE_FOLDERS.holders}/`) ?? false;
}
