import type { PackagePurpose } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { groupMemberRepository, type GroupKey } from './group-members.repository.ts';
import type { PackageRecord } from './migration-records.ts';
import { stateRefusal } from './record-state.ts';

/** True for what belongs to a group and is only handled with it. */
export function isGroupPurpose(purpose: PackagePurpose): boolean {
  return purpose === 'migration_group' || purpose === 'migration_group_child';
}

export function groupName(key: GroupKey): string {
  return `${key.packageGroupId}:${key.importGroupId}`;
}

/**
 * Members of a group are read like other migrations, and changed with their group only (spec/api.md 2.7.11, 2.8).
 * @throws AppError `invalid` naming the group
 */
export async function refuseMember(
  db: Executor<LibraryTables>,
  pkg: Pick<PackageRecord, 'id' | 'purpose'> | undefined,
): Promise<void> {
  if (!pkg || !isGroupPurpose(pkg.purpose)) return;
  const group = await groupMemberRepository(db).findGroupOf(pkg.id);
  const path = group ? `/api/migrationGroups/${groupName(group)}` : '/api/migrationGroups';
  throw stateRefusal({
    field: 'packageInfo.purpose',
    value: pkg.purpose,
    why: `The package ${pkg.id} is a member of a migration group; use ${path}.`,
  });
}
