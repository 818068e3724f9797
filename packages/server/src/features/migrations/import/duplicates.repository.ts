import { insertRows, queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables, ObjectBodyTable, ObjectTable } from '../../../platform/db/metadata-schema.ts';
import { REFERENCE_COLUMNS, type ObjectRecord } from '../../objects/object-rows.ts';

/** Copies are written object by object, because their bodies change on the way; few are made by any real package. */
export function duplicates(db: Executor<MetadataTables>) {
  return {
    /** Ids of the copies, by those of the objects that they are made of. */
    async loadNewIds(): Promise<Map<string, string>> {
      const text = `SELECT id, new_id AS "newId" FROM temp.decision WHERE outcome = 'duplicate' ORDER BY id`;
      const rows = await queryText<{ id: string; newId: string }, MetadataTables>(db, text);
      return new Map(rows.map(({ id, newId }) => [id, newId]));
    },

    /** The copy that is made of an object. */
    async find(id: string): Promise<DuplicateRow> {
      const [row] = await queryText<DuplicateRow, MetadataTables>(db, DUPLICATE, [id]);
      if (!row) throw new Error(`No duplicate was decided for ${id}.`);
      return row;
    },

    async insert({ row, body, references }: Duplicate): Promise<void> {
      await db.insertInto('object').values(row).execute();
      await db.insertInto('object_body').values(body).execute();
      await insertRows(
        db,
        { table: 'object_reference', columns: REFERENCE_COLUMNS },
        references.map((r) => [row.scope, row.id, r.id, r.type]),
      );
    },
  };
}

/** A copy as it will be, but for what follows from its body, and the body of the object that it is made of. */
export type DuplicateRow = Omit<ObjectTable, 'scope' | 'body_hash' | 'contacts_hash'> &
  Pick<ObjectBodyTable, 'definition' | 'translations' | 'uses'>;

/** Its access control list is there already. */
export type Duplicate = Omit<ObjectRecord, 'aclEntries'>;

/** A copy has not been changed since it was made. */
const DUPLICATE = `
  SELECT d.new_id AS id, s.type, s.subtype, d.name, s.description, s.abbreviation, d.parent_id, d.owner_id, d.version,
    d.date_created, d.date_created AS date_modified, s.hidden, d.acl_id, b.definition, b.translations, b.uses
  FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position JOIN temp.staged_body b ON b.position = s.position
  WHERE d.id = ? AND d.outcome = 'duplicate'`;
