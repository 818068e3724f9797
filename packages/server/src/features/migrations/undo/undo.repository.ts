import { CONFIGURATION_SCOPE } from '@longshore/domain';
import { queryText, runText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import { writeMany } from '../../../platform/db/deferred-indexes.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { FactRow } from '../import/post-image.repository.ts';

const MOST_FACTS = 200;

const DELETED = (id: string): string =>
  `EXISTS (SELECT 1 FROM temp.undo_step x WHERE x.id = ${id} AND x.op = 'delete' AND x.kept = 0)`;

const EXISTS_AFTER = (id: string): string => `(
  EXISTS (SELECT 1 FROM object e WHERE e.scope = ?1 AND e.id = ${id} AND NOT ${DELETED(id)})
  OR EXISTS (SELECT 1 FROM temp.undo_step c WHERE c.id = ${id} AND c.op = 'restore')
  OR (?1 <> '${CONFIGURATION_SCOPE}'
    AND EXISTS (SELECT 1 FROM object k WHERE k.scope = '${CONFIGURATION_SCOPE}' AND k.id = ${id})))`;

const WAS_DANGLING = (from: string, to: string): string =>
  `EXISTS (SELECT 1 FROM temp.undo_dangling n WHERE n.from_id = ${from} AND n.to_id = ${to})`;

const CREATED_IN_USE = `
  SELECT d.id, d.type, d.name, u.id AS "otherId", u.type AS "otherType", u.name AS "otherName"
  FROM temp.undo_step d JOIN object_reference r ON r.to_id = d.id
    JOIN object u ON u.scope = r.scope AND u.id = r.from_id
  WHERE d.op = 'delete' AND d.kept = 0 AND NOT ${WAS_DANGLING('r.from_id', 'd.id')} AND (
    (r.scope = ?1 AND NOT EXISTS (SELECT 1 FROM temp.undo_step x WHERE x.id = r.from_id AND x.kept = 0))
    OR (r.scope <> ?1 AND ?1 = '${CONFIGURATION_SCOPE}' AND NOT EXISTS (
      SELECT 1 FROM object p WHERE p.scope = r.scope AND p.id = d.id)))
  ORDER BY d.type, d.id, u.id LIMIT ${MOST_FACTS}`;

/** What is needed now already comes first: most needs are of these, and they are found in the order of the objects. */
const MISSING_DEPENDENCIES = `
  SELECT s.id, s.type, s.name, r.to_id AS "otherId", r.to_type AS "otherType", '' AS "otherName"
  FROM temp.undo_step s JOIN temp.undo_reference r ON r.from_id = s.id
  WHERE s.op = 'restore'
    AND NOT EXISTS (SELECT 1 FROM object_reference o WHERE o.scope = ?1 AND o.from_id = s.id AND o.to_id = r.to_id)
    AND NOT ${EXISTS_AFTER('r.to_id')} AND NOT ${WAS_DANGLING('s.id', 'r.to_id')}
  ORDER BY s.type, s.id, r.to_id LIMIT ${MOST_FACTS}`;

const MISSING_PARENTS = `
  SELECT s.id, s.type, s.name, s.parent_id AS "otherId", 8 AS "otherType", '' AS "otherName"
  FROM temp.undo_step s
  WHERE s.op = 'restore' AND s.parent_id IS NOT NULL AND NOT ${EXISTS_AFTER('s.parent_id')}
    AND NOT ${WAS_DANGLING('s.id', 's.parent_id')}
  ORDER BY s.type, s.id LIMIT ${MOST_FACTS}`;

/** Objects that are not as the import left them; `version` is null when the object is gone. */
const CHANGED_SINCE = `
  SELECT s.id, s.type, s.name, s.op, s.written_version AS "writtenVersion", o.version
  FROM temp.undo_step s LEFT JOIN object o ON o.scope = ?1 AND o.id = s.id
  WHERE s.kept = 0 AND o.version IS NOT s.written_version
  ORDER BY s.type, s.id LIMIT ${MOST_FACTS}`;

export interface ChangedSinceRow {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly op: 'delete' | 'restore';
  readonly writtenVersion: string | null;
  readonly version: string | null;
}

/**
 * What is there already is changed where it stands, and keeps what is right: only indexes that must be are touched. Bodies
 * are looked up one by one, as those of an import are.
 */
const APPLY = [
  `DELETE FROM object_reference WHERE scope = ?1 AND from_id IN (SELECT id FROM temp.undo_step WHERE kept = 0)
     AND NOT EXISTS (SELECT 1 FROM temp.undo_reference r WHERE r.from_id = object_reference.from_id
       AND r.to_id = object_reference.to_id AND r.to_type IS object_reference.to_type)`,
  `DELETE FROM object_body WHERE scope = ?1
     AND id IN (SELECT id FROM temp.undo_step WHERE op = 'delete' AND kept = 0)`,
  `DELETE FROM object WHERE scope = ?1
     AND id IN (SELECT id FROM temp.undo_step WHERE op = 'delete' AND kept = 0)`,
  `UPDATE object SET subtype = u.subtype, description = u.description, abbreviation = u.abbreviation,
     owner_id = u.owner_id, version = u.version, date_created = u.date_created, date_modified = u.date_modified,
     hidden = u.hidden, acl_id = u.acl_id, body_hash = u.body_hash, contacts_hash = u.contacts_hash
   FROM temp.undo_object u WHERE object.scope = ?1 AND object.id = u.id`,
  `UPDATE object SET type = u.type, parent_id = u.parent_id, name = u.name
   FROM temp.undo_object u WHERE object.scope = ?1 AND object.id = u.id
     AND (object.type <> u.type OR object.parent_id IS NOT u.parent_id OR object.name <> u.name)`,
  `UPDATE object_body SET (definition, translations, uses) = (
     SELECT u.definition, u.translations, u.uses FROM temp.undo_body u WHERE u.id = object_body.id)
   WHERE scope = ?1 AND id IN (SELECT id FROM temp.undo_body)`,
  `INSERT INTO object SELECT * FROM temp.undo_object u WHERE u.scope = ?1
     AND NOT EXISTS (SELECT 1 FROM object o WHERE o.scope = ?1 AND o.id = u.id)`,
  `INSERT INTO object_body SELECT * FROM temp.undo_body u WHERE u.scope = ?1
     AND NOT EXISTS (SELECT 1 FROM object_body o WHERE o.scope = ?1 AND o.id = u.id)`,
  `INSERT INTO object_reference (scope, from_id, to_id, to_type)
     SELECT u.scope, u.from_id, u.to_id, u.to_type FROM temp.undo_reference u WHERE u.scope = ?1 AND NOT EXISTS (
       SELECT 1 FROM object_reference o WHERE o.scope = ?1 AND o.from_id = u.from_id AND o.to_id = u.to_id)`,
];

const JOURNAL_ENTRIES = `
  INSERT INTO journal_entry (transaction_id, scope, object_id, type, name, change, version_before, version_after)
  SELECT ?1, ?2, s.id, s.type, s.name,
    CASE WHEN s.op = 'delete' THEN 'delete' WHEN o.id IS NULL THEN 'create' ELSE 'update' END, o.version, u.version
  FROM temp.undo_step s LEFT JOIN object o ON o.scope = ?2 AND o.id = s.id LEFT JOIN temp.undo_object u ON u.id = s.id
  WHERE s.kept = 0 AND NOT (s.op = 'delete' AND o.id IS NULL)`;

/** Objects that the undo deletes, and that it puts back; what is kept counts for neither. */
interface StepCounts {
  readonly deletes: number;
  readonly restores: number;
}

const STEPS_BY_OP = `
  SELECT op, CAST(count(*) AS INTEGER) AS n FROM temp.undo_step WHERE kept = 0 GROUP BY op`;

/** Facts about the target as it would be after the undo, and the statements that carry it out. */
export function undoTables(db: Executor<MetadataTables>, scope: string) {
  const facts = <Row = FactRow>(text: string): Promise<Row[]> => queryText<Row, MetadataTables>(db, text, [scope]);
  return {
    loadCreatedInUse: () => facts(CREATED_IN_USE),
    loadMissingDependencies: () => facts(MISSING_DEPENDENCIES),
    loadMissingParents: () => facts(MISSING_PARENTS),
    loadChangedSince: () => facts<ChangedSinceRow>(CHANGED_SINCE),

    /** True when the undo writes or deletes an object of one of the given types. */
    async writesTypes(types: readonly number[]): Promise<boolean> {
      const rows = await queryText(
        db,
        `SELECT 1 FROM temp.undo_step WHERE kept = 0 AND type IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) LIMIT 1`,
        [JSON.stringify(types)],
      );
      return rows.length > 0;
    },

    async countSteps(): Promise<StepCounts> {
      const rows = await queryText<{ op: 'delete' | 'restore'; n: number }, MetadataTables>(db, STEPS_BY_OP);
      const count = (op: 'delete' | 'restore'): number => rows.find((row) => row.op === op)?.n ?? 0;
      return { deletes: count('delete'), restores: count('restore') };
    },

    /** Must come before `apply`: it compares with what is there now. */
    async journal(transactionId: number, { deletes, restores }: StepCounts): Promise<void> {
      await writeMany(db, { tables: ['journal_entry'], made: deletes + restores }, async () => {
        await runText(db, JOURNAL_ENTRIES, [transactionId, scope]);
      });
    },

    async apply({ deletes }: StepCounts): Promise<void> {
      await writeMany(db, { tables: ['object', 'object_reference'], deleted: deletes }, async () => {
        for (const statement of APPLY) await runText(db, statement, [scope]);
      });
    },
  };
}
