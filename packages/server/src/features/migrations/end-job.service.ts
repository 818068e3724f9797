import { wireDate } from '../../platform/clock.ts';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';
import { settingsView } from './merge-settings.ts';
import {
  jobKeyOf,
  type CreateJob,
  type CreateResult,
  type EndSteps,
  type JobOutcome,
  type MigrationJob,
  type ValidateJob,
} from './migration-jobs.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import { packageViewsRepository, type ContentList } from './package-views.repository.ts';
import { releasedFilesRepository } from './released-files.repository.ts';
import { removeReleasedFiles } from './released-files.ts';
import { endValidation } from './validation/end-validation.service.ts';

/** A job and how it ended. */
export interface EndedJob {
  readonly job: MigrationJob;
  readonly outcome: JobOutcome;
  readonly steps?: EndSteps | undefined;
}

/** What the end of a job changes; parts that are left out stay as they are. */
export interface Settlement {
  readonly package?: Partial<PackageRecord>;
  readonly import?: Partial<ImportRecord>;
  /** The view with what the server computed; its content is in the list, if there is any. */
  readonly tocView?: { readonly text: string; readonly list: ContentList };
  /** Files that nobody names any more. */
  readonly release?: readonly string[];
  /** A file that the record names from now on. */
  readonly keep?: string;
}

/**
 * Writes the end of a job to its record, in one transaction, and removes the files that it no longer needs.
 * @throws LeaseLost
 */
export async function endJob(platform: Platform, files: FileStore, ended: EndedJob): Promise<void> {
  const { job, outcome, steps } = ended;
  if (job.kind === 'validate') return endValidation(platform, files, { job, outcome, confirm: steps?.confirm });
  await writeEnd(platform, { job, steps }, async (tx) => {
    const record = await migrationRepository(tx).findMigration(job);
    if (record) await writeSettlement(tx, record, settlementOf({ job, outcome }, wireDate(platform.clock.now())));
  });
  await removeReleasedFiles(platform, files);
}

type LibraryTransaction = Parameters<Parameters<Platform['library']['write']>[0]>[0];

/**
 * Writes the end of a job, once: an earlier try may have done so and have heard nothing of its commit.
 * @throws LeaseLost
 */
export async function writeEnd(
  platform: Platform,
  { job, steps }: Pick<EndedJob, 'job' | 'steps'>,
  write: (tx: LibraryTransaction) => Promise<void>,
): Promise<void> {
  await platform.library.write(async (tx) => {
    await steps?.confirm?.(tx);
    if (!(await jobRepository(tx).removeJob(jobKeyOf(job)))) return;
    await write(tx);
    await steps?.follow?.(tx);
  });
}

export async function writeSettlement(
  tx: LibraryTransaction,
  record: MigrationRecord,
  settlement: Settlement,
): Promise<void> {
  const records = migrationRepository(tx);
  const released = releasedFilesRepository(tx);
  if (settlement.package) await records.savePackage({ ...record.package, ...settlement.package });
  if (settlement.import) await records.saveImport({ ...record.import, ...settlement.import });
  if (settlement.tocView) {
    const { text, list } = settlement.tocView;
    await packageViewsRepository(tx).saveTocView(record.package.id, text, list);
  }
  if (settlement.release) await released.releaseFiles(settlement.release);
  if (settlement.keep !== undefined) await released.keepFile(settlement.keep);
}

/** A job that works on a record of this environment. */
interface EndedRecordJob {
  readonly job: Exclude<MigrationJob, ValidateJob>;
  readonly outcome: JobOutcome;
}

function settlementOf({ job, outcome }: EndedRecordJob, now: string): Settlement {
  if (job.kind === 'create') {
    if (outcome.kind === 'create') return builtPackage(job, outcome.result, now);
    return failedCreation([job.storagePath, job.replacedPath], messageOf(outcome), now);
  }
  if (job.kind === 'import') {
    if (outcome.kind === 'import') return committedImport(job.undoPath, outcome.result, now);
    return failedImport(job.undoPath, messageOf(outcome), now);
  }
  if (outcome.kind === 'undo') return endedUndo('undo_success', outcome.result.message, now);
  return endedUndo('undo_failed', messageOf(outcome), now);
}

function builtPackage(job: CreateJob, result: CreateResult, now: string): Settlement {
  return {
    package: {
      status: 'created',
      progress: 100,
      message: '',
      storageSize: result.size,
      existing: true,
      warnings: result.warnings,
      lastUpdatedDate: now,
    },
    tocView: tocViewOf(job, result),
    ...(job.replacedPath === undefined ? {} : { release: [job.replacedPath] }),
  };
}

/** The content stays in the pieces that it is; of a large package, reading it would keep every caller waiting. */
function tocViewOf(job: CreateJob, { content }: CreateResult): Settlement['tocView'] {
  const view = { settings: settingsView(job.settings) };
  // Every build of a package has a file of its own.
  const id = job.storagePath;
  if (job.settings.merge) return { text: JSON.stringify(view), list: { id, pieces: [] } };
  return {
    text: JSON.stringify(content.length === 0 ? { ...view, content: [] } : view),
    list: { id, pieces: content },
  };
}

function messageOf(outcome: JobOutcome): string {
  return outcome.kind === 'failed' ? outcome.message : `The job ended as '${outcome.kind}', which it was not.`;
}

/** A package that could not be built has no file: neither the new one nor, after an edit, the one before it. */
export function failedCreation(
  paths: readonly (string | null | undefined)[],
  message: string,
  now: string,
): Settlement {
  return {
    package: { status: 'create_failed', message, storagePath: null, storageSize: null, lastUpdatedDate: now },
    release: paths.filter((path) => path !== null && path !== undefined),
  };
}

/** `path` is where the undo package was to go; undefined when nobody knows any more. */
export function failedImport(path: string | undefined, message: string, now: string): Settlement {
  return {
    import: { status: 'import_failed', message, undoPath: null, undoSize: null, lastUpdatedDate: now },
    release: path === undefined ? [] : [path],
  };
}

export function committedImport(
  path: string | undefined,
  result: { readonly undo: { readonly path: string; readonly size: number } | null; readonly message: string },
  now: string,
): Settlement {
  return {
    import: {
      status: 'imported',
      progress: 100,
      message: result.message,
      undoPath: result.undo?.path ?? null,
      undoSize: result.undo?.size ?? null,
      lastUpdatedDate: now,
    },
    ...(result.undo ? { keep: result.undo.path } : { release: path === undefined ? [] : [path] }),
  };
}

/** The progress stays that of the import, as clients expect it (spec/api.md 3.2). */
export function endedUndo(status: 'undo_success' | 'undo_failed', message: string, now: string): Settlement {
  return { import: { status, message, lastUpdatedDate: now } };
}
