import { insertRows, queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** Copies are written object by object, because their bodies change on the way; few are made by any real package. */
export function duplicates(db: Executor<MetadataTables>, scope: string) {
  return {
    /** Ids of the copies, by those of the objects that they are made of. */
    async loadNewIds(): Promise<Map<string, string>> {
      const text = `SELECT id, new_id AS "newId" FROM temp.decision WHERE outcome = 'duplicate' ORDER BY id`;
      const rows = await queryText<{ id: string; newId: string }, MetadataTables>(db, text);
      return new Map(rows.map(({ id, newId }) => [id, newId]));
    },

    async find(id: string): Promise<DuplicateRow> {
      const [row] = await queryText<DuplicateRow, MetadataTables>(db, DUPLICATE, [id]);
      if (!row) throw new Error(`No duplicate was decided for ${id}.`);
      return row;
    },

    insertReferences: (rows: readonly (readonly [string, string, number | null])[]) =>
      insertRows(
        db,
        { table: 'object_reference', columns: ['scope', 'from_id', 'to_id', 'to_type'] },
        rows.map((row) => [scope, ...row]),
      ),
  };
}

export interface DuplicateRow {
  readonly id: string;
  readonly newId: string;
  readonly newVersion: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly abbreviation: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly date: string;
  readonly hidden: number;
  readonly aclId: string;
  readonly definition: string;
  readonly translations: string;
  readonly uses: string;
}

const DUPLICATE = `
  SELECT d.id, d.new_id AS "newId", d.version AS "newVersion", s.type, s.subtype, d.name, s.description, s.abbreviation,
    d.parent_id AS "parentId", d.owner_id AS "ownerId", d.date_created AS date, s.hidden, d.acl_id AS "aclId",
    b.definition, b.translations, b.uses
  FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position JOIN temp.staged_body b ON b.position = s.position
  WHERE d.id = ? AND d.outcome = 'duplicate'`;
