import { queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

const DELETE_OBJECTS = [
  `DELETE FROM object WHERE scope = ?1 AND id IN (SELECT id FROM temp.decision WHERE outcome = 'delete')`,
  `DELETE FROM object_body WHERE scope = ?1 AND id IN (SELECT id FROM temp.decision WHERE outcome = 'delete')`,
  `DELETE FROM object_reference WHERE scope = ?1
     AND from_id IN (SELECT id FROM temp.decision WHERE outcome IN ('delete', 'replace'))`,
];

const WRITE_OBJECTS = [
  `INSERT OR REPLACE INTO object (scope, id, type, subtype, name, description, abbreviation, parent_id, owner_id,
     version, date_created, date_modified, hidden, acl_id, body_hash, contacts_hash)
   SELECT ?1, d.id, s.type, s.subtype, d.name, s.description, s.abbreviation, d.parent_id, d.owner_id,
     d.version, d.date_created, d.date_modified, s.hidden, d.acl_id, s.body_hash, s.contacts_hash
   FROM temp.staged_entry s JOIN temp.decision d ON d.id = s.id WHERE d.outcome IN ('create', 'replace')`,
  `INSERT OR REPLACE INTO object_body (scope, id, definition, translations, uses)
   SELECT ?1, b.id, b.definition, b.translations, b.uses
   FROM temp.staged_body b JOIN temp.decision d ON d.id = b.id WHERE d.outcome IN ('create', 'replace')`,
  `INSERT INTO object_reference (scope, from_id, to_id, to_type)
   SELECT ?1, r.from_id, r.to_id, r.to_type
   FROM temp.staged_reference r JOIN temp.decision d ON d.id = r.from_id WHERE d.outcome IN ('create', 'replace')`,
];

const MOVE_OBJECTS = `
  UPDATE object SET parent_id = d.parent_id, name = d.name FROM temp.decision d
  WHERE object.scope = ?1 AND object.id = d.id AND d.outcome IN ('move', 'update_contacts', 'update_translations')`;

const JOURNAL_ENTRIES = `
  INSERT INTO journal_entry (transaction_id, scope, object_id, type, name, change, version_before, version_after)
  SELECT ?1, ?2, COALESCE(new_id, id), type, name,
    CASE outcome WHEN 'create' THEN 'create' WHEN 'duplicate' THEN 'create' WHEN 'delete' THEN 'delete'
      WHEN 'move' THEN 'move' ELSE 'update' END,
    CASE outcome WHEN 'duplicate' THEN NULL ELSE version_before END,
    CASE outcome WHEN 'delete' THEN NULL ELSE version END
  FROM temp.decision WHERE outcome NOT IN ('keep', 'skip')`;

/** Carries out the decisions with set-based statements; decides nothing. */
export function applyPlan(db: Executor<MetadataTables>, scope: string) {
  return {
    async writeAcls(acls: ReadonlyMap<string, string>): Promise<void> {
      for (const [id, entries] of acls) {
        await runText(db, `INSERT OR IGNORE INTO acl (id, entries) VALUES (?, ?)`, [id, entries]);
      }
    },

    async deleteObjects(): Promise<void> {
      for (const statement of DELETE_OBJECTS) await runText(db, statement, [scope]);
    },

    async writeObjects(): Promise<void> {
      for (const statement of WRITE_OBJECTS) await runText(db, statement, [scope]);
    },

    async moveObjects(): Promise<void> {
      await runText(db, MOVE_OBJECTS, [scope]);
    },

    async journal(transactionId: number): Promise<void> {
      await runText(db, JOURNAL_ENTRIES, [transactionId, scope]);
    },

    async countOutcomes(): Promise<Record<string, number>> {
      const rows = await queryText<{ outcome: string; n: number }, MetadataTables>(
        db,
        `SELECT outcome, count(*) AS n FROM temp.decision GROUP BY outcome ORDER BY outcome`,
      );
      return Object.fromEntries(rows.map((row) => [row.outcome, row.n]));
    },

    /** True when the import writes an object of one of the given types. */
    async writesTypes(types: readonly number[]): Promise<boolean> {
      const rows = await queryText(
        db,
        `SELECT 1 FROM temp.decision WHERE outcome NOT IN ('keep', 'skip')
           AND type IN (SELECT value FROM json_each(?)) LIMIT 1`,
        [JSON.stringify(types)],
      );
      return rows.length > 0;
    },
  };
}
