import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import { writeEnd, type EndedJob } from '../migrations/end-job.service.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import type { JobSummary } from '../migrations/settle-migrations.service.ts';
import { targetFactsRepository, type CommittedJob } from '../migrations/target-facts.repository.ts';
import { freeEndedSessions, type FreeSessionsParts } from './free-sessions.service.ts';
import type { HolderImportRecord } from './holder-records.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { removeHolder, writeEndedImport } from './remove-holder.ts';

/**
 * Use case, at start: brings what jobs of sessions were working on to rest, and frees what sessions have left that
 * ended meanwhile. Sessions outlive a restart, and so do their packages.
 */
export async function settleHolders(parts: FreeSessionsParts): Promise<void> {
  const { platform, files } = parts;
  const { reader } = platform.library;
  const filling = await holderRepository(reader).loadUnderWay();
  await platform.library.write(async (tx) => {
    for (const holder of filling) {
      // One whose import is under way waits for that.
      if (holder.status === 'DELETING' && !(await holderImportRepository(tx).findUnderWayFrom(holder.guid))) {
        await removeHolder(tx, holder);
      }
      if (holder.status === 'DELETING') continue;
      const message =
        'The creation of the package was interrupted by a restart of the server. Delete the package and make another.';
      await holderRepository(tx).saveHolder({
        ...holder,
        status: 'FAILED',
        message,
        storagePath: null,
        storageSize: null,
      });
      if (holder.storagePath !== null) await releasedFilesRepository(tx).releaseFiles([holder.storagePath]);
    }
  });
  for (const record of await holderImportRepository(reader).loadUnderWay()) {
    await settleImport(platform, { record, by: 'a restart of the server' });
  }
  await removeReleasedFiles(platform, files);
  await freeEndedSessions(parts);
}

/** An import whose job is gone. */
export interface LeftImport {
  readonly record: HolderImportRecord;
  /** What interrupted it, for the message. */
  readonly by: string;
  /** The job, where it is known. */
  readonly ended?: Pick<EndedJob, 'job' | 'steps'>;
}

/**
 * Whether an import was committed is in the journal, which it writes in the transaction of its changes.
 * @throws LeaseLost
 */
export async function settleImport(platform: Platform, { record, by, ended }: LeftImport): Promise<void> {
  const newest = await targetFactsRepository(platform.metadata.reader).findNewestJob(record.journalImportId);
  const isCommitted = newest !== undefined && newest.number > record.journalBefore && newest.kind === record.kind;
  const settled = isCommitted ? committed(record, newest) : interrupted(record, by);
  const write = async (tx: Executor<LibraryTables>): Promise<void> => {
    await writeEndedImport(tx, settled);
    const left = record.undoPath !== null && settled.undoPath === null ? [record.undoPath] : [];
    await releasedFilesRepository(tx).releaseFiles(left);
  };
  await (ended ? writeEnd(platform, ended, write) : platform.library.write(write));
}

function committed(record: HolderImportRecord, job: CommittedJob): HolderImportRecord {
  const { undoPath, undoSize, message = '' } = summaryOf(job);
  const hasUndo = typeof undoPath === 'string' && typeof undoSize === 'number';
  return {
    ...record,
    status: 'IMPORTED',
    message,
    progress: 100,
    undoPath: hasUndo ? undoPath : null,
    undoSize: hasUndo ? undoSize : null,
  };
}

function interrupted(record: HolderImportRecord, by: string): HolderImportRecord {
  const message = `The import was interrupted by ${by}; the target is unchanged. Start it again.`;
  return { ...record, status: 'FAILED', message, undoPath: null, undoSize: null };
}

function summaryOf({ summary }: CommittedJob): JobSummary {
  try {
    const value: unknown = JSON.parse(summary);
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}
