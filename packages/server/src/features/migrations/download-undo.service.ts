import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { downloadName, type FileDownload } from '../../platform/http/send-file.ts';
import { openStoredFile, type DownloadDeps, type DownloadRequest } from './download-package.service.ts';
import type { MigrationRecord } from './migration-records.ts';
import { requireFileAccess } from './record-access.ts';
import { migrationRepository } from './migrations.repository.ts';

/**
 * Use case: the undo package of an import, on its target (spec/api.md 2.7.10).
 * @throws AppError `notFound` for an unknown or deleted import or one without an undo package, `missingPrivilege`,
 * `storageMisconfigured`
 */
export async function downloadUndo(deps: DownloadDeps, request: DownloadRequest): Promise<FileDownload> {
  const found = await getImport(deps, request);
  requireFileAccess(request.caller, found.package, [found.import]);
  const { id, undoPath, undoSize } = found.import;
  // A path without a size belongs to an import that has not ended.
  const path = undoSize === null ? null : undoPath;
  const file = await openStoredFile(deps, path, `The import ${id} of ${found.package.name} has no undo package.`);
  return { ...file, fileName: downloadName(`${found.package.name} undo`, id) };
}

async function getImport({ platform }: DownloadDeps, request: DownloadRequest): Promise<MigrationRecord> {
  const id = parseObjectId(request.id);
  const records = migrationRepository(platform.library.reader);
  const imported = id === undefined ? undefined : await records.findImport(id);
  const found = imported && (await records.findPackage(imported.packageId));
  if (!imported || !found || found.deleted) {
    requireFileAccess(request.caller, null, []);
    throw new AppError('notFound', `The import with id ${request.id.slice(0, 100)} is not found.`);
  }
  return { package: found, import: imported };
}
