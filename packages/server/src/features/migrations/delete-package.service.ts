import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import { packageCertificationPath, validationPath } from '../../platform/files/store-path.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { refuseMember } from './group-member.ts';
import { uploadedPlaces } from '../storage/uploaded-places.repository.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { ImportRecord, PackageRecord } from './migration-records.ts';
import { releasedFilesRepository } from './released-files.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import { requireOperation, stateOf } from './record-state.ts';
import { requireRecordAccess } from './record-access.ts';
import { removeReleasedFiles } from './released-files.ts';
import { refreshValidation } from './validation/refresh-validation.service.ts';

/** Scripts delete a package that they have just ordered; most are built in less than this. */
const PATIENCE_MS = 5_000;

export interface DeletePackage {
  readonly packageId: string | undefined;
  readonly userComments: string | undefined;
  readonly caller: Caller;
}

/**
 * Use case: take a package, all its imports and their undo packages out of this environment (spec/api.md 2.7.11). The
 * package file goes only where it was built or uploaded: other environments may still want to read it.
 * @throws AppError `missing`, `unknownPackage`, `missingPrivilege`, `invalid` while a job works on it.
 */
export async function deletePackage(
  deps: Pick<MigrationDeps, 'platform' | 'files' | 'runner'>,
  request: DeletePackage,
): Promise<void> {
  if (!request.packageId) throw new AppError('missing', 'The query parameter packageId is required.');
  const packageId = parseObjectId(request.packageId);
  const { platform } = deps;
  if (packageId !== undefined) {
    await deps.runner.built(packageId, PATIENCE_MS);
    await refreshValidations(deps, packageId);
  }
  await platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const found = packageId === undefined ? undefined : await records.findPackage(packageId);
    if (!found || found.deleted) {
      throw new AppError('unknownPackage', `The package with id ${request.packageId} is not found.`);
    }
    const imports = await records.loadImportsOf(found.id);
    const migrations = imports.map((imported) => ({ package: found, import: imported }));
    for (const record of migrations) requireRecordAccess(request.caller, record);
    await refuseMember(tx, found);
    for (const record of migrations) requireOperation('delete', stateOf(record));
    await markDeleted(tx, { package: found, imports }, wireDate(platform.clock.now()));
  });
  const { user } = request.caller;
  platform.log.info({ packageId, userId: user.id, comments: request.userComments }, `Package deleted by ${user.name}`);
  await removeReleasedFiles(platform, deps.files);
}

/** A validation that has ended meanwhile is not in the way. */
async function refreshValidations(deps: Pick<MigrationDeps, 'platform' | 'files'>, packageId: string): Promise<void> {
  const records = migrationRepository(deps.platform.library.reader);
  const found = await records.findPackage(packageId);
  if (!found) return;
  for (const imported of await records.loadImportsOf(packageId)) {
    await refreshValidation(deps, { package: found, import: imported });
  }
}

/** Marks a package as deleted and lets go of its files; whether that is allowed was checked before. */
export async function markDeleted(
  tx: Executor<LibraryTables>,
  found: { readonly package: PackageRecord; readonly imports: readonly ImportRecord[] },
  now: string,
): Promise<void> {
  const records = migrationRepository(tx);
  await records.savePackage({ ...found.package, deleted: true, lastUpdatedDate: now });
  for (const imported of found.imports) {
    if (imported.undoPath !== null) await records.saveImport({ ...imported, undoPath: null, undoSize: null });
  }
  if (isUploaded(found.package)) await uploadedPlaces(tx).remove(found.package.storagePath);
  await releasedFilesRepository(tx).releaseFiles(filesOf(found.package, found.imports));
}

/** The file came to this environment alone, and nobody else knows of it. */
function isUploaded(found: PackageRecord): found is PackageRecord & { readonly storagePath: string } {
  return found.purpose === 'migration_from_shared_file_store' && found.storagePath !== null;
}

/** The files that are removed with a package: where it was built also those by which environments agree about it. */
function filesOf(found: PackageRecord, imports: readonly ImportRecord[]): string[] {
  const undoFiles = imports.flatMap((imported) => (imported.undoPath === null ? [] : [imported.undoPath]));
  if (isUploaded(found)) return [found.storagePath, ...undoFiles];
  if (found.replicated) return undoFiles;
  const statusFiles = imports.map((imported) => validationPath(found.id, imported.id));
  const ownFiles = found.storagePath === null ? [] : [found.storagePath];
  return [...ownFiles, ...undoFiles, ...statusFiles, packageCertificationPath(found.id)];
}
