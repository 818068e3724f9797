import type { Dialect, Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ConnectionMode } from './node-sqlite.ts';
import { isPostgres } from './location.ts';
import type { WhileWaiting } from './lock-wait.ts';
import type { ScratchDatabase } from './scratch-database.ts';
import { openSqliteConnection, openSqliteDatabase } from './sqlite-database.ts';

/** What repositories are made from: a connection, or the transaction of a unit of work. */
export type Executor<Tables> = Kysely<Tables> | Transaction<Tables>;

/**
 * One database. Reads go to a connection of their own, so that an open transaction never makes them wait;
 * writes run one after another in units of work.
 */
export interface Database<Tables> {
  /** By which `openConnection` finds the same database, in another thread as well: a file, or an address. */
  readonly location: string;
  readonly reader: Kysely<Tables>;
  /**
   * Runs `work` in one transaction: committed when it returns, rolled back when it throws. `work` must use the
   * executor it is given and nothing else of this database (another connection would not see its writes).
   * Nobody else writes to `scope` meanwhile, or to anything when it is left out (ADR 15).
   * @throws AppError `busy` when others held the lock for too long
   */
  write<T>(work: (tx: Transaction<Tables>) => Promise<T>, scope?: string): Promise<T>;
  /** Fails when the database cannot be read. */
  ping(): Promise<void>;
  /** A further read-only connection in a snapshot of its own; the caller closes it. */
  openReader(): SnapshotReader;
  close(): Promise<void>;
}

/** Reads one state of the database, whatever is written meanwhile. The state is that of the first read. */
export interface SnapshotReader {
  /** Rows of a query given as text with its values, a batch at a time; the batches are of `size` rows. */
  batches<Row>(text: string, values: readonly (string | number)[], size: number): AsyncIterable<Row[]>;
  /** The same with the cells of each row in an array, in the order of the columns; that costs half. */
  cells<Row extends readonly unknown[]>(
    text: string,
    values: readonly (string | number)[],
    size: number,
  ): AsyncIterable<Row[]>;
  /** Whether a row has a number, `rowid`, which tells where its table keeps it. */
  readonly numbersRows: boolean;
  close(): Promise<void>;
}

/** One connection with its own transactions and temporary tables, for work in a thread of its own. */
export interface Connection<Tables> {
  /** Outside a transaction: for temporary tables, which no other connection sees. */
  readonly executor: Executor<Tables>;
  /** As `Database.write`; a connection for reading gives its transactions one unchanging state instead. */
  transaction<T>(work: (tx: Executor<Tables>) => Promise<T>, scope?: string): Promise<T>;
  /**
   * Attaches a scratch database with tables that another thread can fill (`ScratchWriter`), in the place of an earlier one;
   * outside of a transaction.
   * @param tablesIn the statements that make the tables in a schema
   * @returns null where there can be none: on PostgreSQL, and for a connection that only reads
   */
  attachScratch(tablesIn: (schema: string) => readonly string[]): Promise<ScratchDatabase | null>;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly mode: ConnectionMode;
  /** How long a transaction waits for the lock of others, in milliseconds. */
  readonly busyTimeout: number;
  /**
   * How long a transaction that writes may stand between two statements until PostgreSQL takes its client for gone and
   * rolls it back, in milliseconds; for ever when it is left out. SQLite's end with their process.
   */
  readonly longestPause?: number;
  /** Lets a transaction that writes give up while it waits for that lock. */
  readonly whileWaiting?: WhileWaiting;
  /** Stands between the queries and the database; for tests of what happens when it fails. */
  readonly throughDialect?: (dialect: Dialect) => Dialect;
}

/** Opens one more connection to a database that exists. */
export async function openConnection<Tables>(
  location: string,
  options: ConnectionOptions,
): Promise<Connection<Tables>> {
  if (!isPostgres(location)) return openSqliteConnection(location, options);
  // Loaded when it is needed: a server on SQLite is not to carry the other driver.
  const { openPostgresConnection } = await import('./postgres-database.ts');
  return openPostgresConnection(location, options);
}

export interface DatabaseOptions {
  /** A file, or the address of a schema (see `postgresLocation`). */
  readonly location: string;
  readonly migrations: Record<string, Migration>;
  /**
   * What to do about tables that are of an older version, or not there: bring them up to date, or refuse. SQLite's are
   * always brought up to date. Absent: `migrate`.
   */
  readonly tables?: 'migrate' | 'check';
  /** How long a unit of work tries to get the write lock, in milliseconds, without blocking the thread. */
  readonly lockPatience: number;
}

/** The tables are not of the version that this program works with; the message says what to do. */
export class TableVersionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TableVersionError';
  }
}

/**
 * Opens a database and brings its tables to the newest version, creating them where there are none.
 * @throws AppError `databaseUnavailable` when it cannot be used, TableVersionError for PostgreSQL's tables
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  if (!isPostgres(options.location)) return openSqliteDatabase(options);
  const { openPostgresDatabase } = await import('./postgres-database.ts');
  return openPostgresDatabase(options);
}
