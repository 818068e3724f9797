import type { Outcome } from '@longshore/domain';
import { queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import { writeMany } from '../../../platform/db/deferred-indexes.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** A statement about the objects with some outcomes; where there are none of them it is left out. */
interface Step {
  readonly outcomes: readonly Outcome[];
  readonly text: string;
}

/** The columns that an object gets from the package, besides its key, its type and its place. */
const CONTENT = `subtype = s.subtype, description = s.description, abbreviation = s.abbreviation,
  owner_id = d.owner_id, version = d.version, date_created = d.date_created, date_modified = d.date_modified,
  hidden = s.hidden, acl_id = d.acl_id, body_hash = s.body_hash, contacts_hash = s.contacts_hash`;

/** Decisions after which an object that is there already consists of what is staged, and needs what that needs. */
const REWRITTEN = ['replace', 'update_contacts'] as const;
const IS_REWRITTEN = `outcome IN (${REWRITTEN.map((outcome) => `'${outcome}'`).join(', ')})`;

/**
 * An object keeps its type, so that a replaced one is changed where it stands: only indexes that must be are touched. Bodies
 * are looked up one by one, since SQLite would first make a table of all that an UPDATE takes FROM others.
 */
const STEPS: readonly Step[] = [
  {
    outcomes: ['delete'],
    text: `DELETE FROM object WHERE scope = ?1 AND id IN (SELECT id FROM temp.decision WHERE outcome = 'delete')`,
  },
  {
    outcomes: ['delete'],
    text: `DELETE FROM object_body WHERE scope = ?1 AND id IN (SELECT id FROM temp.decision WHERE outcome = 'delete')`,
  },
  {
    outcomes: ['delete'],
    text: `DELETE FROM object_reference WHERE scope = ?1
      AND from_id IN (SELECT id FROM temp.decision WHERE outcome = 'delete')`,
  },
  {
    outcomes: REWRITTEN,
    text: `DELETE FROM object_reference WHERE scope = ?1
      AND from_id IN (SELECT id FROM temp.decision WHERE ${IS_REWRITTEN})
      AND NOT EXISTS (SELECT 1 FROM temp.staged_entry s JOIN staged_reference r ON r.position = s.position
        WHERE s.id = object_reference.from_id AND r.to_id = object_reference.to_id AND r.to_type IS object_reference.to_type)`,
  },
  {
    outcomes: ['replace'],
    text: `UPDATE object SET ${CONTENT}
      FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position
      WHERE object.scope = ?1 AND object.id = d.id AND d.outcome = 'replace'`,
  },
  {
    outcomes: ['update_contacts'],
    text: `UPDATE object SET body_hash = s.body_hash, contacts_hash = s.contacts_hash
      FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position
      WHERE object.scope = ?1 AND object.id = d.id AND d.outcome = 'update_contacts'`,
  },
  {
    outcomes: REWRITTEN,
    text: `UPDATE object_body SET (definition, translations, uses) = (
        SELECT b.definition, b.translations, b.uses
        FROM temp.decision d JOIN temp.staged_body b ON b.position = d.position WHERE d.id = object_body.id)
      WHERE scope = ?1 AND id IN (SELECT id FROM temp.decision WHERE ${IS_REWRITTEN})`,
  },
  {
    outcomes: ['create'],
    text: `INSERT INTO object (scope, id, type, subtype, name, description, abbreviation, parent_id, owner_id,
        version, date_created, date_modified, hidden, acl_id, body_hash, contacts_hash)
      SELECT ?1, d.id, s.type, s.subtype, d.name, s.description, s.abbreviation, d.parent_id, d.owner_id,
        d.version, d.date_created, d.date_modified, s.hidden, d.acl_id, s.body_hash, s.contacts_hash
      FROM temp.decision d JOIN temp.staged_entry s ON s.position = d.position WHERE d.outcome = 'create'`,
  },
  {
    outcomes: ['create'],
    text: `INSERT INTO object_body (scope, id, definition, translations, uses)
      SELECT ?1, d.id, b.definition, b.translations, b.uses
      FROM temp.decision d JOIN temp.staged_body b ON b.position = d.position
      WHERE d.outcome = 'create'`,
  },
  {
    outcomes: ['create'],
    text: `INSERT INTO object_reference (scope, from_id, to_id, to_type)
      SELECT ?1, d.id, r.to_id, r.to_type
      FROM temp.decision d JOIN staged_reference r ON r.position = d.position WHERE d.outcome = 'create'`,
  },
  {
    outcomes: REWRITTEN,
    text: `INSERT INTO object_reference (scope, from_id, to_id, to_type)
      SELECT ?1, d.id, r.to_id, r.to_type
      FROM temp.decision d JOIN staged_reference r ON r.position = d.position
      WHERE d.${IS_REWRITTEN}
        AND NOT EXISTS (SELECT 1 FROM object_reference o
          WHERE o.scope = ?1 AND o.from_id = d.id AND o.to_id = r.to_id)`,
  },
  {
    outcomes: ['replace', 'move', 'update_contacts', 'update_translations'],
    text: `UPDATE object SET parent_id = d.parent_id, name = d.name FROM temp.decision d
      WHERE object.scope = ?1 AND object.id = d.id AND d.placed_anew = 1
        AND d.outcome IN ('replace', 'move', 'update_contacts', 'update_translations')`,
  },
];

const JOURNAL_ENTRIES = `
  INSERT INTO journal_entry (transaction_id, scope, object_id, type, name, change, version_before, version_after)
  SELECT ?1, ?2, COALESCE(new_id, id), type, name,
    CASE outcome WHEN 'create' THEN 'create' WHEN 'duplicate' THEN 'create' WHEN 'delete' THEN 'delete'
      WHEN 'move' THEN 'move' ELSE 'update' END,
    CASE outcome WHEN 'duplicate' THEN NULL ELSE version_before END,
    CASE outcome WHEN 'delete' THEN NULL ELSE version END
  FROM temp.decision WHERE outcome NOT IN ('keep', 'skip')`;

/** What is settled without a decision is kept. */
const OUTCOMES = `
  SELECT outcome, CAST(sum(n) AS INTEGER) AS n FROM (
    SELECT outcome, count(*) AS n FROM temp.decision GROUP BY outcome
    UNION ALL SELECT 'keep' AS outcome, n FROM temp.settled_count) counted
  WHERE n > 0 GROUP BY outcome ORDER BY outcome`;

/** Carries out the decisions with set-based statements; decides nothing. */
export function applyPlan(db: Executor<MetadataTables>, scope: string) {
  return {
    /** Writes the staged access control lists that are not there. */
    async writeAcls(staged: 'temp.staged_acl' | 'temp.undo_acl'): Promise<void> {
      // In the order of their ids: two imports that add the same lists never wait for each other in a circle (ADR 15).
      await runText(
        db,
        `INSERT INTO acl (id, entries) SELECT id, entries FROM ${staged} ORDER BY id ON CONFLICT (id) DO NOTHING`,
      );
    },

    /** Deletes, writes and moves objects as was decided. */
    async writeObjects(): Promise<void> {
      const counts = await this.countOutcomes();
      await writeMany(db, { tables: ['object', 'object_reference'], made: counts['create'] ?? 0 }, async () => {
        for (const { outcomes, text } of STEPS) {
          if (outcomes.some((outcome) => counts[outcome] !== undefined)) await runText(db, text, [scope]);
        }
      });
    },

    async journal(transactionId: number): Promise<void> {
      const { create = 0 } = await this.countOutcomes();
      await writeMany(db, { tables: ['journal_entry'], made: create }, async () => {
        await runText(db, JOURNAL_ENTRIES, [transactionId, scope]);
      });
    },

    async countOutcomes(): Promise<Record<string, number>> {
      const rows = await queryText<{ outcome: string; n: number }, MetadataTables>(db, OUTCOMES);
      return Object.fromEntries(rows.map((row) => [row.outcome, row.n]));
    },

    /** True when the import writes an object of one of the given types. */
    async writesTypes(types: readonly number[]): Promise<boolean> {
      const rows = await queryText(
        db,
        `SELECT 1 FROM temp.decision WHERE outcome NOT IN ('keep', 'skip')
           AND type IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) LIMIT 1`,
        [JSON.stringify(types)],
      );
      return rows.length > 0;
    },
  };
}
