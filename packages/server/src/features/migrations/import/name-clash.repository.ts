import { analyzeTables, queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { IS_PLACED } from './plan.repository.ts';

/** An object that shares folder, type and name with another one after the import. */
export interface ClashMember {
  readonly parentId: string | null;
  readonly type: number;
  readonly name: string;
  readonly id: string;
  /** True when this import gives the object its name or folder; only then it may be renamed. */
  readonly decided: boolean;
}

/**
 * Users and groups are left out: people share names, and login names are checked by themselves. Configuration objects
 * stand in no folder, so that `IS` compares the missing folders as equal. PostgreSQL finds nothing by `IS` in an index, so
 * that the name comes first.
 */
const PLACED = [
  `DROP TABLE IF EXISTS temp.placed`,
  `CREATE TABLE temp.placed AS
     SELECT COALESCE(new_id, id) AS id, type, parent_id, name FROM temp.decision WHERE placed_anew = 1 AND type <> 34`,
  `CREATE INDEX temp.placed_by_name ON placed (name COLLATE NOCASE, type, parent_id)`,
];

/** Objects that stay where they are under the name: not in the package, or kept in name and place by it. */
const STANDING = `NOT EXISTS (
  SELECT 1 FROM temp.decision x WHERE x.id = o.id AND (x.outcome = 'delete' OR (${IS_PLACED('x')})))`;

/**
 * Nearly always there is none, and to find that out takes half of what it takes to find them: one name for two placed
 * objects, or for one of them and one that stands there.
 */
const ANY_CLASH = `
  SELECT 1 FROM (
    SELECT 1 FROM temp.decision WHERE placed_anew = 1 AND type <> 34
    GROUP BY name COLLATE NOCASE, type, parent_id HAVING count(*) > 1) twice
  UNION ALL
  SELECT 1 FROM temp.decision p WHERE p.placed_anew = 1 AND p.type <> 34
    AND EXISTS (SELECT 1 FROM object o WHERE o.scope = ?1 AND o.parent_id IS p.parent_id AND o.type = p.type
      AND o.name = p.name COLLATE NOCASE AND o.id <> COALESCE(p.new_id, p.id) AND ${STANDING})
  LIMIT 1`;

const CLASHES = `
  WITH clashing AS (
    SELECT DISTINCT p.parent_id, p.type, lower(p.name) AS lower_name FROM temp.placed p
    WHERE EXISTS (SELECT 1 FROM object o WHERE o.scope = ?1 AND o.parent_id IS p.parent_id AND o.type = p.type
        AND o.name = p.name COLLATE NOCASE AND o.id <> p.id AND ${STANDING})
      OR EXISTS (SELECT 1 FROM temp.placed q WHERE q.parent_id IS p.parent_id AND q.type = p.type
        AND q.name = p.name COLLATE NOCASE AND q.id <> p.id))
  SELECT p.parent_id AS "parentId", p.type, p.name, p.id, 1 AS decided
  FROM clashing c JOIN temp.placed p
    ON p.parent_id IS c.parent_id AND p.type = c.type AND p.name = c.lower_name COLLATE NOCASE
  UNION ALL
  SELECT o.parent_id, o.type, o.name, o.id, 0
  FROM clashing c JOIN object o ON o.scope = ?1 AND o.parent_id IS c.parent_id AND o.type = c.type
    AND o.name = c.lower_name COLLATE NOCASE
  WHERE ${STANDING}`;

/** Names beside the clashing ones that begin like it: candidates for `Name (1)` must avoid them. */
const SIBLINGS = `
  SELECT o.name FROM object o WHERE o.scope = ?1 AND o.parent_id IS ?2 AND o.type = ?3
    AND substr(lower(o.name), 1, length(?4)) = lower(?4)
  UNION
  SELECT p.name FROM temp.placed p WHERE p.parent_id IS ?2 AND p.type = ?3
    AND substr(lower(p.name), 1, length(?4)) = lower(?4)`;

export function nameClashes(db: Executor<MetadataTables>, scope: string) {
  return {
    async loadMembers(): Promise<ClashMember[]> {
      if ((await queryText(db, ANY_CLASH, [scope])).length === 0) return [];
      for (const statement of PLACED) await runText(db, statement);
      await analyzeTables(db, ['temp.placed']);
      const rows = await queryText<Omit<ClashMember, 'decided'> & { decided: number }, MetadataTables>(db, CLASHES, [
        scope,
      ]);
      return rows.map((row) => ({ ...row, decided: row.decided === 1 }));
    },

    async loadSiblingNames(clash: { parentId: string | null; type: number; name: string }): Promise<string[]> {
      const rows = await queryText<{ name: string }, MetadataTables>(db, SIBLINGS, [
        scope,
        clash.parentId,
        clash.type,
        clash.name,
      ]);
      return rows.map((row) => row.name);
    },
  };
}
