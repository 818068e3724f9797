import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { AppError, MESSAGES } from '@longshore/contracts/errors';
import type { Connection, ConnectionOptions, Database, DatabaseOptions, SnapshotReader } from './database.ts';
import { openSqlite, sqliteDialect } from './node-sqlite.ts';
import { attachScratch } from './scratch-database.ts';
import { putStatistics } from './sqlite-statistics.ts';
import type { WhileWaiting } from './lock-wait.ts';
import { isLocked } from './unusable-database.ts';

/**
 * Pages that a connection of a job keeps. Who makes a package reads each page once or twice, and with a second thread beside
 * has two connections: with 32 MB each it would be 3 % faster. Who writes sorts for indexes in as much memory again: 32 MB
 * instead of 24 bring nothing, and cost 16.
 */
const PAGE_CACHE_KIB = { reader: 8 * 1024, snapshot: 32 * 1024, writer: 24 * 1024 } as const;

/** SQLite has one writer at a time, whatever it writes: the scope of a write plays no part. */
export function openSqliteConnection<Tables>(file: string, options: ConnectionOptions): Connection<Tables> {
  const { mode, busyTimeout: patience, whileWaiting, throughDialect } = options;
  const busyTimeout = mode === 'writer' ? Math.min(BLOCKED_MS, patience) : patience;
  const pageCacheKiB = PAGE_CACHE_KIB[mode];
  const opened = openSqlite(file, { mode, busyTimeout, pageCacheKiB, checkpoints: 'whenClosed' });
  const dialect = sqliteDialect(opened, mode);
  const db = new Kysely<Tables>({ dialect: throughDialect?.(dialect) ?? dialect });
  return {
    executor: db,
    transaction: (work) => inTransaction(db, work, { patience, whileWaiting }),
    // What is attached to a file that is opened for reading cannot be written to either.
    attachScratch: async (tablesIn) => (mode === 'writer' ? attachScratch(db, tablesIn) : null),
    close: async () => {
      // What fails here is no failure of the work: it is committed, and whoever writes next tries again.
      if (options.mode === 'writer') await checkpoint(db).catch(() => undefined);
      await closeAll(db, opened);
    },
  };
}

/** Kysely leaves a connection open that was never used. */
async function closeAll<Tables>(db: Kysely<Tables>, opened: DatabaseSync): Promise<void> {
  await db.destroy();
  if (opened.isOpen) opened.close();
}

/**
 * Brings what is in the log to its place. A connection that writes much in one transaction does so when it is closed and
 * not in its commit, which would take half as long again; what is committed is safe in the log until then.
 */
async function checkpoint<Tables>(db: Kysely<Tables>): Promise<void> {
  await sql`PRAGMA wal_checkpoint(PASSIVE)`.execute(db);
}

const RETRY_EVERY_MS = 15;
/** How long one try to get the lock blocks a thread that may. */
const BLOCKED_MS = 100;
const READER = { mode: 'reader', busyTimeout: 5000 } as const;

export async function openSqliteDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const { location: file, lockPatience } = options;
  const opened = openOrFail(file);
  const writer = new Kysely<Tables>({ dialect: sqliteDialect(opened, 'writer') });
  await migrateTables(writer, options);
  const openedToRead = openSqlite(file, READER);
  const reader = new Kysely<Tables>({ dialect: sqliteDialect(openedToRead, 'reader') });
  return {
    location: file,
    reader,
    write: (work) => inTransaction(writer, work, { patience: lockPatience }),
    ping: async () => void (await sql`SELECT 1`.execute(reader)),
    openReader: () => sqliteSnapshot(openSqlite(file, READER)),
    close: async () => {
      await closeAll(reader, openedToRead);
      await closeAll(writer, opened);
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
  await inTransaction(db, putStatistics, { patience: options.lockPatience });
}

/**
 * Only taking the lock is repeated: once the transaction has begun it has the lock until its end, so nothing in
 * `work` can be refused for it.
 */
async function inTransaction<Tables, T>(
  db: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<T>,
  { patience, whileWaiting }: { readonly patience: number; readonly whileWaiting?: WhileWaiting | undefined },
): Promise<T> {
  const patientUntil = performance.now() + patience;
  for (;;) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (performance.now() >= patientUntil) throw new AppError('busy', MESSAGE_BUSY, { cause: error });
    }
    whileWaiting?.();
    await sleep(RETRY_EVERY_MS);
  }
}

/** What is told to those who waited for an import in vain. */
export const MESSAGE_BUSY = 'The metadata is being written by an import. Wait until it has ended and try again.';

function sqliteSnapshot(db: DatabaseSync): SnapshotReader {
  db.exec('BEGIN');
  return {
    numbersRows: true,
    batches: <Row>(text: string, values: readonly (string | number)[], size: number) =>
      batchesOf<Row>(db.prepare(text).iterate(...values), size),
    cells<Row extends readonly unknown[]>(text: string, values: readonly (string | number)[], size: number) {
      const statement = db.prepare(text);
      statement.setReturnArrays(true);
      return batchesOf<Row>(statement.iterate(...values), size);
    },
    close: async () => db.close(),
  };
}

async function* batchesOf<Row>(rows: Iterable<unknown>, size: number): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    if (batch.push(row as Row) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
