import { scopeOf, type UndoDelete, type UndoRestore } from '@longshore/domain';
import { analyzeTables, insertRows, queryText, runText, type Cell } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../../platform/db/metadata-schema.ts';
import { aclKey } from '../../../platform/hash.ts';
import { BODY_COLUMNS, OBJECT_COLUMNS, objectCells, REFERENCE_COLUMNS } from '../../objects/object-rows.ts';
import { addNew } from '../new-rows.repository.ts';

/** A before-image with what is derived from its definition. */
export interface RestoreRow {
  readonly record: UndoRestore;
  readonly definition: string;
  readonly contactsHash: string | null;
  readonly references: readonly { readonly id: string; readonly type: number | null }[];
}

/**
 * `temp.undo_step` is what the undo will do with each object; `kept` marks created folders that stay.
 * `temp.undo_dangling` holds needs that led nowhere before the import, and may do so again, `temp.undo_namesake` objects that
 * had the name of a restored one before the import, and `temp.undo_acl` the access control lists of what is restored, each once.
 */
const TABLES = [
  `DROP TABLE IF EXISTS temp.undo_step`,
  `DROP TABLE IF EXISTS temp.undo_object`,
  `DROP TABLE IF EXISTS temp.undo_body`,
  `DROP TABLE IF EXISTS temp.undo_reference`,
  `DROP TABLE IF EXISTS temp.undo_dangling`,
  `DROP TABLE IF EXISTS temp.undo_acl`,
  `DROP TABLE IF EXISTS temp.undo_namesake`,
  `CREATE TABLE temp.undo_step (
     id TEXT NOT NULL PRIMARY KEY, op TEXT NOT NULL, type INTEGER NOT NULL, name TEXT NOT NULL, parent_id TEXT,
     written_version TEXT, kept INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE temp.undo_object AS SELECT * FROM object WHERE 1 = 0`,
  `CREATE TABLE temp.undo_body AS SELECT * FROM object_body WHERE 1 = 0`,
  `CREATE TABLE temp.undo_reference (
     scope TEXT NOT NULL, from_id TEXT NOT NULL, to_id TEXT NOT NULL, to_type INTEGER,
     PRIMARY KEY (from_id, to_id)) WITHOUT ROWID`,
  `CREATE TABLE temp.undo_dangling (from_id TEXT NOT NULL, to_id TEXT NOT NULL)`,
  `CREATE INDEX temp.undo_dangling_pairs ON undo_dangling (from_id, to_id)`,
  `CREATE TABLE temp.undo_acl (id TEXT NOT NULL PRIMARY KEY, entries TEXT NOT NULL)`,
  `CREATE TABLE temp.undo_namesake (other_id TEXT NOT NULL, id TEXT NOT NULL)`,
  `CREATE INDEX temp.undo_namesake_by_other ON undo_namesake (other_id)`,
];

/** An index of many rows is built for a fraction of what it costs to keep it up. */
const INDEXES = [
  `CREATE INDEX temp.undo_step_by_parent ON undo_step (parent_id)`,
  `CREATE INDEX temp.undo_body_by_id ON undo_body (id)`,
];

/** Only what statements join and choose by: definitions are large. */
const ANALYZED = [
  'temp.undo_step',
  'temp.undo_object',
  'temp.undo_body (scope, id)',
  'temp.undo_reference',
  'temp.undo_dangling',
  'temp.undo_namesake',
];

const STEP = ['id', 'op', 'type', 'name', 'parent_id', 'written_version', 'kept'];

/** The staging area of one undo; belongs to one connection. */
export function undoStaging(db: Executor<MetadataTables>) {
  const knownAcls = new Set<string>();
  const addDangling = (rows: readonly Cell[][]): Promise<void> =>
    insertRows(db, { table: 'temp.undo_dangling', columns: ['from_id', 'to_id'] }, rows);
  return {
    async reset(): Promise<void> {
      for (const statement of TABLES) await runText(db, statement);
    },

    async addDeletes(records: readonly UndoDelete[]): Promise<void> {
      await insertRows(
        db,
        { table: 'temp.undo_step', columns: STEP },
        records.map((r): Cell[] => [r.id, 'delete', r.type, r.name, null, r.version, 0]),
      );
      await addDangling(records.flatMap((r) => (r.danglingFrom ?? []).map((from): Cell[] => [from, r.id])));
    },

    async addRestores(rows: readonly RestoreRow[]): Promise<void> {
      await insertRows(db, { table: 'temp.undo_step', columns: STEP }, rows.map(stepRow));
      await addDangling(rows.flatMap(({ record: r }) => (r.danglingTo ?? []).map((to): Cell[] => [r.header.id, to])));
      const namesakes = rows.flatMap(({ record: r }) =>
        (r.namesakes ?? []).map((other): Cell[] => [other, r.header.id]),
      );
      await insertRows(db, { table: 'temp.undo_namesake', columns: ['other_id', 'id'] }, namesakes);
      const objects = rows.map((row) => ({ ...row, aclId: aclKey(row.record.header.acl) }));
      await insertRows(
        db,
        { table: 'temp.undo_object', columns: OBJECT_COLUMNS },
        objects.map((object) => objectCells(objectRow(object))),
      );
      const lists = objects.map(({ aclId, record }) => [aclId, record.header.acl] as const);
      await addNew(db, { table: 'temp.undo_acl', columns: ['id', 'entries'] }, lists, knownAcls);
      await insertRows(db, { table: 'temp.undo_body', columns: BODY_COLUMNS }, rows.map(bodyRow));
      await insertRows(
        db,
        { table: 'temp.undo_reference', columns: REFERENCE_COLUMNS },
        rows.flatMap(({ record: { header: h }, references }) =>
          references.map((r): Cell[] => [scopeOf(h.projectId), h.id, r.id, r.type]),
        ),
      );
    },

    /** After the last record. */
    async finish(): Promise<void> {
      for (const statement of INDEXES) await runText(db, statement);
      await analyzeTables(db, ANALYZED);
    },

    /** Keeps created folders that would not be empty, from the deepest up, until none is left to mark. */
    async keepFoldersInUse(scope: string): Promise<void> {
      while ((await runText(db, KEEP_FOLDERS, [scope])) > 0);
    },

    async loadKeptFolders(): Promise<{ id: string; type: number; name: string }[]> {
      return queryText(db, `SELECT id, type, name FROM temp.undo_step WHERE kept = 1 ORDER BY id`);
    },
  };
}

/** False for what named the folder as its own before the import made it. */
const IN_FOLDER_ANEW = (id: string): string =>
  `NOT EXISTS (SELECT 1 FROM temp.undo_dangling n WHERE n.from_id = ${id} AND n.to_id = undo_step.id)`;

/** Something stays in the folder that the undo neither deletes nor puts elsewhere. */
const KEEP_FOLDERS = `
  UPDATE temp.undo_step SET kept = 1 WHERE op = 'delete' AND type = 8 AND kept = 0 AND (
    EXISTS (SELECT 1 FROM object c WHERE c.scope = ?1 AND c.parent_id = undo_step.id AND ${IN_FOLDER_ANEW('c.id')} AND NOT EXISTS (
      SELECT 1 FROM temp.undo_step s WHERE s.id = c.id AND s.kept = 0
        AND (s.op = 'delete' OR s.parent_id IS NOT undo_step.id)))
    OR EXISTS (SELECT 1 FROM temp.undo_step r WHERE r.op = 'restore' AND r.parent_id = undo_step.id
      AND ${IN_FOLDER_ANEW('r.id')}))`;

/** With the key of its access control list. */
interface InternedRow extends RestoreRow {
  readonly aclId: string;
}

function stepRow({ record: { header: h, writtenVersion } }: RestoreRow): Cell[] {
  return [h.id, 'restore', h.type, h.name, h.parentId, writtenVersion, 0];
}

function bodyRow({ record: { header: h }, definition }: RestoreRow): Cell[] {
  return [scopeOf(h.projectId), h.id, definition, h.translations, h.uses];
}

function objectRow({ record: { header: h, bodyHash }, contactsHash, aclId }: InternedRow): ObjectTable {
  return {
    scope: scopeOf(h.projectId),
    id: h.id,
    type: h.type,
    subtype: h.subtype,
    name: h.name,
    description: h.description,
    abbreviation: h.abbreviation,
    parent_id: h.parentId,
    owner_id: h.ownerId,
    version: h.version,
    date_created: h.dateCreated,
    date_modified: h.dateModified,
    hidden: h.hidden ? 1 : 0,
    acl_id: aclId,
    body_hash: bodyHash,
    contacts_hash: contactsHash,
  };
}
