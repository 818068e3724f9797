import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { ImportRecord, PackageRecord } from './migration-records.ts';
import { releasedFilesRepository } from './released-files.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import { requireOperation, stateOf } from './record-state.ts';
import { requireRecordAccess } from './record-access.ts';
import { removeReleasedFiles } from './released-files.ts';

export interface DeletePackage {
  readonly packageId: string | undefined;
  readonly userComments: string | undefined;
  readonly caller: Caller;
}

/**
 * Use case: take a package, all its imports and their undo packages out of this environment (spec/api.md 2.7.11). The
 * package file goes only where it was built: other environments may still want to read it.
 * @throws AppError `missing`, `unknownPackage`, `missingPrivilege`, `invalid` while a job works on it.
 */
export async function deletePackage(
  deps: Pick<MigrationDeps, 'platform' | 'files'>,
  request: DeletePackage,
): Promise<void> {
  if (!request.packageId) throw new AppError('missing', 'The query parameter packageId is required.');
  const packageId = parseObjectId(request.packageId);
  const { platform } = deps;
  await platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const found = packageId === undefined ? undefined : await records.findPackage(packageId);
    if (!found || found.deleted) {
      throw new AppError('unknownPackage', `The package with id ${request.packageId} is not found.`);
    }
    const imports = await records.loadImportsOf(found.id);
    for (const imported of imports) {
      const record = { package: found, import: imported };
      requireRecordAccess(request.caller, record);
      requireOperation('delete', stateOf(record));
    }
    const now = wireDate(platform.clock.now());
    await records.savePackage({ ...found, deleted: true, lastUpdatedDate: now });
    for (const imported of imports) {
      if (imported.undoPath !== null) await records.saveImport({ ...imported, undoPath: null, undoSize: null });
    }
    await releasedFilesRepository(tx).releaseFiles(filesOf(found, imports));
  });
  const { user } = request.caller;
  platform.log.info({ packageId, userId: user.id, comments: request.userComments }, `Package deleted by ${user.name}`);
  await removeReleasedFiles(platform, deps.files);
}

function filesOf(found: PackageRecord, imports: readonly ImportRecord[]): string[] {
  const undoFiles = imports.flatMap((imported) => (imported.undoPath === null ? [] : [imported.undoPath]));
  return found.replicated || found.storagePath === null ? undoFiles : [found.storagePath, ...undoFiles];
}
