import { PRIVILEGE, requireAnyPrivilege, type Caller, type Privilege } from '../../platform/http/access.ts';
import type { MigrationRecord } from './migration-records.ts';

/** Who may work with migration records at all (spec/api.md 2.0). */
export const EITHER_PACKAGE_PRIVILEGE: readonly Privilege[] = [PRIVILEGE.createPackage, PRIVILEGE.applyPackage];

/**
 * The project of this environment that a record belongs to: that of the package where it was built, the target project
 * on a copy. Null for a configuration package, for which only privileges that hold everywhere count.
 */
export function homeProjectOf({ package: pkg, import: imp }: MigrationRecord): string | null {
  if (pkg.type === 'configuration') return null;
  return (pkg.replicated ? imp.project?.id : pkg.project?.id) ?? null;
}

/**
 * The caller holds Create package or Apply package where the record belongs. The project header says nothing here:
 * it is the caller's word, and clients leave it out on most calls about records.
 * @throws AppError `missingPrivilege`
 */
export function requireRecordAccess(caller: Caller, record: MigrationRecord): void {
  requireAnyPrivilege(caller, EITHER_PACKAGE_PRIVILEGE, homeProjectOf(record));
}
