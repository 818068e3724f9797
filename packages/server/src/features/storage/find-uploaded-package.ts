import { AppError } from '@longshore/contracts';
import type { FileStore } from '../../platform/files/file-store.ts';
import { parseStorePath, type StorePath } from '../../platform/files/store-path.ts';
import type { Platform } from '../../platform/platform.ts';
import { getSharedFile } from './get-shared-file.ts';
import type { SharedFileRecord } from './shared-files.repository.ts';

/** An uploaded package that can be imported; of `packageId` and `contentPackageId` the record of the migration has the first, the file the second. */
export interface UploadedPackage extends Omit<SharedFileRecord, 'path' | 'contentPackageId' | 'name'> {
  readonly name: string;
  readonly path: StorePath;
  readonly contentPackageId: string;
}

/**
 * The package that a migration from an uploaded file is made of (spec/api.md 2.7.1, mode C).
 * @throws AppError `invalid` when the file is unknown, or its bytes are not there
 */
export async function findUploadedPackage(
  deps: { readonly platform: Platform; readonly files: FileStore },
  fileId: string,
): Promise<UploadedPackage> {
  const record = await getSharedFile(deps, fileId).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'notFound') throw new AppError('invalid', error.message);
    throw error;
  });
  const path = parseStorePath(record.path);
  const { contentPackageId, name } = record;
  if (!record.existing || contentPackageId === null || (await deps.files.stat(path)) === null) {
    throw new AppError('invalid', `The file with id ${fileId} was not uploaded yet (existing is false).`);
  }
  return { ...record, name: name ?? contentPackageId, path, contentPackageId };
}
