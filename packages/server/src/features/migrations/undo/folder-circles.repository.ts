import { foldersOnCircles, type ObjRef } from '@longshore/domain';
import { queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { keepUnreachable } from '../unreachable-folders.repository.ts';

/** Folders that the undo puts elsewhere than they are now, or makes again: each new circle leads over one of them. */
const PLACED = `
  FROM temp.undo_step s WHERE s.type = 8 AND s.op = 'restore' AND s.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM object o WHERE o.scope = ?1 AND o.id = s.id AND o.parent_id = s.parent_id)`;

const ANY_PLACED = `SELECT 1 ${PLACED} LIMIT 1`;

/** What is deleted has nothing above it. */
const WAYS = `
  WITH RECURSIVE up (id, parent_id) AS (
    SELECT s.id, s.parent_id ${PLACED}
    UNION
    SELECT up.parent_id, CASE WHEN s.op = 'restore' THEN s.parent_id ELSE o.parent_id END
    FROM up LEFT JOIN temp.undo_step s ON s.id = up.parent_id AND s.kept = 0
      LEFT JOIN object o ON o.scope = ?1 AND o.id = up.parent_id
    WHERE (s.op = 'restore' AND s.parent_id IS NOT NULL) OR (s.op IS NULL AND o.parent_id IS NOT NULL))
  SELECT id, parent_id FROM up`;

const UNREACHABLE = `
  SELECT f.id, f.parent_id AS "parentId", COALESCE(s.name, o.name, '') AS name,
    CASE WHEN s.op = 'restore' THEN 1 ELSE 0 END AS restored
  FROM temp.unreachable_folder f LEFT JOIN temp.undo_step s ON s.id = f.id AND s.kept = 0
    LEFT JOIN object o ON o.scope = ?1 AND o.id = f.id
  ORDER BY f.id`;

interface UnreachableRow {
  readonly id: string;
  readonly parentId: string;
  readonly name: string;
  readonly restored: number;
}

/** A restored folder that would lie in itself: it goes into `holder`, which stays where it is, somewhere below. */
export interface FolderCircle {
  readonly folder: ObjRef;
  readonly holder: ObjRef;
}

const refOf = ({ id, name }: UnreachableRow): ObjRef => ({ id, type: 8, name });

/**
 * Where the undo would close a circle of folders. One that only restored folders make was there before the import, and
 * is not among them.
 */
export async function findFolderCircles(db: Executor<MetadataTables>, scope: string): Promise<FolderCircle[]> {
  if ((await queryText(db, ANY_PLACED, [scope])).length === 0) return [];
  await keepUnreachable(db, scope, WAYS);
  const rows = await queryText<UnreachableRow, MetadataTables>(db, UNREACHABLE, [scope]);
  const onCircles = foldersOnCircles(new Map(rows.map(({ id, parentId }) => [id, parentId])));
  const staying = new Map(rows.filter(({ restored }) => restored === 0).map((row) => [row.id, row]));
  return rows.flatMap((row) => {
    const holder = staying.get(row.parentId);
    const isClosed = row.restored === 1 && onCircles.has(row.id) && holder !== undefined;
    return isClosed ? [{ folder: refOf(row), holder: refOf(holder) }] : [];
  });
}
