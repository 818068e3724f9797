import { analyzeTables, runText } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

/** A table and not part of a query: PostgreSQL joins what it knows nothing of row by row. */
const TABLES = [
  `DROP TABLE IF EXISTS temp.unreachable_folder`,
  `CREATE TABLE temp.unreachable_folder (id TEXT NOT NULL PRIMARY KEY, parent_id TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE INDEX temp.unreachable_folder_by_parent ON unreachable_folder (parent_id)`,
];

/** What can be reached from the top lies in no circle. */
const DROP_REACHABLE = `
  DELETE FROM temp.unreachable_folder WHERE id IN (
    WITH RECURSIVE below (id) AS (
      SELECT t.id FROM temp.unreachable_folder t
      WHERE NOT EXISTS (SELECT 1 FROM temp.unreachable_folder p WHERE p.id = t.parent_id)
      UNION ALL
      SELECT f.id FROM below CROSS JOIN temp.unreachable_folder f ON f.parent_id = below.id)
    SELECT id FROM below)`;

/**
 * Leaves in `temp.unreachable_folder` the folders (`id`, `parent_id`) that would lie in a circle, or below one.
 * @param ways query, with the scope as `?1`, for every folder that gets a place and all that will be above it: its id and the
 * folder in which it will lie, each once, however many lie below it. What lies in no folder is left out.
 */
export async function keepUnreachable(db: Executor<MetadataTables>, scope: string, ways: string): Promise<void> {
  for (const statement of TABLES) await runText(db, statement);
  await runText(db, `INSERT INTO temp.unreachable_folder (id, parent_id) ${ways}`, [scope]);
  await analyzeTables(db, ['temp.unreachable_folder']);
  await runText(db, DROP_REACHABLE);
}
