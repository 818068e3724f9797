import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { undoPath, type StorePath } from '../../platform/files/store-path.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { ImportJob } from './migration-jobs.ts';
import type { ImportRecord, MigrationKey } from './migration-records.ts';
import { migrationRepository } from './migrations.repository.ts';
import { releasedFilesRepository } from './released-files.repository.ts';

/**
 * Where an import puts its undo package: under its id (spec/api.md 2.7), or, where an import of that id has run here before,
 * under a name of its own. The worker of the one before may be cut off from the database and come back: it has to find
 * nothing of the newer one that it could take away, or put an undo package of another day in the place of.
 */
export async function chooseUndoPath(
  { platform }: Pick<MigrationDeps, 'platform'>,
  { packageId, importId }: MigrationKey,
): Promise<StorePath> {
  const before = await migrationRepository(platform.library.reader).findImport(importId);
  const isFirst = before === undefined || before.status === 'pending';
  return undoPath(packageId, isFirst ? importId : platform.ids.objectId());
}

/** The file of the job is in use from now on, and that of an import before it is not. */
export async function replaceUndoFile(
  tx: Executor<LibraryTables>,
  before: Pick<ImportRecord, 'undoPath'> | undefined,
  { undoPath: path }: Pick<ImportJob, 'undoPath'>,
): Promise<void> {
  const released = releasedFilesRepository(tx);
  if (before && before.undoPath !== null) await released.releaseFiles([before.undoPath]);
  await released.keepFile(path);
}
