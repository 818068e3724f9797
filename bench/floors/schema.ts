import { DatabaseSync } from 'node:sqlite';

/**
 * The tables of the floor: no more than what the data needs to be stored and found by id, user and used. The same
 * engine and the same durability as the server's.
 */
const TABLES = `
  CREATE TABLE object (
    id TEXT NOT NULL PRIMARY KEY, type INTEGER NOT NULL, subtype INTEGER NOT NULL, name TEXT NOT NULL,
    description TEXT NOT NULL, parent TEXT, owner TEXT NOT NULL, version TEXT NOT NULL, created TEXT NOT NULL,
    modified TEXT NOT NULL, definition TEXT NOT NULL);
  CREATE TABLE reference (
    user TEXT NOT NULL, used TEXT NOT NULL, type INTEGER, PRIMARY KEY (user, used)) WITHOUT ROWID;
  CREATE INDEX reference_by_used ON reference (used);
  CREATE TABLE acl (
    object TEXT NOT NULL, trustee TEXT NOT NULL, rights INTEGER NOT NULL, deny INTEGER NOT NULL,
    inheritable INTEGER NOT NULL, PRIMARY KEY (object, trustee, deny, inheritable)) WITHOUT ROWID;
  CREATE TABLE undo (
    id TEXT NOT NULL PRIMARY KEY, type INTEGER NOT NULL, subtype INTEGER NOT NULL, name TEXT NOT NULL,
    description TEXT NOT NULL, parent TEXT, owner TEXT NOT NULL, version TEXT NOT NULL, created TEXT NOT NULL,
    modified TEXT NOT NULL, definition TEXT NOT NULL);`;

/**
 * `plain`: as SQLite is without being told otherwise, but for what durability asks. `tuned`: with the pages of the server, and
 * nothing is brought from the log to its place before the database is closed.
 */
export const TUNINGS = ['plain', 'tuned'] as const;
export type Tuning = (typeof TUNINGS)[number];

const DURABLE = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;';
const SETTINGS: Readonly<Record<Tuning, string>> = {
  plain: DURABLE,
  tuned: `PRAGMA page_size = 8192; ${DURABLE} PRAGMA wal_autocheckpoint = 0;`,
};

export function openFloor(file: string, tuning: Tuning): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec(SETTINGS[tuning]);
  return db;
}

/** What a floor reads and writes. */
export interface FloorTask {
  readonly input: string;
  readonly output: string;
  readonly tuning: Tuning;
}

/** What a floor has done: what it wrote is durable, and its database still open. */
export interface FloorEnd {
  readonly objects: number;
  readonly db: DatabaseSync;
}

export function createFloor(file: string, tuning: Tuning): DatabaseSync {
  const db = openFloor(file, tuning);
  db.exec(TABLES);
  return db;
}

export type Reference = readonly [used: string, type: number | null];
export type AclRow = readonly [trustee: string, rights: number, deny: number, inheritable: number];

/** An object as the floor keeps and packs it; `definition` is JSON text that nobody reads. */
export interface FloorObject {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly parent: string | null;
  readonly owner: string;
  readonly version: string;
  readonly created: string;
  readonly modified: string;
  readonly references: readonly Reference[];
  readonly acl: readonly AclRow[];
}

/** One prepared statement a table, one run a row. */
export function inserter(db: DatabaseSync): (object: FloorObject, definition: string) => void {
  const object = db.prepare('INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const rows = rowInserter(db);
  return (o, definition) => {
    object.run(
      o.id,
      o.type,
      o.subtype,
      o.name,
      o.description,
      o.parent,
      o.owner,
      o.version,
      o.created,
      o.modified,
      definition,
    );
    rows(o);
  };
}

/** The references and access control entries of an object. */
export function rowInserter(db: DatabaseSync): (object: FloorObject) => void {
  const reference = db.prepare('INSERT OR IGNORE INTO reference VALUES (?, ?, ?)');
  const acl = db.prepare('INSERT OR IGNORE INTO acl VALUES (?, ?, ?, ?, ?)');
  return (o) => {
    for (const [used, type] of o.references) reference.run(o.id, used, type);
    for (const [trustee, rights, deny, inheritable] of o.acl) acl.run(o.id, trustee, rights, deny, inheritable);
  };
}
