import { CONFIGURATION_SCOPE, FOLDER_TYPE, USER_TYPE } from '@longshore/domain';
import { insertRows, queryText, runText, type Cell } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import {
  BODY_COLUMNS,
  OBJECT_COLUMNS,
  objectCells,
  REFERENCE_COLUMNS,
  type ObjectRecord,
} from '../objects/object-rows.ts';

/** What became of an object that was put; nothing is put when one of them has another type. */
export type PutOutcome = 'created' | 'updated' | 'other-type';

/** A place in the input that waits for something that may come later in it. */
export interface AwaitedFolder {
  readonly scope: string;
  readonly parent_id: string;
  readonly line: number;
}

/** Objects of one owner in one folder that inherit their access control list. */
export interface InheritingGroup {
  readonly scope: string;
  readonly parent_id: string;
  readonly owner_id: string;
  readonly is_folder: number;
}

/** `ON CONFLICT` of an insert that puts rows in the place of those with their key; keys and types do not change. */
const replacing = (key: string, columns: readonly string[]): string =>
  `(${key}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`;

const OBJECTS = {
  table: 'object',
  columns: OBJECT_COLUMNS,
  onConflict: replacing(
    'scope, id',
    OBJECT_COLUMNS.filter((column) => column !== 'scope' && column !== 'id' && column !== 'type'),
  ),
};
const BODIES = {
  table: 'object_body',
  columns: BODY_COLUMNS,
  onConflict: replacing('scope, id', ['definition', 'translations', 'uses']),
};
const EDGES = { table: 'object_reference', columns: REFERENCE_COLUMNS };
const ACLS = { table: 'acl', columns: ['id', 'entries'], onConflict: '(id) DO NOTHING' };

const TEMPORARY_TABLES = [
  `CREATE TABLE temp.awaited_folder (
     scope TEXT NOT NULL, parent_id TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (scope, parent_id)) WITHOUT ROWID`,
  `CREATE TABLE temp.inheriting (
     scope TEXT NOT NULL, parent_id TEXT NOT NULL, owner_id TEXT NOT NULL, is_folder INTEGER NOT NULL, id TEXT NOT NULL,
     PRIMARY KEY (scope, id)) WITHOUT ROWID`,
  `CREATE INDEX temp.inheriting_by_group ON inheriting (scope, parent_id, owner_id, is_folder)`,
];
const AWAITED = {
  table: 'temp.awaited_folder',
  columns: ['scope', 'parent_id', 'line'],
  onConflict: '(scope, parent_id) DO NOTHING',
};
const INHERITING = {
  table: 'temp.inheriting',
  columns: ['scope', 'parent_id', 'owner_id', 'is_folder', 'id'],
  onConflict: replacing('scope, id', ['parent_id', 'owner_id', 'is_folder']),
};

type Db = Executor<MetadataTables>;

/** The statements of a bulk load: batches of objects, each in a few statements. Belongs to one connection. */
export function loadStatements(db: Db) {
  return {
    async prepare(): Promise<void> {
      for (const statement of TEMPORARY_TABLES) await runText(db, statement);
    },
    ...objectStatements(db),
    ...folderStatements(db),
    ...inheritanceStatements(db),
    ...checkStatements(db),
  };
}

export type LoadStatements = ReturnType<typeof loadStatements>;

function objectStatements(db: Db) {
  const interned = new Set<string>();
  const internAcls = async (acls: readonly (readonly [string, string])[]): Promise<void> => {
    const unseen = new Map(acls.filter(([id]) => !interned.has(id)));
    await insertRows(db, ACLS, [...unseen]);
    if (interned.size >= MAX_REMEMBERED) interned.clear();
    for (const id of unseen.keys()) interned.add(id);
  };
  return {
    async countObjects(): Promise<number> {
      const rows = await queryText<{ objects: number }, MetadataTables>(db, 'SELECT count(*) AS objects FROM object');
      return rows[0]?.objects ?? 0;
    },
    internAcl: (id: string, entries: string): Promise<void> => internAcls([[id, entries]]),

    /** Puts objects of different keys; the outcomes are in their order. */
    async putObjects(records: readonly ObjectRecord[]): Promise<PutOutcome[]> {
      const types = await loadTypes(db, records);
      const outcomes = records.map(({ row }): PutOutcome => outcomeOf(types.get(keyOf(row.scope, row.id)), row.type));
      if (outcomes.includes('other-type')) return outcomes;
      await internAcls(records.map(({ row, aclEntries }): [string, string] => [row.acl_id, aclEntries]));
      await insertRows(
        db,
        OBJECTS,
        records.map(({ row }) => objectCells(row)),
      );
      await insertRows(
        db,
        BODIES,
        records.map(({ row, body }) => [row.scope, row.id, body.definition, body.translations, body.uses]),
      );
      await removeEdges(
        db,
        records.filter((_, index) => outcomes[index] === 'updated'),
      );
      await insertRows(
        db,
        EDGES,
        records.flatMap(({ row, references }) => references.map((r): Cell[] => [row.scope, row.id, r.id, r.type])),
      );
      return outcomes;
    },
  };
}

function outcomeOf(existing: number | undefined, type: number): PutOutcome {
  if (existing === undefined) return 'created';
  return existing === type ? 'updated' : 'other-type';
}

const keyOf = (scope: string, id: string): string => scope + id;

/** Ids by scope, as JSON lists. */
function idsByScope(keys: readonly { readonly scope: string; readonly id: string }[]): [string, string][] {
  const groups = Map.groupBy(keys, (key) => key.scope);
  return [...groups].map(([scope, members]) => [scope, JSON.stringify(members.map(({ id }) => id))]);
}

/** Types of the objects that are there, by key. */
async function loadTypes(db: Db, records: readonly ObjectRecord[]): Promise<Map<string, number>> {
  const types = new Map<string, number>();
  for (const [scope, ids] of idsByScope(records.map(({ row }) => row))) {
    const text = 'SELECT id, type FROM object WHERE scope = ? AND id IN (SELECT value FROM json_each(?))';
    const rows = await queryText<{ id: string; type: number }, MetadataTables>(db, text, [scope, ids]);
    for (const { id, type } of rows) types.set(keyOf(scope, id), type);
  }
  return types;
}

async function removeEdges(db: Db, records: readonly ObjectRecord[]): Promise<void> {
  for (const [scope, ids] of idsByScope(records.map(({ row }) => row))) {
    const text = 'DELETE FROM object_reference WHERE scope = ? AND from_id IN (SELECT value FROM json_each(?))';
    await runText(db, text, [scope, ids]);
  }
}

/** Bounds what is remembered of lists and folders, each some hundred bytes. */
const MAX_REMEMBERED = 200_000;

const MISSING = `
  SELECT * FROM temp.awaited_folder a
  WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.scope = a.scope AND o.id = a.parent_id AND o.type = ?)
  ORDER BY line LIMIT 1`;

const CIRCLE = `
  WITH RECURSIVE reached(id) AS (
    SELECT id FROM object WHERE scope = ?1 AND type = ?2 AND parent_id IS NULL
    UNION
    SELECT o.id FROM reached CROSS JOIN object o INDEXED BY object_by_parent
    ON o.scope = ?1 AND o.parent_id = reached.id AND o.type = ?2)
  SELECT id, name FROM object
  WHERE scope = ?1 AND type = ?2 AND id NOT IN (SELECT id FROM reached) ORDER BY id LIMIT 1`;

function folderStatements(db: Db) {
  const known = new Set<string>();
  return {
    /** Notes that objects lie in folders, which may come later. */
    async expectFolders(folders: readonly AwaitedFolder[]): Promise<void> {
      const first = new Map(folders.toReversed().map((folder) => [keyOf(folder.scope, folder.parent_id), folder]));
      const unknown = [...first.values()].filter((folder) => !known.has(keyOf(folder.scope, folder.parent_id)));
      if (known.size >= MAX_REMEMBERED) known.clear();
      for (const [scope, ids] of idsByScope(unknown.map(({ scope: at, parent_id: id }) => ({ scope: at, id })))) {
        const text = `SELECT id FROM object WHERE scope = ? AND type = ${FOLDER_TYPE}
          AND id IN (SELECT value FROM json_each(?))`;
        const rows = await queryText<{ id: string }, MetadataTables>(db, text, [scope, ids]);
        for (const { id } of rows) known.add(keyOf(scope, id));
      }
      const awaited = unknown.filter((folder) => !known.has(keyOf(folder.scope, folder.parent_id)));
      await insertRows(
        db,
        AWAITED,
        awaited.map(({ scope, parent_id: parentId, line }) => [scope, parentId, line]),
      );
    },
    /** The first line whose folder never came. */
    findMissingFolder: async (): Promise<AwaitedFolder | undefined> =>
      (await queryText<AwaitedFolder, MetadataTables>(db, MISSING, [FOLDER_TYPE]))[0],
    /** A folder from which no way leads up to a root. */
    findUnrootedFolder: async (scope: string): Promise<{ id: string; name: string } | undefined> =>
      (await queryText<{ id: string; name: string }, MetadataTables>(db, CIRCLE, [scope, FOLDER_TYPE]))[0],
  };
}

const GROUPS = `
  SELECT DISTINCT scope, parent_id, owner_id, is_folder FROM temp.inheriting WHERE is_folder = 0
  ORDER BY scope, parent_id`;

const GIVE_GROUP = `
  UPDATE object SET acl_id = ?1 WHERE scope = ?2 AND id IN (
    SELECT id FROM temp.inheriting WHERE scope = ?2 AND parent_id = ?3 AND owner_id = ?4 AND is_folder = ?5)`;

function inheritanceStatements(db: Db) {
  return {
    addInheriting: (rows: readonly ObjectTable[]): Promise<void> =>
      insertRows(
        db,
        INHERITING,
        rows.map((row) => [row.scope, row.parent_id ?? '', row.owner_id, Number(row.type === FOLDER_TYPE), row.id]),
      ),
    async forgetInheriting(rows: readonly ObjectTable[]): Promise<void> {
      for (const [scope, ids] of idsByScope(rows)) {
        const text = 'DELETE FROM temp.inheriting WHERE scope = ? AND id IN (SELECT value FROM json_each(?))';
        await runText(db, text, [scope, ids]);
      }
    },
    listInheritingFolders: (): Promise<(InheritingGroup & { id: string })[]> =>
      queryText(db, 'SELECT scope, parent_id, owner_id, is_folder, id FROM temp.inheriting WHERE is_folder = 1'),
    listInheritingGroups: (): Promise<InheritingGroup[]> => queryText(db, GROUPS),
    async findAclEntries(scope: string, id: string): Promise<string | undefined> {
      const text = 'SELECT a.entries FROM object o JOIN acl a ON a.id = o.acl_id WHERE o.scope = ? AND o.id = ?';
      return (await queryText<{ entries: string }, MetadataTables>(db, text, [scope, id]))[0]?.entries;
    },
    async giveAcl(aclId: string, scope: string, id: string): Promise<void> {
      await runText(db, 'UPDATE object SET acl_id = ? WHERE scope = ? AND id = ?', [aclId, scope, id]);
    },
    async giveAclToGroup(aclId: string, group: InheritingGroup): Promise<void> {
      await runText(db, GIVE_GROUP, [aclId, group.scope, group.parent_id, group.owner_id, group.is_folder]);
    },
  };
}

const LOGINS = `
  SELECT o.id, o.name,
    coalesce(nullif(cast(json_extract(b.definition, '$.username') AS TEXT), ''), o.abbreviation) AS login
  FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id
  WHERE o.scope = ? AND o.type = ? AND o.subtype = 8704 ORDER BY o.id`;

function checkStatements(db: Db) {
  return {
    hasProject: async (id: string): Promise<boolean> =>
      (await queryText(db, 'SELECT 1 FROM project WHERE id = ?', [id])).length > 0,
    listLogins: (): Promise<{ id: string; name: string; login: string }[]> =>
      queryText(db, LOGINS, [CONFIGURATION_SCOPE, USER_TYPE]),
  };
}
