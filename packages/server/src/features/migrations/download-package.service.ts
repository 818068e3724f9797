import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import type { Caller } from '../../platform/http/access.ts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import { downloadName, type FileDownload } from '../../platform/http/send-file.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { PackageRecord } from './migration-records.ts';
import { migrationRepository } from './migrations.repository.ts';
import { requireFileAccess } from './record-access.ts';
import { requireOperation } from './record-state.ts';

export type DownloadDeps = Pick<MigrationDeps, 'platform' | 'files'>;

export interface DownloadRequest {
  /** Id of the package or import, as it was sent. */
  readonly id: string;
  readonly caller: Caller;
}

/**
 * Use case: the file of a package (spec/api.md 2.7.9).
 * @throws AppError `notFound` for an unknown or deleted package or one whose file is gone, `invalid` while it has no
 * file yet, `missingPrivilege`, `storageMisconfigured`
 */
export async function downloadPackage(deps: DownloadDeps, { id, caller }: DownloadRequest): Promise<FileDownload> {
  const found = await getPackage(deps, { id, caller });
  const imports = await migrationRepository(deps.platform.library.reader).loadImportsOf(found.id);
  requireFileAccess(caller, found, imports);
  requireOperation('download', {
    packageStatus: found.status,
    importRequestStatus: 'pending',
    importStatus: null,
    undoRequestStatus: 'pending',
    replicated: found.replicated,
    purpose: found.purpose,
    hasUndo: false,
  });
  const gone = `The file of package ${found.name} (${found.id}) is not in the shared file store.`;
  const file = await openStoredFile(deps, found.storagePath, gone);
  return { ...file, fileName: downloadName(found.name, found.id) };
}

async function getPackage({ platform }: DownloadDeps, request: DownloadRequest): Promise<PackageRecord> {
  const id = parseObjectId(request.id);
  const found = id === undefined ? undefined : await migrationRepository(platform.library.reader).findPackage(id);
  if (!found || found.deleted) {
    requireFileAccess(request.caller, null, []);
    throw new AppError('notFound', `The package with id ${request.id.slice(0, 100)} is not found.`);
  }
  return found;
}

/** @throws AppError `notFound` with the message when there is no such file */
export async function openStoredFile(
  { files }: DownloadDeps,
  storedPath: string | null,
  message: string,
): Promise<Omit<FileDownload, 'fileName'>> {
  const path = storedPath === null ? null : parseStorePath(storedPath);
  if (path === null || (await files.stat(path)) === null) throw new AppError('notFound', message);
  return files.openRead(path);
}
