import { CONFIGURATION_SCOPE } from '@longshore/domain';
import { queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { IS_PLACED } from './plan.repository.ts';

/**
 * Facts about the target as it will be once the decisions are applied, found by joins. Each query returns a bounded
 * number of rows: one is enough to stop the import, and a message that names a thousand helps nobody.
 */
const MOST_FACTS = 200;

/** Decisions after which the object's references are those that are staged. */
const REWRITTEN = `('create', 'replace', 'duplicate', 'update_contacts')`;

/** A user that gets contacts keeps what it needs besides, which may have been missing before. */
const IS_ADDED = `(d.outcome <> 'update_contacts' OR NOT EXISTS (
  SELECT 1 FROM object_reference k WHERE k.scope = ?1 AND k.from_id = d.id AND k.to_id = r.to_id))`;

/** The import deletes it. Of the indexes on decisions, the one that holds nothing else is smaller by far. */
const DELETED = (id: string): string =>
  `EXISTS (SELECT 1 FROM temp.decision x INDEXED BY decision_deleted WHERE x.id = ${id} AND x.outcome = 'delete')`;

const CREATED = (id: string): string =>
  `EXISTS (SELECT 1 FROM temp.decision c INDEXED BY decision_created WHERE c.id = ${id} AND c.outcome = 'create')`;

/** Whether it is on the target, and stays there. */
const REMAINS = (id: string): string => `(
  EXISTS (SELECT 1 FROM object e WHERE e.scope = ?1 AND e.id = ${id} AND NOT ${DELETED(id)})
  OR (?1 <> '${CONFIGURATION_SCOPE}'
    AND EXISTS (SELECT 1 FROM object k WHERE k.scope = '${CONFIGURATION_SCOPE}' AND k.id = ${id})))`;

/** The name that the package tells of an object that it does not hold. */
const NAME_OF = (id: string): string => `COALESCE((SELECT n.name FROM staged_name n WHERE n.id = ${id}), '')`;

/**
 * What will not be there, of all that may be needed: of what the package does not hold, and of what it holds and the import
 * does not make. Each is looked for once, however many need it.
 */
const MISSING = `
  missing AS MATERIALIZED (
    SELECT n.id AS to_id FROM staged_need n WHERE NOT ${CREATED('n.id')} AND NOT ${REMAINS('n.id')}
    UNION SELECT d.id FROM temp.decision d WHERE d.outcome <> 'create' AND NOT ${REMAINS('d.id')})`;

/** Nearly always nothing is missing; then no reference is looked at. */
const IS_MISSING = (id: string): string => `EXISTS (SELECT 1 FROM missing) AND ${id} IN (SELECT to_id FROM missing)`;

const MISSING_DEPENDENCIES = `
  WITH ${MISSING}
  SELECT d.id, d.type, d.name, r.to_id AS "otherId", r.to_type AS "otherType", ${NAME_OF('r.to_id')} AS "otherName"
  FROM temp.decision d JOIN staged_reference r ON r.position = d.position
  WHERE d.outcome IN ${REWRITTEN} AND ${IS_MISSING('r.to_id')} AND ${IS_ADDED}
  ORDER BY d.type, d.id, r.to_id LIMIT ${MOST_FACTS}`;

/** The same, one row for each missing object: how many objects need it, and the first of them. */
const DANGLING_REFERENCES = `
  WITH ${MISSING}, dangling AS (
    SELECT d.id, d.type, d.name, r.to_id AS "otherId", r.to_type AS "otherType", ${NAME_OF('r.to_id')} AS "otherName",
      count(*) OVER (PARTITION BY r.to_id) AS "objectCount",
      row_number() OVER (PARTITION BY r.to_id ORDER BY d.type, d.id) AS place
    FROM temp.decision d JOIN staged_reference r ON r.position = d.position
    WHERE d.outcome IN ${REWRITTEN} AND ${IS_MISSING('r.to_id')} AND ${IS_ADDED})
  SELECT id, type, name, "otherId", "otherType", "otherName", "objectCount", count(*) OVER () AS total
  FROM dangling WHERE place = 1 ORDER BY "otherId" LIMIT ${MOST_FACTS}`;

/**
 * A user that gets contacts uses what it keeps of its needs; what it needs newly is told as missing. A configuration object
 * is also used by projects, unless the project has an object of its own under that id.
 */
const USED_DELETES = `
  SELECT d.id, d.type, d.name, u.id AS "otherId", u.type AS "otherType", u.name AS "otherName"
  FROM temp.decision d JOIN object_reference r ON r.to_id = d.id
    JOIN object u ON u.scope = r.scope AND u.id = r.from_id
  WHERE d.outcome = 'delete' AND (
    (r.scope = ?1 AND NOT EXISTS (
      SELECT 1 FROM temp.decision x WHERE x.id = u.id AND (x.outcome IN ('delete', 'replace')
        OR (x.outcome = 'update_contacts' AND NOT EXISTS (
          SELECT 1 FROM staged_reference s WHERE s.position = x.position AND s.to_id = d.id)))))
    OR (r.scope <> ?1 AND ?1 = '${CONFIGURATION_SCOPE}' AND NOT EXISTS (
      SELECT 1 FROM object p WHERE p.scope = r.scope AND p.id = d.id)))
  ORDER BY d.type, d.id, u.id LIMIT ${MOST_FACTS}`;

const MISSING_PARENTS = `
  WITH missing AS MATERIALIZED (
    SELECT n.id FROM (SELECT DISTINCT parent_id AS id FROM temp.decision WHERE placed_anew = 1 AND parent_id IS NOT NULL) n
    WHERE NOT EXISTS (SELECT 1 FROM object p WHERE p.scope = ?1 AND p.id = n.id AND p.type = 8 AND NOT ${DELETED('p.id')})
      AND NOT EXISTS (SELECT 1 FROM temp.decision c INDEXED BY decision_created
        WHERE c.id = n.id AND c.outcome = 'create' AND c.type = 8))
  SELECT d.id, d.type, d.name, d.parent_id AS "otherId", 8 AS "otherType", '' AS "otherName"
  FROM temp.decision d
  WHERE d.placed_anew = 1 AND d.parent_id IN (SELECT id FROM missing)
  ORDER BY d.type, d.id LIMIT ${MOST_FACTS}`;

const NON_EMPTY_FOLDER_DELETES = `
  SELECT d.id, d.type, d.name, c.id AS "otherId", c.type AS "otherType", c.name AS "otherName"
  FROM temp.decision d JOIN object c ON c.scope = ?1 AND c.parent_id = d.id
  WHERE d.outcome = 'delete' AND d.type = 8 AND NOT EXISTS (
    SELECT 1 FROM temp.decision x WHERE x.id = c.id AND (x.outcome = 'delete' OR (${IS_PLACED('x')})))
  ORDER BY d.id, c.id LIMIT ${MOST_FACTS}`;

/** One fact: an object of the plan, and the other object that it is about. */
export interface FactRow {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly otherId: string;
  readonly otherType: number | null;
  readonly otherName: string;
}

/** Something that is missing; `id`, `type` and `name` are of the first object that needs it. */
export interface DanglingRow extends FactRow {
  readonly objectCount: number;
  /** Of all missing objects. */
  readonly total: number;
}

export function postImage(db: Executor<MetadataTables>, scope: string) {
  const facts = <Row = FactRow>(text: string): Promise<Row[]> => queryText<Row, MetadataTables>(db, text, [scope]);
  return {
    loadMissingDependencies: () => facts(MISSING_DEPENDENCIES),
    loadDanglingReferences: () => facts<DanglingRow>(DANGLING_REFERENCES),
    loadUsedDeletes: () => facts(USED_DELETES),
    loadMissingParents: () => facts(MISSING_PARENTS),
    loadNonEmptyFolderDeletes: () => facts(NON_EMPTY_FOLDER_DELETES),
  };
}
