import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { AppError, MESSAGES } from '@longshore/contracts';
import { openSqlite, sqliteDialect, type OpenOptions } from './node-sqlite.ts';

/** What repositories are made from: a connection, or the transaction of a unit of work. */
export type Executor<Tables> = Kysely<Tables> | Transaction<Tables>;

/**
 * One database. Reads go to a connection of their own, so that an open transaction never makes them wait;
 * writes run one after another in units of work.
 */
export interface Database<Tables> {
  readonly file: string;
  readonly reader: Kysely<Tables>;
  /**
   * Runs `work` in one transaction: committed when it returns, rolled back when it throws. `work` must use the
   * executor it is given and nothing else of this database (another connection would not see its writes).
   */
  write<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Fails when the database cannot be read. */
  ping(): Promise<void>;
  /** A further read-only connection in a snapshot of its own; the caller closes it. */
  openReader(): DatabaseSync;
  close(): Promise<void>;
}

/** One connection with its own transactions and temporary tables, for work in a thread of its own. */
export interface Connection<Tables> {
  /** Outside a transaction: for temporary tables, which no other connection sees. */
  readonly executor: Executor<Tables>;
  transaction<T>(work: (tx: Executor<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens one more connection to a database that exists; waiting for a lock blocks the thread. */
export function openConnection<Tables>(file: string, options: OpenOptions): Connection<Tables> {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(openSqlite(file, options), options.mode) });
  return {
    executor: db,
    transaction: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  };
}

export interface DatabaseOptions {
  readonly file: string;
  readonly migrations: Record<string, Migration>;
  /** How long a unit of work tries to get the write lock, in milliseconds, without blocking the thread. */
  readonly lockPatience: number;
}

const RETRY_EVERY_MS = 15;

/**
 * Opens a database, creating its tables in a new file.
 * @throws AppError `databaseUnavailable` when the file cannot be used or comes from a newer version.
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const writerDb = openOrFail(options.file);
  const writer = new Kysely<Tables>({ dialect: sqliteDialect(writerDb, 'writer') });
  await migrateTables(writer, options);
  const reader = new Kysely<Tables>({
    dialect: sqliteDialect(openSqlite(options.file, { mode: 'reader', busyTimeout: 5000 }), 'reader'),
  });
  return {
    file: options.file,
    reader,
    write: (work) => inTransaction(writer, work, options.lockPatience),
    ping: async () => void (await sql`SELECT 1`.execute(reader)),
    openReader: () => openSqlite(options.file, { mode: 'reader', busyTimeout: 5000 }),
    close: async () => {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

function openOrFail(file: string): DatabaseSync {
  try {
    // SQLite would make a file that every user of the machine can read; its side files are made like this one.
    closeSync(openSync(file, 'a', 0o600));
    return openSqlite(file, { mode: 'writer', busyTimeout: 0 });
  } catch (cause) {
    throw new AppError('databaseUnavailable', MESSAGES.databaseUnavailable, { cause });
  }
}

async function migrateTables<Tables>(db: Kysely<Tables>, options: DatabaseOptions): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => options.migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new AppError('databaseUnavailable', MESSAGES.databaseUnavailable, { cause: error });
}

/**
 * Only taking the lock is repeated: once the transaction has begun it has the lock until its end, so nothing in
 * `work` can be refused for it.
 */
async function inTransaction<Tables, T>(
  db: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<T>,
  patience: number,
): Promise<T> {
  for (let waited = 0; ; waited += RETRY_EVERY_MS) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (waited >= patience) {
        throw new AppError(
          'busy',
          'The metadata is being written by an import. Wait until it has ended and try again.',
        );
      }
    }
    await sleep(RETRY_EVERY_MS);
  }
}

const SQLITE_BUSY = 5;

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
