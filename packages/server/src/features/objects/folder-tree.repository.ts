import { sql } from 'kysely';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { ObjectKey } from './object-writer.repository.ts';

/** A folder above an object; level 1 is the one in which it lies. */
export interface AncestorRow {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly acl_id: string;
}

/** Folders nest far less deep; a chain that runs in a circle ends here instead of never. */
const MAX_FOLDER_DEPTH = 500;

/** Reads what lies above, below and beside an object. */
export function folderTree(db: Executor<MetadataTables>) {
  return {
    /**
     * The folders above an object, nearest first. The order of the join is given: the query planner would read all
     * objects of the scope to find those few.
     */
    async listAncestors(key: ObjectKey): Promise<AncestorRow[]> {
      const { rows } = await sql<AncestorRow>`
        WITH RECURSIVE up(id, level) AS (
          SELECT parent_id, 1 FROM object WHERE scope = ${key.scope} AND id = ${key.id}
          UNION ALL
          SELECT o.parent_id, up.level + 1 FROM up JOIN object o ON o.scope = ${key.scope} AND o.id = up.id
          WHERE up.level < ${MAX_FOLDER_DEPTH})
        SELECT o.id, o.name, up.level, o.acl_id FROM up CROSS JOIN object o ON o.scope = ${key.scope} AND o.id = up.id
        ORDER BY up.level`.execute(db);
      return rows;
    },

    /** Names of a folder's contents of one type. */
    async listSiblingNames(scope: string, parentId: string | null, type: number): Promise<string[]> {
      const rows = await db
        .selectFrom('object')
        .select('name')
        .where('scope', '=', scope)
        .where('parent_id', parentId === null ? 'is' : '=', parentId)
        .where('type', '=', type)
        .execute();
      return rows.map((row) => row.name);
    },

    /** Another object that has this name in the folder; names are compared without letter case. */
    findNamesake: (object: ObjectTable): Promise<ObjectTable | undefined> =>
      db
        .selectFrom('object')
        .selectAll()
        .where('scope', '=', object.scope)
        .where('parent_id', object.parent_id === null ? 'is' : '=', object.parent_id)
        .where('type', '=', object.type)
        .where(sql<boolean>`name = ${object.name} COLLATE NOCASE`)
        .where('id', '!=', object.id)
        .limit(1)
        .executeTakeFirst(),

    /** Everything below a folder, in no order, the folder itself not included. The index is named: the query planner
     *  would read the whole scope for every folder instead. */
    async listDescendants(key: ObjectKey): Promise<ObjectTable[]> {
      const { rows } = await sql<ObjectTable>`
        WITH RECURSIVE below(id) AS (
          SELECT id FROM object WHERE scope = ${key.scope} AND id = ${key.id}
          UNION
          SELECT o.id FROM below CROSS JOIN object o INDEXED BY object_by_parent
          ON o.scope = ${key.scope} AND o.parent_id = below.id)
        SELECT o.* FROM below JOIN object o ON o.scope = ${key.scope} AND o.id = below.id
        WHERE o.id <> ${key.id}`.execute(db);
      return rows;
    },

    listChildren: (key: ObjectKey): Promise<ObjectTable[]> =>
      db.selectFrom('object').selectAll().where('scope', '=', key.scope).where('parent_id', '=', key.id).execute(),
  };
}
