import { STORE_FOLDERS } from '../../platform/files/store-path.ts';
import type { JobListener, MigrationJob } from '../migrations/migration-jobs.ts';
import { endHolderJob } from './end-holder-job.service.ts';
import { freeEndedSessions, type FreeSessionsParts } from './free-sessions.service.ts';
import type { HolderProgress } from './holder-progress.ts';

export interface HolderListenerParts extends FreeSessionsParts {
  readonly progress: HolderProgress;
  /** Hears of all jobs that are not those of sessions. */
  readonly listener: JobListener;
}

/** Keeps the packages and imports of sessions; their jobs are told from others by where their files are. */
export function createHolderListener(parts: HolderListenerParts): JobListener {
  const { platform, progress, listener } = parts;
  return {
    progressed(job, value) {
      if (!isHolderJob(job)) listener.progressed(job, value);
      else if (job.kind === 'import') progress.set(job.importId, value);
    },
    async ended(job, outcome) {
      if (!isHolderJob(job)) return listener.ended(job, outcome);
      const { kind, packageId, importId } = job;
      if (outcome.kind === 'failed') platform.log.warn({ kind, packageId, importId }, outcome.message);
      await endHolderJob(parts, { job, outcome });
      progress.clear(job.importId);
      await freeEndedSessions(parts);
    },
  };
}

function isHolderJob(job: MigrationJob): boolean {
  const path = job.kind === 'undo' ? job.undoPath : job.storagePath;
  return path?.startsWith(`${STORE_FOLDERS.holders}/`) ?? false;
}
