import { AppError, type CreateMigrationBody, type ShortMigration } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import { PRIVILEGE, requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { pendingImport } from './create-migration.service.ts';
import { refuseMember } from './group-member.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { toShortMigration } from './migration-mapper.ts';
import type { ImportRecord } from './migration-records.ts';
import { migrationRepository } from './migrations.repository.ts';
import { stateRefusal } from './record-state.ts';

export interface ReusePackage {
  readonly packageId: string;
  readonly body: CreateMigrationBody;
  readonly caller: Caller;
}

/**
 * Use case: a further import of a package that is already there (spec/api.md 2.7.1, mode B). The package is not built
 * again. An import of a locked package needs no approval of its own: what it would approve has been approved.
 * @throws AppError `notFound`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function reusePackage(deps: MigrationDeps, request: ReusePackage): Promise<ShortMigration> {
  const packageId = parseObjectId(request.packageId);
  const importId = deps.platform.ids.objectId();
  const now = wireDate(deps.platform.clock.now());
  await deps.files.check();
  return deps.platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const found = packageId === undefined ? undefined : await records.findPackage(packageId);
    if (!found || found.deleted) {
      throw new AppError('notFound', `The package with id ${request.packageId} is not found.`);
    }
    await refuseMember(tx, found);
    requirePrivileges(request.caller, [PRIVILEGE.createPackage], found.project?.id ?? null);
    if (found.replicated) {
      throw stateRefusal({
        field: 'packageInfo.replicated',
        value: 'true',
        why: 'This is the copy on a target; make a further import where the package was made.',
      });
    }
    if (found.status !== 'created' && found.status !== 'locked') {
      throw stateRefusal({ field: 'packageInfo.status', value: found.status });
    }
    const added: ImportRecord = {
      ...pendingImport({ packageId: found.id, importId }, request.body, now),
      importRequestStatus: found.status === 'locked' ? 'approved' : 'pending',
    };
    await records.saveImport(added);
    return toShortMigration({ package: found, import: added });
  });
}
