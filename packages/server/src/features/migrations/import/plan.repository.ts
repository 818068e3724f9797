import type { Decision, ExistingObject, IncomingObject, PlanRow } from '@longshore/domain';
import { analyzeTables, insertRows, queryCells, runText, type Cell } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** Before the first entry in the planning order. */
export const PLAN_START = -1;

/** The columns that an entry and the object on the target have alike, in the order of `ObjectCells`. */
const OBJECT_COLUMNS = [
  'id',
  'type',
  'subtype',
  'name',
  'parent_id',
  'owner_id',
  'version',
  'date_created',
  'date_modified',
  'description',
  'abbreviation',
  'hidden',
  'acl_id',
  'body_hash',
  'contacts_hash',
];

type ObjectCells = readonly [
  id: string,
  type: number,
  subtype: number,
  name: string,
  parentId: string | null,
  ownerId: string,
  version: string,
  dateCreated: string,
  dateModified: string,
  description: string,
  abbreviation: string,
  hidden: number,
  aclId: string,
  bodyHash: string,
  contactsHash: string | null,
];

type EntryCells = readonly [
  position: number,
  role: IncomingObject['role'],
  action: IncomingObject['action'],
  absent: number,
  changesTexts: number,
  hasContents: number,
];
const ENTRY_CELLS = 6;

const columnsOf = (table: string): string =>
  OBJECT_COLUMNS.map((column) => `${table}.${column} AS ${table}_${column}`).join(', ');

/** A row has the cells of the entry, its object, and the object on the target; those are all null where there is none. */
const JOINED = `
  SELECT s.position, s.role, s.action, s.absent, s.changes_texts, CASE WHEN s.type <> 8 THEN 0
      WHEN EXISTS (SELECT 1 FROM temp.staged_parent p WHERE p.id = s.id) THEN 1
      WHEN EXISTS (SELECT 1 FROM object c WHERE c.scope = ?1 AND c.parent_id = s.id) THEN 1 ELSE 0 END AS has_contents,
    ${columnsOf('s')}, ${columnsOf('o')}
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

/**
 * SQL that is true of a decision that gives its object a name or folder that it did not have. What a copy is given says
 * nothing of the object that it is a copy of: that one stays as it is.
 */
export const IS_PLACED = (decision: string): string => `${decision}.placed_anew = 1 AND ${decision}.new_id IS NULL`;

/** What is asked of each reference, whether its object is made or deleted, has indexes that hold just those. */
const DECISION_INDEXES = [
  `CREATE UNIQUE INDEX temp.decision_by_id ON decision (id)`,
  `CREATE INDEX temp.decision_by_outcome ON decision (outcome, id)`,
  `CREATE INDEX temp.decision_deleted ON decision (id) WHERE outcome = 'delete'`,
  `CREATE INDEX temp.decision_created ON decision (id, type) WHERE outcome = 'create'`,
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
      const rows = (await queryCells(db, JOINED, [scope, after, limit])).map(placedRow);
      return { rows, end: rows.at(-1)?.position ?? after };
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
      await analyzeTables(db, ['temp.decision']);
    },

    async rename(id: string, name: string): Promise<void> {
      await runText(db, `UPDATE temp.decision SET name = ? WHERE COALESCE(new_id, id) = ?`, [name, id]);
    },
  };
}

function placedRow(row: readonly Cell[]): PlacedRow {
  const [position, role, action, absent, changesTexts, hasContents] = row as unknown as EntryCells;
  const objectAt = (start: number): ExistingObject =>
    objectOf(row.slice(start, start + OBJECT_COLUMNS.length) as unknown as ObjectCells);
  const there = ENTRY_CELLS + OBJECT_COLUMNS.length;
  return {
    position,
    incoming: {
      role,
      action,
      absent: absent === 1,
      ...objectAt(ENTRY_CELLS),
      hasContents: hasContents === 1,
      changesTexts: changesTexts === 1,
    },
    existing: row[there] === null ? null : objectAt(there),
  };
}

function objectOf(cells: ObjectCells): ExistingObject {
  const [id, type, subtype, name, parentId, ownerId, version, dateCreated, dateModified, ...others] = cells;
  const [description, abbreviation, hidden, aclId, bodyHash, contactsHash] = others;
  return {
    id,
    type,
    subtype,
    name,
    parentId,
    ownerId,
    version,
    dateCreated,
    dateModified,
    description,
    abbreviation,
    hidden: hidden === 1,
    aclId,
    bodyHash,
    contactsHash,
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
