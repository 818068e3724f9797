import type { ObjRef } from '@longshore/domain';
import { queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** One is enough to stop the undo, and a message that names a thousand helps nobody. */
const MOST_FACTS = 200;

/** `object` has the type, folder and name that the undo gives to `step`, but for the case of letters. */
const inPlaceOf = (object: string, step: string): string =>
  `${object}.parent_id IS ${step}.parent_id AND ${object}.type = ${step}.type AND ${object}.name = ${step}.name COLLATE NOCASE`;

/**
 * Restored objects, and others that stay under their names; many of one name are a group, of which the first stands for all.
 * Users and groups share names, as in an import. What is not put elsewhere takes no name; restored ones that share a name did
 * so before the import, and others did that the undo package tells of.
 */
const TAKEN_NAMES = `
  WITH taken AS MATERIALIZED (
    SELECT s.parent_id, s.type, lower(s.name) AS name, min(s.id) AS id
    FROM temp.undo_step s
    WHERE s.op = 'restore' AND s.type <> 34
      AND NOT EXISTS (SELECT 1 FROM object c WHERE c.scope = ?1 AND c.id = s.id AND ${inPlaceOf('c', 's')})
      AND EXISTS (SELECT 1 FROM object o WHERE o.scope = ?1 AND ${inPlaceOf('o', 's')} AND o.id <> s.id)
    GROUP BY s.parent_id, s.type, lower(s.name))
  SELECT s.id, s.type, s.name, o.id AS "otherId", o.name AS "otherName", s.parent_id AS "parentId",
    COALESCE(r.name, f.name, '') AS "parentName"
  FROM taken t JOIN temp.undo_step s ON s.id = t.id CROSS JOIN object o ON o.scope = ?1 AND ${inPlaceOf('o', 't')}
    LEFT JOIN temp.undo_step r ON r.id = s.parent_id AND r.op = 'restore'
    LEFT JOIN object f ON f.scope = ?1 AND f.id = s.parent_id
  WHERE NOT EXISTS (SELECT 1 FROM temp.undo_step x WHERE x.id = o.id AND x.kept = 0)
    AND NOT EXISTS (SELECT 1 FROM temp.undo_namesake n JOIN temp.undo_step b ON b.id = n.id
      WHERE n.other_id = o.id AND ${inPlaceOf('b', 't')})
  ORDER BY s.type, s.id, o.id LIMIT ${MOST_FACTS}`;

interface TakenNameRow {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly otherId: string;
  readonly otherName: string;
  readonly parentId: string | null;
  readonly parentName: string;
}

/** A restored object, and the one that has its name; `folder` is null where objects lie in none. */
export interface TakenName {
  readonly object: ObjRef;
  readonly holder: ObjRef;
  readonly folder: ObjRef | null;
}

/** Names that the undo would give to a second object of their folder and type. */
export async function findTakenNames(db: Executor<MetadataTables>, scope: string): Promise<TakenName[]> {
  const rows = await queryText<TakenNameRow, MetadataTables>(db, TAKEN_NAMES, [scope]);
  return rows.map(({ id, type, name, otherId, otherName, parentId, parentName }) => ({
    object: { id, type, name },
    holder: { id: otherId, type, name: otherName },
    folder: parentId === null ? null : { id: parentId, type: 8, name: parentName },
  }));
}
