import type { Decision, ExistingObject, IncomingObject, PlanRow } from '@longshore/domain';
import { insertRows, queryText, runText, type Cell } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** Before the first entry in the planning order. */
export const PLAN_START = -1;

interface JoinedRow {
  position: number;
  role: IncomingObject['role'];
  action: IncomingObject['action'];
  absent: number;
  id: string;
  type: number;
  subtype: number;
  name: string;
  description: string;
  abbreviation: string;
  parent_id: string | null;
  owner_id: string;
  version: string;
  date_created: string;
  date_modified: string;
  hidden: number;
  acl_id: string;
  body_hash: string;
  contacts_hash: string | null;
  has_contents: number;
  changes_texts: number;
  o_type: number | null;
  o_subtype: number;
  o_name: string;
  o_description: string;
  o_abbreviation: string;
  o_parent_id: string | null;
  o_owner_id: string;
  o_version: string;
  o_date_created: string;
  o_date_modified: string;
  o_hidden: number;
  o_acl_id: string;
  o_body_hash: string;
  o_contacts_hash: string | null;
}

const JOINED = `
  SELECT s.*, CASE WHEN s.type <> 8 THEN 0
      WHEN EXISTS (SELECT 1 FROM temp.staged_parent p WHERE p.id = s.id) THEN 1
      WHEN EXISTS (SELECT 1 FROM object c WHERE c.scope = ?1 AND c.parent_id = s.id) THEN 1 ELSE 0 END AS has_contents,
    o.type AS o_type, o.subtype AS o_subtype, o.name AS o_name, o.description AS o_description,
    o.abbreviation AS o_abbreviation, o.parent_id AS o_parent_id, o.owner_id AS o_owner_id, o.version AS o_version,
    o.date_created AS o_date_created, o.date_modified AS o_date_modified, o.hidden AS o_hidden, o.acl_id AS o_acl_id,
    o.body_hash AS o_body_hash, o.contacts_hash AS o_contacts_hash
  FROM temp.staged_entry s LEFT JOIN object o ON o.scope = ?1 AND o.id = s.id
  WHERE s.position > ?2 ORDER BY s.position LIMIT ?3`;

const DECISION_COLUMNS = [
  'position',
  'id',
  'outcome',
  'action',
  'conflict',
  'role',
  'type',
  'name',
  'parent_id',
  'owner_id',
  'acl_id',
  'version',
  'date_created',
  'date_modified',
  'new_id',
  'version_before',
  'placed_anew',
  'reason',
] as const;

const DECISION_TABLE = [
  `DROP TABLE IF EXISTS temp.decision`,
  `CREATE TABLE temp.decision (
     position INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL, outcome TEXT NOT NULL, action TEXT NOT NULL, conflict TEXT NOT NULL, role TEXT NOT NULL,
     type INTEGER NOT NULL, name TEXT NOT NULL, parent_id TEXT, owner_id TEXT, acl_id TEXT, version TEXT,
     date_created TEXT, date_modified TEXT, new_id TEXT, version_before TEXT, placed_anew INTEGER NOT NULL,
     reason TEXT NOT NULL)`,
];

const DECISION_INDEXES = [
  `CREATE UNIQUE INDEX temp.decision_by_id ON decision (id)`,
  `CREATE INDEX temp.decision_by_outcome ON decision (outcome, id)`,
];

/** With its place in the planning order. */
export interface PlacedRow extends PlanRow {
  readonly position: number;
}

/** Joins the staged package with the target and keeps what was decided. */
export function planTables(db: Executor<MetadataTables>, scope: string) {
  return {
    async reset(): Promise<void> {
      for (const statement of DECISION_TABLE) await runText(db, statement);
    },

    /** The next chunk in planning order, and the position of its last entry; empty at the end. */
    async loadRows(after: number, limit: number): Promise<{ rows: PlacedRow[]; end: number }> {
      const joined = await queryText<JoinedRow, MetadataTables>(db, JOINED, [scope, after, limit]);
      const last = joined.at(-1);
      return {
        rows: joined.map((row) => ({ incoming: incomingOf(row), existing: existingOf(row), position: row.position })),
        end: last?.position ?? after,
      };
    },

    /** Adds the decisions about rows, in their order. */
    async addDecisions(decisions: readonly Decision[], rows: readonly PlacedRow[]): Promise<void> {
      await insertRows(
        db,
        { table: 'temp.decision', columns: DECISION_COLUMNS },
        rows.flatMap((row, index) => {
          const decision = decisions[index];
          return decision === undefined ? [] : [decisionRow(decision, row)];
        }),
      );
    },

    /** After the last decision: only then are decisions found by id or outcome. */
    async finish(): Promise<void> {
      for (const statement of DECISION_INDEXES) await runText(db, statement);
    },

    async rename(id: string, name: string): Promise<void> {
      await runText(db, `UPDATE temp.decision SET name = ? WHERE COALESCE(new_id, id) = ?`, [name, id]);
    },
  };
}

function incomingOf(row: JoinedRow): IncomingObject {
  return {
    role: row.role,
    action: row.action,
    absent: row.absent === 1,
    id: row.id,
    type: row.type,
    subtype: row.subtype,
    name: row.name,
    parentId: row.parent_id,
    ownerId: row.owner_id,
    version: row.version,
    dateCreated: row.date_created,
    dateModified: row.date_modified,
    description: row.description,
    abbreviation: row.abbreviation,
    hidden: row.hidden === 1,
    aclId: row.acl_id,
    bodyHash: row.body_hash,
    contactsHash: row.contacts_hash,
    hasContents: row.has_contents === 1,
    changesTexts: row.changes_texts === 1,
  };
}

function existingOf(row: JoinedRow): ExistingObject | null {
  if (row.o_type === null) return null;
  return {
    id: row.id,
    type: row.o_type,
    subtype: row.o_subtype,
    name: row.o_name,
    parentId: row.o_parent_id,
    ownerId: row.o_owner_id,
    version: row.o_version,
    dateModified: row.o_date_modified,
    dateCreated: row.o_date_created,
    description: row.o_description,
    abbreviation: row.o_abbreviation,
    hidden: row.o_hidden === 1,
    aclId: row.o_acl_id,
    bodyHash: row.o_body_hash,
    contactsHash: row.o_contacts_hash,
  };
}

/** A row of the decision table; `placed_anew` marks objects that get a name or folder they did not have before. */
function decisionRow(decision: Decision, { incoming, existing, position }: PlacedRow): Cell[] {
  const place = placeOf(decision) ?? { name: existing?.name ?? incoming.name, parentId: existing?.parentId ?? null };
  const written = writtenOf(decision);
  return [
    position,
    decision.id,
    decision.outcome,
    decision.action,
    decision.conflict,
    decision.role,
    decision.type,
    place.name,
    place.parentId,
    written.ownerId,
    written.aclId,
    written.version ?? existing?.version ?? null,
    written.dateCreated,
    written.dateModified,
    decision.outcome === 'duplicate' ? decision.newId : null,
    existing?.version ?? null,
    isPlacedAnew(decision, place, existing) ? 1 : 0,
    decision.reason,
  ];
}

function isPlacedAnew(decision: Decision, place: Place, existing: ExistingObject | null): boolean {
  if (decision.outcome === 'skip') return false;
  return existing === null || decision.outcome === 'duplicate' || isElsewhere(place, existing);
}

interface Place {
  readonly name: string;
  readonly parentId: string | null;
}

function isElsewhere(placed: Place, existing: ExistingObject): boolean {
  return placed.parentId !== existing.parentId || placed.name !== existing.name;
}

function placeOf(decision: Decision): Place | null {
  switch (decision.outcome) {
    case 'create':
    case 'replace':
    case 'move':
    case 'update_contacts':
    case 'update_translations':
    case 'duplicate':
      return { name: decision.name, parentId: decision.parentId };
    case 'keep':
    case 'delete':
    case 'skip':
      return null;
  }
}

interface Written {
  readonly ownerId: string | null;
  readonly aclId: string | null;
  readonly version: string | null;
  readonly dateCreated: string | null;
  readonly dateModified: string | null;
}

const NOTHING_WRITTEN: Written = { ownerId: null, aclId: null, version: null, dateCreated: null, dateModified: null };

function writtenOf(decision: Decision): Written {
  switch (decision.outcome) {
    case 'create':
    case 'replace':
      return decision;
    case 'duplicate': {
      const { ownerId, aclId, newVersion, date } = decision;
      return { ownerId, aclId, version: newVersion, dateCreated: date, dateModified: date };
    }
    case 'move':
    case 'update_contacts':
    case 'update_translations':
    case 'keep':
    case 'delete':
    case 'skip':
      return NOTHING_WRITTEN;
  }
}
