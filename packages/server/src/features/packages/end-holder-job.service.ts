import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { writeEnd, type EndedJob } from '../migrations/end-job.service.ts';
import type {
  CreateJob,
  ContentEntry,
  CreateResult,
  ImportJob,
  ImportResult,
  JobOutcome,
  MigrationJob,
  UndoJob,
} from '../migrations/migration-jobs.ts';
import { contentText } from '../migrations/content-pieces.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import type { HolderImportRecord, HolderRecord } from './holder-records.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';
import { removeHolder, writeEndedImport } from './remove-holder.ts';
import { settleImport } from './settle-holders.service.ts';

const INTERRUPTED = 'a failure of the thread that ran it';

/**
 * Writes the end of a job to what it worked on, in one transaction, and removes the files that nobody needs.
 * @throws LeaseLost
 */
export async function endHolderJob(
  parts: { readonly platform: Platform; readonly files: FileStore },
  { job, outcome, steps }: EndedJob,
): Promise<void> {
  const { platform, files } = parts;
  if (job.kind === 'create') await endCreation(platform, { job, outcome, steps });
  if (job.kind === 'import' || job.kind === 'undo') await endImport(platform, { job, outcome, steps });
  await removeReleasedFiles(platform, files);
}

type Ended<Job extends MigrationJob> = EndedJob & { readonly job: Job };

async function endCreation(platform: Platform, { job, outcome, steps }: Ended<CreateJob>): Promise<void> {
  await writeEnd(platform, { job, steps }, async (tx) => {
    const holder = await holderRepository(tx).findHolder(job.packageId);
    if (holder?.status === 'DELETING') return removeHolder(tx, holder);
    if (!holder || outcome.kind !== 'create') await releasedFilesRepository(tx).releaseFiles([job.storagePath]);
    if (!holder) return;
    await holderRepository(tx).saveHolder(
      outcome.kind === 'create' ? filled(holder, job, outcome.result) : failed(holder, messageOf(outcome)),
    );
  });
}

function filled(holder: HolderRecord, job: CreateJob, result: CreateResult): HolderRecord {
  return {
    ...holder,
    status: 'READY',
    kind: 'package',
    packageId: job.packageId,
    view: {
      settings: job.settings,
      content: JSON.parse(contentText(result.content)) as ContentEntry[],
      warnings: result.warnings,
    },
    storageSize: result.size,
  };
}

function failed(holder: HolderRecord, message: string): HolderRecord {
  return { ...holder, status: 'FAILED', message, storagePath: null, storageSize: null };
}

function messageOf(outcome: JobOutcome): string {
  if (outcome.kind === 'failed') return outcome.message;
  return `The creation of the package was interrupted by ${INTERRUPTED}. Delete the package and make another.`;
}

async function endImport(platform: Platform, { job, outcome, steps }: Ended<ImportJob | UndoJob>): Promise<void> {
  const found = await findImportOf(platform.library.reader, job);
  if (found && outcome.kind === 'lost') {
    return settleImport(platform, { record: found, by: INTERRUPTED, ended: { job, steps } });
  }
  await writeEnd(platform, { job, steps }, async (tx) => {
    const record = found && (await holderImportRepository(tx).findImport(found.guid));
    if (record) await writeEndedImport(tx, endedImport(record, outcome));
    const hasUndo = outcome.kind === 'import' && outcome.result.undo !== null && record !== undefined;
    if (job.kind === 'import' && !hasUndo) await releasedFilesRepository(tx).releaseFiles([job.undoPath]);
  });
}

/** The import of an undo package runs under the id of the import that it undoes; its file tells whose it is. */
async function findImportOf(
  db: Executor<LibraryTables>,
  job: ImportJob | UndoJob,
): Promise<HolderImportRecord | undefined> {
  const imports = holderImportRepository(db);
  if (job.kind === 'import') return imports.findImport(job.importId);
  const guid = /([0-9A-F]{32})\.mmp$/.exec(job.undoPath ?? '')?.[1];
  return guid === undefined ? undefined : imports.findUnderWayFrom(guid);
}

function endedImport(record: HolderImportRecord, outcome: JobOutcome): HolderImportRecord {
  if (outcome.kind === 'import') return importedWith(record, outcome.result);
  if (outcome.kind === 'undo') return importedWith(record, { undo: null, message: outcome.result.message });
  const message = outcome.kind === 'failed' ? outcome.message : `The job ended as '${outcome.kind}', which it was not.`;
  return { ...record, status: 'FAILED', message, undoPath: null, undoSize: null };
}

function importedWith(
  record: HolderImportRecord,
  { undo, message }: Pick<ImportResult, 'undo' | 'message'>,
): HolderImportRecord {
  return {
    ...record,
    status: 'IMPORTED',
    message,
    progress: 100,
    undoPath: undo?.path ?? null,
    undoSize: undo?.size ?? null,
  };
}
