import type { TableStateLine } from '@longshore/contracts';
import { insertRows, queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

const TABLES = `
  SELECT table_id AS "tableId", logical_size AS "logicalSize", table_key AS "tableKey"
  FROM table_state WHERE project_id = ? AND table_id > ? ORDER BY table_id LIMIT ?`;

/** The computed part of a project's schema, for undo packages. */
export function schemaBefore(db: Executor<MetadataTables>, projectId: string) {
  return {
    loadTables: (after: string, limit: number): Promise<TableStateLine[]> =>
      queryText<TableStateLine, MetadataTables>(db, TABLES, [projectId, after, limit]),

    async clear(): Promise<void> {
      await runText(db, `DELETE FROM table_state WHERE project_id = ?`, [projectId]);
    },

    async restore(tables: readonly TableStateLine[]): Promise<void> {
      await insertRows(
        db,
        { table: 'table_state', columns: ['project_id', 'table_id', 'logical_size', 'table_key'] },
        tables.map((table) => [projectId, table.tableId, table.logicalSize, table.tableKey]),
      );
    },

    /** Readers of the schema compare the version, so it moves on whenever the computed part changes. */
    async moveVersion(now: string): Promise<void> {
      await runText(
        db,
        `UPDATE schema_state SET schema_version = schema_version + 1, reloaded_at = ? WHERE project_id = ?`,
        [now, projectId],
      );
    },
  };
}
