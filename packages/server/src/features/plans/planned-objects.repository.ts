import { queryText, runText } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { PlanObjectTable } from '../../platform/db/plan-tables.ts';
import { placeInPackage } from '../migrations/import/staging.repository.ts';

/** A row of a plan before its folders have names. */
export type PlannedRow = Omit<PlanObjectTable, 'plan_id' | 'path' | 'path_before'> & {
  /** Of where the object would be; of where the package has it when it would not be made. */
  readonly folder: string | null;
};

/** What takes away comes first, and what changes comes before what stays. */
const RANK = `CASE d.outcome WHEN 'delete' THEN 0 WHEN 'replace' THEN 1 WHEN 'duplicate' THEN 2 WHEN 'move' THEN 3
  WHEN 'create' THEN 4 WHEN 'update_contacts' THEN 5 WHEN 'update_translations' THEN 6 WHEN 'keep' THEN 7 ELSE 8 END`;

const GONE = `d.outcome IN ('delete', 'skip')`;

/**
 * The decisions of a plan, joined with what the package and the target have, in the order in which they are shown.
 * The order is made once: sorting again for every batch would cost the square of it.
 */
const PLAN_ROWS = [
  `DROP TABLE IF EXISTS temp.plan_row`,
  `CREATE TABLE temp.plan_row (
     position INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL, type INTEGER NOT NULL, subtype INTEGER NOT NULL,
     outcome TEXT NOT NULL, conflict TEXT NOT NULL, action TEXT NOT NULL, role TEXT NOT NULL, reason TEXT NOT NULL,
     new_id TEXT, name_package TEXT NOT NULL, name_before TEXT, name_after TEXT, parent_before TEXT, parent_after TEXT,
     folder TEXT, version_package TEXT, version_before TEXT, version_after TEXT, modified_package TEXT,
     modified_before TEXT, seq INTEGER NOT NULL)`,
  `INSERT INTO temp.plan_row
     SELECT row_number() OVER (ORDER BY ${RANK}, d.type, lower(d.name), d.id) - 1 AS position,
       d.id, d.type, COALESCE(o.subtype, s.subtype) AS subtype, d.outcome, d.conflict, d.action, d.role, d.reason,
       d.new_id, s.name AS name_package, o.name AS name_before,
       CASE WHEN ${GONE} THEN NULL ELSE d.name END AS name_after,
       o.parent_id AS parent_before, CASE WHEN ${GONE} THEN NULL ELSE d.parent_id END AS parent_after,
       CASE d.outcome WHEN 'skip' THEN s.parent_id ELSE d.parent_id END AS folder,
       CASE s.absent WHEN 1 THEN NULL ELSE s.version END AS version_package, o.version AS version_before,
       CASE WHEN ${GONE} THEN NULL ELSE d.version END AS version_after,
       CASE s.absent WHEN 1 THEN NULL ELSE s.date_modified END AS modified_package,
       o.date_modified AS modified_before, ${placeInPackage('s.position')} AS seq
     FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position LEFT JOIN object o ON o.scope = ?1 AND o.id = d.id`,
];

interface FolderRow {
  readonly id: string;
  readonly name: string | null;
  readonly parentId: string | null;
}

const FOLDERS_BEFORE = `
  SELECT f.value AS id, o.name, o.parent_id AS "parentId"
  FROM json_each(?2) f LEFT JOIN object o ON o.scope = ?1 AND o.id = f.value`;

/** A copy of a folder is another folder: the one that it was made from stays as it is. */
const FOLDERS_AFTER = `
  SELECT f.value AS id, COALESCE(d.name, o.name, s.name) AS name,
    CASE WHEN d.id IS NOT NULL THEN d.parent_id WHEN o.id IS NOT NULL THEN o.parent_id ELSE s.parent_id END AS "parentId"
  FROM json_each(?2) f LEFT JOIN temp.decision d ON d.id = f.value AND d.new_id IS NULL AND d.outcome <> 'skip'
    LEFT JOIN object o ON o.scope = ?1 AND o.id = f.value LEFT JOIN temp.staged_entry s ON s.id = f.value`;

/** Folders as they are, or as the import would leave them. */
export type FolderView = 'before' | 'after';

/** Reads a plan out of the temporary tables of the connection that has made it. */
export function plannedObjects(tx: Executor<MetadataTables>, scope: string) {
  return {
    /** @returns how many there are */
    async prepare(): Promise<number> {
      for (const statement of PLAN_ROWS) await runText(tx, statement, statement.includes('?1') ? [scope] : []);
      const rows = await queryText<{ n: number }, MetadataTables>(tx, `SELECT count(*) AS n FROM temp.plan_row`);
      return rows[0]?.n ?? 0;
    },

    loadRows: (from: number, limit: number): Promise<PlannedRow[]> =>
      queryText<PlannedRow, MetadataTables>(
        tx,
        `SELECT * FROM temp.plan_row WHERE position >= ? ORDER BY position LIMIT ?`,
        [from, limit],
      ),

    loadFolders: (view: FolderView, ids: readonly string[]): Promise<FolderRow[]> =>
      queryText<FolderRow, MetadataTables>(tx, view === 'before' ? FOLDERS_BEFORE : FOLDERS_AFTER, [
        scope,
        JSON.stringify(ids),
      ]),
  };
}
