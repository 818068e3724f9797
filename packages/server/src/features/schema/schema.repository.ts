import { sql } from 'kysely';
import type { JsonObject } from '@longshore/domain';
import { insertRows, type Cell } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, SchemaStateTable } from '../../platform/db/metadata-schema.ts';
import { idList } from '../objects/objects.repository.ts';

export const SCHEMA_TYPE = { attribute: 12, table: 15 } as const;

export interface TableRow {
  readonly id: string;
  readonly name: string;
  readonly logical_size: number | null;
  readonly table_key: string | null;
}

/** Reads and writes what a schema update computes. */
export function schemaRepository(db: Executor<MetadataTables>) {
  return {
    /** Ids of all objects of a type, in their order; put in order here, so that the index of types can be used. */
    async listIds(projectId: string, type: number): Promise<string[]> {
      const query = db.selectFrom('object').select('id').where('scope', '=', projectId).where('type', '=', type);
      return (await query.execute()).map(({ id }) => id).toSorted();
    },

    /** Definitions of some objects, in the order of their ids. */
    async listDefinitions(
      projectId: string,
      ids: readonly string[],
    ): Promise<{ id: string; definition: JsonObject }[]> {
      const rows = await db
        .selectFrom('object_body')
        .select(['id', 'definition'])
        .where('scope', '=', projectId)
        .where('id', 'in', idList(ids))
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ id: row.id, definition: JSON.parse(row.definition) as JsonObject }));
    },

    /** Tables that the lists allow, null for all, with what the last schema update found. */
    listTables(projectId: string, aclIds: readonly string[] | null): Promise<TableRow[]> {
      const query = db
        .selectFrom('object as o')
        .leftJoin('table_state as s', (join) =>
          join.onRef('s.project_id', '=', 'o.scope').onRef('s.table_id', '=', 'o.id'),
        )
        .select(['o.id', 'o.name', 's.logical_size', 's.table_key'])
        .where('o.scope', '=', projectId)
        .where('o.type', '=', SCHEMA_TYPE.table)
        .orderBy('o.name')
        .orderBy('o.id');
      return (aclIds === null ? query : query.where('o.acl_id', 'in', idList(aclIds))).execute();
    },

    findState: (projectId: string): Promise<SchemaStateTable | undefined> =>
      db.selectFrom('schema_state').selectAll().where('project_id', '=', projectId).executeTakeFirst(),

    /** Puts a column of many tables at once. */
    async put(
      projectId: string,
      column: 'logical_size' | 'table_key',
      values: ReadonlyMap<string, Cell>,
    ): Promise<void> {
      const onConflict = `(project_id, table_id) DO UPDATE SET ${column} = excluded.${column}`;
      const rows = [...values].map(([tableId, value]): Cell[] => [projectId, tableId, value]);
      await insertRows(db, { table: 'table_state', columns: ['project_id', 'table_id', column], onConflict }, rows);
    },

    /** Forgets tables that are no more. */
    async removeVanished(projectId: string): Promise<void> {
      await sql`DELETE FROM table_state WHERE project_id = ${projectId} AND NOT EXISTS (
        SELECT 1 FROM object o WHERE o.scope = ${projectId} AND o.id = table_state.table_id)`.execute(db);
    },

    async bumpVersion(projectId: string, date: string): Promise<void> {
      await sql`INSERT INTO schema_state (project_id, schema_version, reloaded_at) VALUES (${projectId}, 2, ${date})
        ON CONFLICT (project_id) DO UPDATE SET schema_version = schema_state.schema_version + 1, reloaded_at = excluded.reloaded_at`.execute(
        db,
      );
    },
  };
}
