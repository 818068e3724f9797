import { isFolder, type PackageEntry } from '@longshore/domain';
import { analyzeTables, insertRows, queryText, runText, type Cell } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { addNew } from '../new-rows.repository.ts';
import { UNLESS_THERE } from '../new-rows.ts';
import type { InternedAcl } from './entry-facts.ts';
import { neededObjects } from './needed-objects.ts';
import {
  referenceRows,
  referenceStaging,
  referenceTables,
  STAGED_NAME,
  STAGED_NEED,
  STAGED_REFERENCE,
  type ReferenceStaging,
} from './reference-staging.ts';
import { namingUnstorable } from './unstorable.ts';

/** An entry with its definition text, as a package holds it. */
export interface StagedEntry {
  readonly entry: PackageEntry;
  readonly definition: string;
  readonly acl: InternedAcl;
}

/** With its place in the planning order. */
export interface PlacedEntry extends StagedEntry {
  readonly position: number;
}

/**
 * As what an entry is staged: `whole` with its body and its references, as `header` where the target has that body, and
 * as `settled` where the target has the identical object and the rule keeps it, so that there is nothing to decide.
 */
export type StagedAs = 'whole' | 'header' | 'settled';

/** Entries that follow each other in a package: the ids of all, and those that are staged whole or by their header. */
export interface StagedPart {
  readonly ids: readonly string[];
  readonly whole: readonly PlacedEntry[];
  readonly header: readonly PlacedEntry[];
}

/**
 * The order in which entries are planned: folders before what is in them (the package's own order), then deletions,
 * then the rest.
 */
function planOrder(entry: PackageEntry): number {
  if (isFolder(entry)) return 0;
  return entry.action === 'delete' ? 1 : 2;
}

/** How many entries of one plan order there is room for; more than a package can hold. */
const ENTRIES_OF_AN_ORDER = 2 ** 40;

/** SQL of the place that an entry has in the package, from the column with its position. */
export const placeInPackage = (position: string): string => `${position} % ${ENTRIES_OF_AN_ORDER}`;

const ENTRY_COLUMNS = [
  'position',
  'role',
  'action',
  'absent',
  'id',
  'type',
  'subtype',
  'name',
  'description',
  'abbreviation',
  'parent_id',
  'owner_id',
  'version',
  'date_created',
  'date_modified',
  'hidden',
  'acl_id',
  'body_hash',
  'contacts_hash',
] as const;

/**
 * Temporary tables live in files of their own: filling them takes no lock on the metadata. A position is the place in
 * the planning order, so that the table itself is in that order; `staged_parent` has the folders in which entries lie.
 * Bodies and references are there only of entries that may be written; `deferred_entry` has those of which they are not,
 * and of settled ones nothing is kept but how many they are. `staged_acl` has each different list once, and
 * `staged_trustee` those whom they are about.
 */
const TABLES = [
  `DROP TABLE IF EXISTS temp.staged_entry`,
  `DROP TABLE IF EXISTS temp.deferred_entry`,
  `DROP TABLE IF EXISTS temp.settled_count`,
  `DROP TABLE IF EXISTS temp.staged_parent`,
  `DROP TABLE IF EXISTS temp.staged_body`,
  `DROP TABLE IF EXISTS temp.staged_reference`,
  `DROP TABLE IF EXISTS temp.staged_need`,
  `DROP TABLE IF EXISTS temp.staged_name`,
  `DROP TABLE IF EXISTS temp.staged_acl`,
  `DROP TABLE IF EXISTS temp.staged_trustee`,
  `CREATE TABLE temp.staged_entry (
     position INTEGER NOT NULL PRIMARY KEY, role TEXT NOT NULL, action TEXT NOT NULL, absent INTEGER NOT NULL,
     id TEXT NOT NULL, type INTEGER NOT NULL, subtype INTEGER NOT NULL, name TEXT NOT NULL,
     description TEXT NOT NULL, abbreviation TEXT NOT NULL, parent_id TEXT, owner_id TEXT NOT NULL,
     version TEXT NOT NULL, date_created TEXT NOT NULL, date_modified TEXT NOT NULL, hidden INTEGER NOT NULL,
     acl_id TEXT NOT NULL, body_hash TEXT NOT NULL, contacts_hash TEXT, changes_texts INTEGER NOT NULL DEFAULT 0)`,
  `CREATE TABLE temp.deferred_entry (position INTEGER NOT NULL PRIMARY KEY)`,
  `CREATE TABLE temp.settled_count (n INTEGER NOT NULL)`,
  `CREATE TABLE temp.staged_parent (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID`,
  `CREATE TABLE temp.staged_body (
     position INTEGER NOT NULL PRIMARY KEY, definition TEXT NOT NULL, translations TEXT NOT NULL, uses TEXT NOT NULL)`,
  `CREATE TABLE temp.staged_acl (id TEXT NOT NULL PRIMARY KEY, entries TEXT NOT NULL)`,
  `CREATE TABLE temp.staged_trustee (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID`,
];

/** Only what statements join and choose by: definitions are large. */
const ANALYZED = [
  'temp.staged_entry',
  'temp.staged_parent',
  'temp.staged_body (position)',
  'staged_reference',
  'staged_need',
  'staged_name (id)',
  'temp.staged_trustee',
];

/** An index of many rows is built for a fraction of what it costs to keep it up. */
const INDEX_BY_ID = `CREATE UNIQUE INDEX temp.staged_entry_by_id ON staged_entry (id)`;

/** Decisions that write what the package says of an object, which therefore has to be staged. */
const INCOMPLETE_ENTRY = `temp.deferred_entry e JOIN temp.decision d ON d.position = e.position
  WHERE d.outcome NOT IN ('keep', 'skip', 'move', 'delete')`;

const ANY_INCOMPLETE = `SELECT 1 FROM ${INCOMPLETE_ENTRY} LIMIT 1`;

const INCOMPLETE = `
  SELECT d.id, d.position FROM ${INCOMPLETE_ENTRY} AND d.id IN (SELECT value FROM json_each(?1))`;

/** References are staged in temporary tables, too. */
export async function referencesHere(db: Executor<MetadataTables>): Promise<ReferenceStaging> {
  for (const statement of referenceTables('temp')) await runText(db, statement);
  return referenceStaging((into, rows) => insertRows(db, into, rows));
}

/** The staging area of one import; belongs to one connection. */
export function staging(db: Executor<MetadataTables>) {
  return { ...stagedContents(db), ...stagedFacts(db) };
}

/** Empties the staging tables. */
export async function resetStaging(db: Executor<MetadataTables>): Promise<void> {
  for (const statement of TABLES) await runText(db, statement);
}

/** Fills the staging tables with the entries of a package, and has what they refer to staged. */
export function stagingWrites(db: Executor<MetadataTables>, references: ReferenceStaging) {
  const knownAcls = new Set<string>();
  const knownTrustees = new Set<string>();
  const knownParents = new Set<string>();
  let settledCount = 0;
  const addPart = async ({ ids: held, whole, header }: StagedPart): Promise<void> => {
    const open = [...whole, ...header];
    await references.add(neededObjects(held, whole));
    await insertRows(db, { table: 'temp.staged_entry', columns: ENTRY_COLUMNS }, open.map(entryRow));
    await insertRows(db, STAGED_BODY, whole.map(bodyRow));
    settledCount += held.length - open.length;
    await insertRows(
      db,
      { table: 'temp.deferred_entry', columns: ['position'] },
      header.map(({ position }) => [position]),
    );
    await addNew(db, { table: 'temp.staged_parent', columns: ['id'] }, parentsOf(open), knownParents);
    const lists = open.filter(({ acl }) => !knownAcls.has(acl.id));
    await addNew(db, { table: 'temp.staged_acl', columns: ['id', 'entries'] }, aclsOf(lists), knownAcls);
    await addNew(db, { table: 'temp.staged_trustee', columns: ['id'] }, trusteesOf(lists), knownTrustees);
  };
  return {
    /**
     * Adds the next entries of the package; those in neither list are settled.
     * @throws Unstorable, and what `ReferenceStaging.add` does
     */
    add: (part: StagedPart): Promise<void> => addPart(part).catch(namingUnstorable([...part.whole, ...part.header])),

    /** After the last entry. */
    async finish(): Promise<void> {
      await references.finish();
      await runText(db, `INSERT INTO temp.settled_count (n) VALUES (?)`, [settledCount]);
      await runText(db, INDEX_BY_ID);
      await analyzeTables(db, ANALYZED);
    },
  };
}

function stagedContents(db: Executor<MetadataTables>) {
  const knownNames = new Set<string>();
  const knownNeeds = new Set<string>();
  const addPart = async (batch: readonly PlacedEntry[]): Promise<void> => {
    const needed = neededObjects([], batch);
    await insertRows(db, STAGED_BODY, batch.map(bodyRow));
    await insertRows(db, STAGED_REFERENCE, referenceRows(needed));
    await addNew(db, STAGED_NAME, needed.names, knownNames);
    await addNew(
      db,
      STAGED_NEED,
      needed.ids.map((id): [string] => [id]),
      knownNeeds,
    );
  };
  return {
    /**
     * Adds what entries consist of and what they need, of entries that were added without it.
     * @throws Unstorable
     */
    addContents: (batch: readonly PlacedEntry[]): Promise<void> => addPart(batch).catch(namingUnstorable(batch)),
  };
}

function stagedFacts(db: Executor<MetadataTables>) {
  return {
    /** Those of the access control lists that are staged, by key. */
    async loadAcls(aclIds: readonly string[]): Promise<Map<string, string>> {
      const rows = await queryText<{ id: string; entries: string }, MetadataTables>(
        db,
        `SELECT id, entries FROM temp.staged_acl WHERE id IN (SELECT value FROM json_each(?))`,
        [JSON.stringify(aclIds)],
      );
      return new Map(rows.map((row) => [row.id, row.entries]));
    },

    /** Stages access control lists that the plan has made of others, as key and text. */
    async addAcls(lists: readonly (readonly [id: string, entries: string])[]): Promise<void> {
      const into = { table: 'temp.staged_acl', columns: ['id', 'entries'], onConflict: UNLESS_THERE };
      await insertRows(db, into, lists);
    },

    /** Distinct owners of the package's objects. */
    async loadOwners(): Promise<string[]> {
      const rows = await queryText<{ id: string }, MetadataTables>(
        db,
        `SELECT DISTINCT owner_id AS id FROM temp.staged_entry WHERE absent = 0`,
      );
      return rows.map((row) => row.id);
    },

    /** Users and groups that the package brings along. */
    async loadPrincipals(): Promise<string[]> {
      const rows = await queryText<{ id: string }, MetadataTables>(
        db,
        `SELECT id FROM temp.staged_entry WHERE type = 34 AND action <> 'delete'`,
      );
      return rows.map((row) => row.id);
    },

    /** Those of the given entries that will be written, although what they consist of is not staged; by id. */
    async loadIncomplete(ids: readonly string[]): Promise<Map<string, number>> {
      const rows = await queryText<{ id: string; position: number }, MetadataTables>(db, INCOMPLETE, [
        JSON.stringify(ids),
      ]);
      return new Map(rows.map((row) => [row.id, row.position]));
    },

    /** True when there are any. */
    async isIncomplete(): Promise<boolean> {
      return (await queryText(db, ANY_INCOMPLETE)).length > 0;
    },

    async count(): Promise<number> {
      const rows = await queryText<{ n: number }, MetadataTables>(db, `SELECT count(*) AS n FROM temp.staged_entry`);
      return rows[0]?.n ?? 0;
    },
  };
}

/** Where an entry with `seq` entries before it stands in the planning order. */
export const positionOf = (entry: PackageEntry, seq: number): number => planOrder(entry) * ENTRIES_OF_AN_ORDER + seq;

function parentsOf(batch: readonly StagedEntry[]): (readonly [string])[] {
  return batch.flatMap(({ entry }): (readonly [string])[] =>
    entry.absent || entry.parentId === null ? [] : [[entry.parentId]],
  );
}

const aclsOf = (batch: readonly StagedEntry[]): (readonly [string, string])[] =>
  batch.map(({ acl }): readonly [string, string] => [acl.id, acl.text]);

function* trusteesOf(batch: readonly StagedEntry[]): Generator<readonly [string]> {
  for (const { entry } of batch) for (const { trusteeId } of entry.acl) yield [trusteeId];
}

const STAGED_BODY = { table: 'temp.staged_body', columns: ['position', 'definition', 'translations', 'uses'] };

const bodyRow = ({ entry, definition, position }: PlacedEntry): Cell[] => [
  position,
  definition,
  entry.translations,
  entry.uses,
];

function entryRow({ entry, acl, position }: PlacedEntry): Cell[] {
  return [
    position,
    entry.role,
    entry.action,
    entry.absent ? 1 : 0,
    entry.id,
    entry.type,
    entry.subtype,
    entry.name,
    entry.description,
    entry.abbreviation,
    entry.parentId,
    entry.ownerId,
    entry.version,
    entry.dateCreated,
    entry.dateModified,
    entry.hidden ? 1 : 0,
    acl.id,
    entry.bodyHash,
    entry.contactsHash,
  ];
}
