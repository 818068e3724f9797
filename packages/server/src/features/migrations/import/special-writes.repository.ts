import { insertRows, queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** An incoming object that is written by itself, because its body changes on the way. */
export interface BodyRow {
  readonly id: string;
  readonly definition: string;
  readonly translations: string;
  readonly uses: string;
}

/** What is written object by object, because bodies change on the way. */
export function specialWrites(db: Executor<MetadataTables>, scope: string) {
  return {
    /** Ids of the decisions with an outcome that is applied object by object. */
    async loadIds(outcome: 'update_contacts' | 'duplicate'): Promise<string[]> {
      const rows = await queryText<{ id: string }, MetadataTables>(
        db,
        `SELECT id FROM temp.decision WHERE outcome = ? ORDER BY id`,
        [outcome],
      );
      return rows.map((row) => row.id);
    },

    findIncomingBody: (id: string) => first<BodyRow>(db, INCOMING_BODY, [id]),

    findExistingBody: (id: string) =>
      first<BodyRow>(db, `SELECT id, definition, translations, uses FROM object_body WHERE scope = ? AND id = ?`, [
        scope,
        id,
      ]),

    async replaceBody(id: string, body: { definition: string; bodyHash: string; contactsHash: string | null }) {
      await runText(db, `UPDATE object_body SET definition = ? WHERE scope = ? AND id = ?`, [
        body.definition,
        scope,
        id,
      ]);
      await runText(db, `UPDATE object SET body_hash = ?, contacts_hash = ? WHERE scope = ? AND id = ?`, [
        body.bodyHash,
        body.contactsHash,
        scope,
        id,
      ]);
    },

    async findDuplicate(id: string): Promise<DuplicateRow> {
      const row = await first<DuplicateRow>(db, DUPLICATE, [id]);
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

const INCOMING_BODY = `
  SELECT s.id, b.definition, b.translations, b.uses
  FROM temp.staged_entry s JOIN temp.staged_body b ON b.position = s.position WHERE s.id = ?`;

const DUPLICATE = `
  SELECT d.id, d.new_id AS "newId", d.version AS "newVersion", s.type, s.subtype, d.name, s.description, s.abbreviation,
    d.parent_id AS "parentId", d.owner_id AS "ownerId", d.date_created AS date, s.hidden, d.acl_id AS "aclId",
    b.definition, b.translations, b.uses
  FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position JOIN temp.staged_body b ON b.position = s.position
  WHERE d.id = ? AND d.outcome = 'duplicate'`;

async function first<Row>(
  db: Executor<MetadataTables>,
  text: string,
  values: readonly (string | number | null)[],
): Promise<Row | undefined> {
  const rows = await queryText<Row, MetadataTables>(db, text, values);
  return rows[0];
}
