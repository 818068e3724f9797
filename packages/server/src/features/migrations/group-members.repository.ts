import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';

/** A group's name, and its two halves. */
export interface GroupKey {
  readonly packageGroupId: string;
  readonly importGroupId: string;
}

/** To which group a migration belongs. Made from the reader, or from a unit of work. */
export function groupMemberRepository(db: Executor<LibraryTables>) {
  const members = () =>
    db.selectFrom('migration_group_member').innerJoin('migration_group', 'migration_group.id', 'group_id');
  return {
    async findGroupOf(packageId: string): Promise<GroupKey | undefined> {
      return members()
        .select(['migration_group.id as packageGroupId', 'import_group_id as importGroupId'])
        .where('package_id', '=', packageId)
        .executeTakeFirst();
    },

    /** By package id; packages that are in no group are left out. */
    async loadGroupsOf(packageIds: readonly string[]): Promise<ReadonlyMap<string, GroupKey>> {
      if (packageIds.length === 0) return new Map();
      const rows = await members()
        .select(['package_id as packageId', 'migration_group.id as packageGroupId', 'import_group_id as importGroupId'])
        .where('package_id', 'in', packageIds)
        .execute();
      return new Map(rows.map(({ packageId, ...key }) => [packageId, key]));
    },
  };
}
