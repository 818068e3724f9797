import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { loadRecords } from '../migrations/migration-lists.repository.ts';
import type { MigrationKey } from '../migrations/migration-records.ts';
import { toGroupRecord, toGroupRow, type Group, type GroupRecord } from './group-records.ts';

/** Groups and which migrations they have. Made from the reader, or from the executor of a unit of work. */
export function groupRepository(db: Executor<LibraryTables>) {
  const loadGroup = async (record: GroupRecord): Promise<Group> => ({
    record,
    members: await loadRecords(db, await loadKeys(db, record.packageGroupId)),
  });
  return {
    /** Deleted or not. */
    async findGroup(packageGroupId: string): Promise<Group | undefined> {
      const row = await db
        .selectFrom('migration_group')
        .selectAll()
        .where('id', '=', packageGroupId)
        .executeTakeFirst();
      return row && loadGroup(toGroupRecord(row));
    },

    /** One page, newest first; deleted groups are left out. */
    async listGroups(page: { readonly offset: number; readonly limit: number }): Promise<GroupRecord[]> {
      const rows = await db
        .selectFrom('migration_group')
        .selectAll()
        .where('deleted', '=', 0)
        .orderBy('creation_date', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return rows.map(toGroupRecord);
    },

    loadGroup,

    async countGroups(): Promise<number> {
      const row = await db
        .selectFrom('migration_group')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('deleted', '=', 0)
        .executeTakeFirstOrThrow();
      return row.total;
    },

    /** Every group that jobs are, or were, working on. */
    async loadWorking(): Promise<Group[]> {
      const rows = await db.selectFrom('migration_group').selectAll().where('work', 'is not', null).execute();
      return Promise.all(rows.map((row) => loadGroup(toGroupRecord(row))));
    },

    async saveGroup(record: GroupRecord): Promise<void> {
      const { id, ...columns } = toGroupRow(record);
      await db
        .insertInto('migration_group')
        .values({ id, ...columns })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
        .execute();
    },

    /** The members of a group from now on, in this order. */
    async saveMembers(packageGroupId: string, keys: readonly MigrationKey[]): Promise<void> {
      await db.deleteFrom('migration_group_member').where('group_id', '=', packageGroupId).execute();
      for (const [position, { packageId, importId }] of keys.entries()) {
        const row = { group_id: packageGroupId, position, package_id: packageId, import_id: importId };
        await db.insertInto('migration_group_member').values(row).execute();
      }
    },
  };
}

async function loadKeys(db: Executor<LibraryTables>, packageGroupId: string): Promise<MigrationKey[]> {
  return db
    .selectFrom('migration_group_member')
    .select(['package_id as packageId', 'import_id as importId'])
    .where('group_id', '=', packageGroupId)
    .orderBy('position')
    .execute();
}
