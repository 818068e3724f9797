import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { CONFIGURATION_SCOPE, FOLDER_TYPE, USER_TYPE } from '@longshore/domain';
import type { ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { ObjectRecord } from '../objects/object-rows.ts';

/** What became of an object that was put. */
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

const COLUMNS = [
  'scope',
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
] as const satisfies readonly (keyof ObjectTable)[];

const TEMPORARY_TABLES = `
  CREATE TEMP TABLE awaited_folder (
    scope TEXT NOT NULL, parent_id TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (scope, parent_id)) WITHOUT ROWID;
  CREATE TEMP TABLE inheriting (
    scope TEXT NOT NULL, parent_id TEXT NOT NULL, owner_id TEXT NOT NULL, is_folder INTEGER NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (scope, id)) WITHOUT ROWID;
  CREATE INDEX temp.inheriting_by_group ON inheriting (scope, parent_id, owner_id, is_folder);`;

/**
 * The statements of a bulk load, prepared once on a connection of its own. Goes past Kysely: at tens of thousands of
 * objects a second, building a query for each would cost more than running it.
 */
export function loadStatements(db: DatabaseSync) {
  db.exec(TEMPORARY_TABLES);
  return {
    ...objectStatements(db),
    ...folderStatements(db),
    ...inheritanceStatements(db),
    ...checkStatements(db),
    ...indexStatements(db),
  };
}

/**
 * Building an index from all its rows is several times cheaper than adding them one by one. Part of the transaction:
 * others see the old indexes until the commit, and a rollback brings them back.
 */
function indexStatements(db: DatabaseSync) {
  const indexes = db
    .prepare(
      `SELECT name, sql FROM sqlite_schema
       WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('object', 'object_reference')`,
    )
    .all() as unknown as { name: string; sql: string }[];
  return {
    countObjects: () => (db.prepare('SELECT count(*) AS objects FROM object').get() as { objects: number }).objects,
    dropIndexes: (): void => indexes.forEach(({ name }) => db.exec(`DROP INDEX "${name}"`)),
    createIndexes: (): void => indexes.forEach(({ sql }) => db.exec(sql)),
  };
}

function objectStatements(db: DatabaseSync) {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO object (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  // The key columns are not set: naming them would rewrite every index, changed or not.
  const changeable = COLUMNS.filter((column) => column !== 'scope' && column !== 'id' && column !== 'type');
  const update = db.prepare(
    `UPDATE object SET ${changeable.map((column) => `${column} = ?`).join(', ')}
     WHERE scope = ? AND id = ? AND type = ?`,
  );
  const body = db.prepare(
    'INSERT OR REPLACE INTO object_body (scope, id, definition, translations, uses) VALUES (?, ?, ?, ?, ?)',
  );
  const acl = db.prepare('INSERT OR IGNORE INTO acl (id, entries) VALUES (?, ?)');
  const edge = db.prepare('INSERT INTO object_reference (scope, from_id, to_id, to_type) VALUES (?, ?, ?, ?)');
  const dropEdges = db.prepare('DELETE FROM object_reference WHERE scope = ? AND from_id = ?');
  const interned = new Set<string>();

  const internAcl = (id: string, entries: string): void => {
    if (interned.has(id)) return;
    acl.run(id, entries);
    if (interned.size >= MAX_REMEMBERED) interned.clear();
    interned.add(id);
  };
  return {
    internAcl,
    putObject({ row, body: texts, aclEntries, references }: ObjectRecord): PutOutcome {
      internAcl(row.acl_id, aclEntries);
      const isNew = insert.run(...valuesOf(row, COLUMNS)).changes === 1;
      if (!isNew) {
        const values = valuesOf(row, changeable);
        if (update.run(...values, row.scope, row.id, row.type).changes !== 1) return 'other-type';
        dropEdges.run(row.scope, row.id);
      }
      body.run(row.scope, row.id, texts.definition, texts.translations, texts.uses);
      for (const { id, type } of references) edge.run(row.scope, row.id, id, type);
      return isNew ? 'created' : 'updated';
    },
  };
}

const valuesOf = (row: ObjectTable, columns: readonly (keyof ObjectTable)[]): SQLInputValue[] =>
  columns.map((column) => row[column]);

/** Bounds what is remembered of lists and folders, each some hundred bytes. */
const MAX_REMEMBERED = 200_000;

function folderStatements(db: DatabaseSync) {
  const find = db.prepare('SELECT 1 FROM object WHERE scope = ? AND id = ? AND type = ?');
  const awaitFolder = db.prepare('INSERT OR IGNORE INTO awaited_folder (scope, parent_id, line) VALUES (?, ?, ?)');
  const missing = db.prepare(
    `SELECT * FROM awaited_folder a
     WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.scope = a.scope AND o.id = a.parent_id AND o.type = ?)
     ORDER BY line LIMIT 1`,
  );
  const circle = db.prepare(
    `WITH RECURSIVE reached(id) AS (
       SELECT id FROM object WHERE scope = ?1 AND type = ?2 AND parent_id IS NULL
       UNION
       SELECT o.id FROM reached CROSS JOIN object o INDEXED BY object_by_parent
       ON o.scope = ?1 AND o.parent_id = reached.id AND o.type = ?2)
     SELECT id, name FROM object
     WHERE scope = ?1 AND type = ?2 AND id NOT IN (SELECT id FROM reached) ORDER BY id LIMIT 1`,
  );
  const known = new Set<string>();
  return {
    /** Notes that the object of a line lies in a folder, which may come later. */
    expectFolder(scope: string, parentId: string, line: number): void {
      const key = scope + parentId;
      if (known.has(key)) return;
      if (known.size >= MAX_REMEMBERED) known.clear();
      if (find.get(scope, parentId, FOLDER_TYPE) === undefined) awaitFolder.run(scope, parentId, line);
      else known.add(key);
    },
    /** The first line whose folder never came. */
    findMissingFolder: () => missing.get(FOLDER_TYPE) as unknown as AwaitedFolder | undefined,
    /** A folder from which no way leads up to a root. */
    findUnrootedFolder: (scope: string) =>
      circle.get(scope, FOLDER_TYPE) as unknown as { id: string; name: string } | undefined,
  };
}

function inheritanceStatements(db: DatabaseSync) {
  const add = db.prepare(
    'INSERT OR REPLACE INTO inheriting (scope, parent_id, owner_id, is_folder, id) VALUES (?, ?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM inheriting WHERE scope = ? AND id = ?');
  const groups = db.prepare(
    'SELECT DISTINCT scope, parent_id, owner_id, is_folder FROM inheriting WHERE is_folder = ? ORDER BY scope, parent_id',
  );
  const folders = db.prepare('SELECT scope, parent_id, owner_id, is_folder, id FROM inheriting WHERE is_folder = 1');
  const aclOf = db.prepare(
    'SELECT a.entries FROM object o JOIN acl a ON a.id = o.acl_id WHERE o.scope = ? AND o.id = ?',
  );
  const giveOne = db.prepare('UPDATE object SET acl_id = ? WHERE scope = ? AND id = ?');
  const giveGroup = db.prepare(
    `UPDATE object SET acl_id = ?1 WHERE scope = ?2 AND id IN (
       SELECT id FROM inheriting WHERE scope = ?2 AND parent_id = ?3 AND owner_id = ?4 AND is_folder = ?5)`,
  );
  return {
    addInheriting: (row: ObjectTable): void => {
      add.run(row.scope, row.parent_id ?? '', row.owner_id, Number(row.type === FOLDER_TYPE), row.id);
    },
    forgetInheriting: (row: ObjectTable): void => void forget.run(row.scope, row.id),
    listInheritingFolders: () => folders.all() as unknown as (InheritingGroup & { id: string })[],
    listInheritingGroups: () => groups.all(0) as unknown as InheritingGroup[],
    findAclEntries: (scope: string, id: string): string | undefined =>
      (aclOf.get(scope, id) as { entries: string } | undefined)?.entries,
    giveAcl: (aclId: string, scope: string, id: string): void => void giveOne.run(aclId, scope, id),
    giveAclToGroup: (aclId: string, group: InheritingGroup): void =>
      void giveGroup.run(aclId, group.scope, group.parent_id, group.owner_id, group.is_folder),
  };
}

function checkStatements(db: DatabaseSync) {
  const project = db.prepare('SELECT 1 FROM project WHERE id = ?');
  const logins = db.prepare(
    `SELECT o.id, o.name, coalesce(nullif(cast(json_extract(b.definition, '$.username') AS TEXT), ''), o.abbreviation) AS login
     FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id
     WHERE o.scope = ? AND o.type = ? AND o.subtype = 8704 ORDER BY o.id`,
  );
  return {
    hasProject: (id: string): boolean => project.get(id) !== undefined,
    iterateLogins: () =>
      logins.iterate(CONFIGURATION_SCOPE, USER_TYPE) as unknown as Iterable<{
        id: string;
        name: string;
        login: string;
      }>,
  };
}

export type LoadStatements = ReturnType<typeof loadStatements>;
