import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { loadRecords } from '../migrations/migration-lists.repository.ts';
import type { MigrationKey } from '../migrations/migration-records.ts';
import { toGroupRecord, toGroupRow, type Group, type GroupRecord } from './group-records.ts';

export interface GroupPage {
  /** Only groups all of whose members belong to these projects; null for no such limit. */
  readonly projectIds: readonly string[] | null;
  readonly offset: number;
  readonly limit: number;
}

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
    async listGroups(page: GroupPage): Promise<GroupRecord[]> {
      const rows = await db
        .selectFrom('migration_group')
        .selectAll()
        .where('deleted', '=', 0)
        .$if(page.projectIds !== null, (query) => query.where(liesWithin(page.projectIds ?? [])))
        .orderBy('creation_date', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return rows.map(toGroupRecord);
    },

    loadGroup,

    async countGroups(projectIds: GroupPage['projectIds']): Promise<number> {
      const row = await db
        .selectFrom('migration_group')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('deleted', '=', 0)
        .$if(projectIds !== null, (query) => query.where(liesWithin(projectIds ?? [])))
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

/** Whether no member of a group belongs elsewhere; a configuration package belongs to no project. */
function liesWithin(projectIds: readonly string[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`not exists (
    select 1 from migration_group_member as member
      join package on package.id = member.package_id
      join migration_import on migration_import.id = member.import_id
    where member.group_id = migration_group.id
      and (package.type = 'configuration'
        or coalesce(json_extract(
          case when package.replicated = 1 then migration_import.project else package.project end, '$.id'), '')
          not in (select value from json_each(${JSON.stringify(projectIds)}))))`;
}

async function loadKeys(db: Executor<LibraryTables>, packageGroupId: string): Promise<MigrationKey[]> {
  return db
    .selectFrom('migration_group_member')
    .select(['package_id as packageId', 'import_id as importId'])
    .where('group_id', '=', packageGroupId)
    .orderBy('position')
    .execute();
}
