import { sql } from 'kysely';
import type { JsonObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, SchemaStateTable } from '../../platform/db/metadata-schema.ts';
import { idList } from '../objects/objects.repository.ts';

const TYPE = { attribute: 12, table: 15 } as const;

export interface TableRow {
  readonly id: string;
  readonly name: string;
  readonly logical_size: number | null;
  readonly table_key: string | null;
}

/** Reads and writes what a schema update computes. */
export function schemaRepository(db: Executor<MetadataTables>) {
  return {
    async listDefinitions(projectId: string): Promise<{ id: string; definition: JsonObject }[]> {
      const rows = await db
        .selectFrom('object as o')
        .innerJoin('object_body as b', (join) => join.onRef('b.scope', '=', 'o.scope').onRef('b.id', '=', 'o.id'))
        .select(['o.id', 'b.definition'])
        .where('o.scope', '=', projectId)
        .where('o.type', '=', TYPE.attribute)
        .orderBy('o.id')
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
        .where('o.type', '=', TYPE.table)
        .orderBy('o.name')
        .orderBy('o.id');
      return (aclIds === null ? query : query.where('o.acl_id', 'in', idList(aclIds))).execute();
    },

    findState: (projectId: string): Promise<SchemaStateTable | undefined> =>
      db.selectFrom('schema_state').selectAll().where('project_id', '=', projectId).executeTakeFirst(),

    async putLogicalSize(projectId: string, tableId: string, size: number): Promise<void> {
      await sql`INSERT INTO table_state (project_id, table_id, logical_size) VALUES (${projectId}, ${tableId}, ${size})
        ON CONFLICT (project_id, table_id) DO UPDATE SET logical_size = excluded.logical_size`.execute(db);
    },

    async putKey(projectId: string, tableId: string, key: string): Promise<void> {
      await sql`INSERT INTO table_state (project_id, table_id, table_key) VALUES (${projectId}, ${tableId}, ${key})
        ON CONFLICT (project_id, table_id) DO UPDATE SET table_key = excluded.table_key`.execute(db);
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
