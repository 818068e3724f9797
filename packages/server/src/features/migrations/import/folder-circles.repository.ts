import { foldersOnCircles, type ObjRef } from '@longshore/domain';
import { queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { keepUnreachable } from '../unreachable-folders.repository.ts';
import { IS_PLACED } from './plan.repository.ts';

const PLACED_FOLDER = `FROM temp.decision d WHERE d.type = 8 AND ${IS_PLACED('d')}`;

const ANY_PLACED = `SELECT 1 ${PLACED_FOLDER} LIMIT 1`;

const WAYS = `
  WITH RECURSIVE up (id, parent_id) AS (
    SELECT d.id, d.parent_id ${PLACED_FOLDER} AND d.parent_id IS NOT NULL
    UNION
    SELECT up.parent_id, CASE WHEN d.id IS NULL THEN o.parent_id ELSE d.parent_id END
    FROM up LEFT JOIN temp.decision d ON d.id = up.parent_id AND ${IS_PLACED('d')}
      LEFT JOIN object o ON o.scope = ?1 AND o.id = up.parent_id
    WHERE CASE WHEN d.id IS NULL THEN o.parent_id ELSE d.parent_id END IS NOT NULL)
  SELECT id, parent_id FROM up`;

/** `name` is null of a folder that the import leaves where it is. */
const UNREACHABLE = `
  SELECT f.id, f.parent_id AS "parentId", d.name
  FROM temp.unreachable_folder f LEFT JOIN temp.decision d ON d.id = f.id AND ${IS_PLACED('d')} ORDER BY f.id`;

interface UnreachableRow {
  readonly id: string;
  readonly parentId: string;
  readonly name: string | null;
}

const MOST_FOLDERS = 200;

/**
 * Folders that get a place from which no way leads up: those that would lie in a circle, or if there are none, those that
 * would lie below one that was there before.
 */
export async function findFolderCircles(db: Executor<MetadataTables>, scope: string): Promise<readonly ObjRef[]> {
  if ((await queryText(db, ANY_PLACED)).length === 0) return [];
  await keepUnreachable(db, scope, WAYS);
  const rows = await queryText<UnreachableRow, MetadataTables>(db, UNREACHABLE);
  const onCircles = foldersOnCircles(new Map(rows.map(({ id, parentId }) => [id, parentId])));
  const placed = rows.flatMap(({ id, name }): ObjRef[] => (name === null ? [] : [{ id, type: 8, name }]));
  const inside = placed.filter(({ id }) => onCircles.has(id));
  return (inside.length > 0 ? inside : placed).slice(0, MOST_FOLDERS);
}
