import {
  PRIVILEGE,
  requireAnyPrivilege,
  requirePrivileges,
  type Caller,
  type Privilege,
} from '../../platform/http/access.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';

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
 * The caller holds Apply package where a package belongs: on the project that it was built from, or on that of one of
 * its imports. Files are the whole content of a package, so it is asked for more than reading the record.
 * Where there is no such package (null), only who may apply packages anywhere is told so.
 * @throws AppError `missingPrivilege`
 */
export function requireFileAccess(caller: Caller, pkg: PackageRecord | null, imports: readonly ImportRecord[]): void {
  const homes = pkg === null ? [] : imports.map((imp) => homeProjectOf({ package: pkg, import: imp }));
  if (homes.some((projectId) => caller.hasPrivilege(PRIVILEGE.applyPackage, projectId))) return;
  requirePrivileges(caller, [PRIVILEGE.applyPackage], homes[0] ?? null);
}

/**
 * The caller holds Create package or Apply package where the record belongs. The project header says nothing here:
 * it is the caller's word, and clients leave it out on most calls about records.
 * @throws AppError `missingPrivilege`
 */
export function requireRecordAccess(caller: Caller, record: MigrationRecord): void {
  requireAnyPrivilege(caller, EITHER_PACKAGE_PRIVILEGE, homeProjectOf(record));
}
