import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import type { HolderImportRecord, HolderRecord } from './holder-records.ts';
import { holderImportRepository } from './holder-imports.repository.ts';
import { holderRepository } from './package-holders.repository.ts';

/** Takes a package away, and its file with it. */
export async function removeHolder(
  tx: Executor<LibraryTables>,
  { guid, storagePath }: Pick<HolderRecord, 'guid' | 'storagePath'>,
): Promise<void> {
  await holderRepository(tx).removeHolder(guid);
  if (storagePath !== null) await releasedFilesRepository(tx).releaseFiles([storagePath]);
}

/** Takes an import away, and its undo package with it. */
export async function removeImport(
  tx: Executor<LibraryTables>,
  { guid, undoPath }: Pick<HolderImportRecord, 'guid' | 'undoPath'>,
): Promise<void> {
  await holderImportRepository(tx).removeImport(guid);
  if (undoPath !== null) await releasedFilesRepository(tx).releaseFiles([undoPath]);
}

/**
 * Writes how an import has ended. One that was deleted meanwhile goes instead, and so does its package when that was: both
 * only waited for the job that had them.
 */
export async function writeEndedImport(tx: Executor<LibraryTables>, ended: HolderImportRecord): Promise<void> {
  const before = await holderImportRepository(tx).findImport(ended.guid);
  if (!before) return;
  if (before.status === 'DELETING') await removeImport(tx, before);
  else await holderImportRepository(tx).saveImport(ended);
  const holder = await holderRepository(tx).findHolder(before.holderGuid);
  if (holder?.status === 'DELETING') await removeHolder(tx, holder);
}
