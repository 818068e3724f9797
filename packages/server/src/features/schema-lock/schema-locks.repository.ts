import { putRow } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, SchemaLockTable } from '../../platform/db/metadata-schema.ts';

/** The locks on the schemas of projects, at most one a project. */
export function schemaLocks(db: Executor<MetadataTables>) {
  return {
    find: (projectId: string): Promise<SchemaLockTable | undefined> =>
      db.selectFrom('schema_lock').selectAll().where('project_id', '=', projectId).executeTakeFirst(),

    async put(lock: SchemaLockTable): Promise<void> {
      await putRow(db, { table: 'schema_lock', key: ['project_id'] }, lock);
    },

    async remove(projectId: string): Promise<void> {
      await db.deleteFrom('schema_lock').where('project_id', '=', projectId).execute();
    },

    async removeOfChangeset(changesetId: string): Promise<void> {
      await db.deleteFrom('schema_lock').where('changeset_id', '=', changesetId).execute();
    },
  };
}
