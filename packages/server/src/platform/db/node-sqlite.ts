import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

/**
 * How a connection may be used: writers begin their transactions by taking the write lock; a snapshot has temporary
 * tables of its own, and cannot write anything else because its file is opened for reading only.
 */
export type ConnectionMode = 'reader' | 'snapshot' | 'writer';

const STATEMENT_CACHE_SIZE = 500;

/** Begins the text of a statement that is run once for each of its parameters, which then are whole rows. */
export const EACH_ROW = '/* each row */ ';

/**
 * Begins the text of a query whose rows are arrays. For rows with many columns that costs half: an object from the driver
 * is a dictionary, which is slow to make and slow to read.
 */
export const ROWS_AS_ARRAYS = '/* rows as arrays */ ';

/**
 * Begins the text of a query whose rows are arrays with together at most so many characters of text: it is not read to
 * its end when it has more, and fails.
 */
export const rowsWithin = (mostCharacters: number): string => `/* rows within ${mostCharacters} */ `;
const ROWS_WITHIN = /^\/\* rows within (\d+) \*\/ /;

/** A query has more text than was allowed. */
export class TooMuchText extends Error {
  constructor() {
    super('The rows of a query have more text than may be read at a time.');
    this.name = 'TooMuchText';
  }
}

/**
 * The part of a SQLite driver that Kysely asks for, over `node:sqlite`, with a cache of prepared statements.
 * A writer's `begin` becomes `begin immediate`: a transaction that first reads and then writes would otherwise
 * fail in the middle when another connection wrote in between.
 */
export function kyselyDatabase(db: DatabaseSync, mode: ConnectionMode): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>();
  return {
    close: () => db.close(),
    prepare(sql) {
      if (sql === 'rollback') return rollbackStatement(db);
      const text = sql === 'begin' && mode === 'writer' ? 'begin immediate' : sql;
      const known = cache.get(text);
      if (known) return known;
      const statement = prepareStatement(db, text);
      if (cache.size >= STATEMENT_CACHE_SIZE) cache.clear();
      cache.set(text, statement);
      return statement;
    },
  };
}

function prepareStatement(db: DatabaseSync, text: string): SqliteStatement {
  if (text.startsWith(EACH_ROW)) return eachRowStatement(db.prepare(text.slice(EACH_ROW.length)));
  const statement = db.prepare(text);
  const mostCharacters = ROWS_WITHIN.exec(text)?.[1];
  if (text.startsWith(ROWS_AS_ARRAYS) || mostCharacters !== undefined) statement.setReturnArrays(true);
  const prepared = kyselyStatement(statement);
  return mostCharacters === undefined ? prepared : boundedStatement(prepared, Number(mostCharacters));
}

function boundedStatement(statement: SqliteStatement, mostCharacters: number): SqliteStatement {
  const all = (parameters: readonly unknown[]): unknown[] => {
    const rows: unknown[] = [];
    let characters = 0;
    for (const row of statement.iterate(parameters) as Iterable<readonly unknown[]>) {
      for (const cell of row) if (typeof cell === 'string') characters += cell.length;
      if (characters > mostCharacters) throw new TooMuchText();
      rows.push(row);
    }
    return rows;
  };
  return { ...statement, all };
}

/**
 * SQLite has already rolled back when the disk is full or cannot be read; to do it again would be an error, which would
 * stand in place of the one that tells why.
 */
function rollbackStatement(db: DatabaseSync): SqliteStatement {
  const run = (): { changes: number; lastInsertRowid: number } => {
    if (db.isTransaction) db.exec('rollback');
    return { changes: 0, lastInsertRowid: 0 };
  };
  return { reader: false, run, all: () => [], iterate: () => [][Symbol.iterator]() };
}

function kyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

/** Running a small statement again costs less than a large one that holds many rows, and far less than a query each. */
function eachRowStatement(statement: StatementSync): SqliteStatement {
  const run = (rows: readonly unknown[]): { changes: number; lastInsertRowid: number } => {
    for (const row of rows) statement.run(...(row as SQLInputValue[]));
    return { changes: rows.length, lastInsertRowid: 0 };
  };
  return { reader: false, run, all: () => [], iterate: () => [][Symbol.iterator]() };
}

const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters.map(bindable);

/** SQLite knows no booleans; an undefined value would be refused by the driver without naming the column. */
function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === undefined) return null;
  return value as SQLInputValue;
}

export interface OpenOptions {
  readonly mode: ConnectionMode;
  /** When the log is brought to its place: in the commit that makes it long, or by whoever closes the connection. */
  readonly checkpoints?: 'inCommits' | 'whenClosed';
  /** Pages that are kept in memory, in KiB; `PAGE_CACHE_KIB` when it is left out. */
  readonly pageCacheKiB?: number;
  /** How long a statement waits for another connection's lock, in milliseconds; it blocks the thread meanwhile. */
  readonly busyTimeout: number;
}

/** What a connection keeps of pages unless it is told otherwise. */
const PAGE_CACHE_KIB = 32 * 1024;

/**
 * Negative sizes are in KiB, of each connection; sorting for an index takes as much again. Rows are written in the order
 * of their keys, so that larger caches bring a large import little. Temporary tables go to files, so that staging a large package does not grow the process;
 * their journal stays in memory, because it only holds what a transaction changes of earlier rows.
 */
const PRAGMAS = `
  PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -12288; PRAGMA temp.journal_mode = MEMORY;`;

/** Opens a database file in WAL mode; what is committed is on disk (`synchronous=FULL`). */
export function openSqlite(file: string, options: OpenOptions): DatabaseSync {
  const readOnly = options.mode === 'snapshot';
  const db = new DatabaseSync(file, { timeout: options.busyTimeout, enableForeignKeyConstraints: false, readOnly });
  db.exec(PRAGMAS);
  db.exec(`PRAGMA cache_size = -${options.pageCacheKiB ?? PAGE_CACHE_KIB};`);
  if (options.mode === 'reader') db.exec('PRAGMA query_only = ON;');
  if (options.checkpoints === 'whenClosed') db.exec('PRAGMA wal_autocheckpoint = 0;');
  return db;
}

export function sqliteDialect(db: DatabaseSync, mode: ConnectionMode): SqliteDialect {
  return new SqliteDialect({ database: kyselyDatabase(db, mode) });
}
