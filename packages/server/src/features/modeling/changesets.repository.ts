import type { MetadataObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { ChangesetTable, MetadataTables } from '../../platform/db/metadata-schema.ts';

/** Changesets that are open. */
export function changesets(db: Executor<MetadataTables>) {
  return {
    find: (id: string): Promise<ChangesetTable | undefined> =>
      db.selectFrom('changeset').selectAll().where('id', '=', id).executeTakeFirst(),

    async countOfSession(sessionId: string): Promise<number> {
      const row = await db
        .selectFrom('changeset')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('session_id', '=', sessionId)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    async insert(changeset: ChangesetTable): Promise<void> {
      await db.insertInto('changeset').values(changeset).execute();
    },

    async setModified(id: string, date: string): Promise<void> {
      await db.updateTable('changeset').set({ date_modified: date }).where('id', '=', id).execute();
    },

    async remove(id: string): Promise<void> {
      await db.deleteFrom('changeset').where('id', '=', id).execute();
    },
  };
}

/** An object of a changeset with the version that it replaces. */
export interface StagedObject {
  readonly id: string;
  readonly name: string;
  /** Null where the object is to be deleted. */
  readonly object: MetadataObject | null;
  /** Null where the object is new. */
  readonly baseVersion: string | null;
}

/** What stands for an object that is to be deleted. */
export const REMOVED = 'null';

/** The objects that a changeset will write. */
export function changesetObjects(db: Executor<MetadataTables>, changesetId: string) {
  const staged = () => db.selectFrom('changeset_object').where('changeset_id', '=', changesetId);
  return {
    async count(): Promise<number> {
      const row = await staged()
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** In the order in which they were first changed. */
    async list(): Promise<StagedObject[]> {
      const rows = await staged().selectAll().orderBy('position').execute();
      return rows.map((row) => ({
        id: row.object_id,
        name: row.name,
        object: JSON.parse(row.object) as MetadataObject | null,
        baseVersion: row.base_version,
      }));
    },

    async clear(): Promise<void> {
      await db.deleteFrom('changeset_object').where('changeset_id', '=', changesetId).execute();
    },
  };
}
