import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { AppError, MESSAGES } from '@longshore/contracts';
import {
  TableVersionError,
  type Connection,
  type ConnectionOptions,
  type Database,
  type DatabaseOptions,
  type SnapshotReader,
} from './database.ts';
import { shownLocation, splitLocation } from './location.ts';
import { waitForLock, type WhileWaiting } from './lock-wait.ts';
import { openPool, postgresDialect } from './postgres-pool.ts';
import { toPostgres } from './postgres-sql.ts';
import { openTables } from './postgres-tables.ts';
import { MESSAGE_BUSY } from './sqlite-database.ts';
import { isLockTimeout } from './unusable-database.ts';
import { isEverything, setLockPatience, setLongestPause, takeWriteLock } from './write-locks.ts';

/** Connections of one server to one schema: reads for many requests at once, and a few units of work. */
const READERS = 6;
const WRITERS = 4;

/** @throws AppError `databaseUnavailable` when the server cannot be reached, or the tables are of another version */
export async function openPostgresDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const { location, lockPatience } = options;
  const readers = openPool(location, { most: READERS });
  const reader = new Kysely<Tables>({ dialect: postgresDialect(readers) });
  const writer = new Kysely<Tables>({ dialect: postgresDialect(openPool(location, { most: WRITERS })) });
  const close = async (): Promise<void> => {
    await reader.destroy();
    await writer.destroy();
  };
  try {
    await openTables(writer, options);
  } catch (error) {
    await close();
    if (error instanceof TableVersionError) throw error;
    const cause = new Error(`The database ${shownLocation(location)} cannot be used.`, { cause: error });
    throw new AppError('databaseUnavailable', MESSAGES.databaseUnavailable, { cause });
  }
  return {
    location,
    reader,
    write: (work, scope) => lockedInTurns(writer, work, { location, scope, patience: lockPatience }),
    ping: async () => void (await sql`SELECT 1`.execute(reader)),
    openReader: () => postgresSnapshot(readers),
    close,
  };
}

/**
 * Temporary tables belong to the one connection. When it breaks they are gone: what needs them then fails, and the
 * transaction that it was in is rolled back by the server.
 */
export function openPostgresConnection<Tables>(location: string, options: ConnectionOptions): Connection<Tables> {
  const pool = openPool(location, { most: 1 });
  pool.options.idleTimeoutMillis = 0;
  const dialect = postgresDialect(pool);
  const executor = new Kysely<Tables>({ dialect: options.throughDialect?.(dialect) ?? dialect });
  const oneState = () => executor.transaction().setIsolationLevel('repeatable read');
  const byMode: Record<ConnectionOptions['mode'], Connection<Tables>['transaction']> = {
    reader: (work) => oneState().setAccessMode('read only').execute(work),
    // Where nothing may be written, no temporary table can be made either: whoever uses it rolls back.
    snapshot: (work) => oneState().execute(work),
    writer: (work, scope) =>
      locked(executor, work, {
        location,
        scope,
        patience: options.busyTimeout,
        longestPause: options.longestPause,
        whileWaiting: options.whileWaiting,
      }),
  };
  return {
    executor,
    transaction: byMode[options.mode],
    attachScratch: async () => null,
    close: () => executor.destroy(),
  };
}

interface LockOptions {
  readonly location: string;
  readonly scope: string | undefined;
  readonly patience: number;
  /** See `ConnectionOptions`. */
  readonly longestPause?: number | undefined;
  readonly whileWaiting?: WhileWaiting | undefined;
}

/**
 * A unit of work that has its scope to itself. The lock comes first: what the work reads is what others committed
 * before, and nothing of it changes until the end.
 */
async function locked<Tables, T>(
  db: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<T>,
  { location, scope, patience, longestPause, whileWaiting }: LockOptions,
): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => {
      if (longestPause !== undefined) await setLongestPause(tx, longestPause);
      const take = () => takeWriteLock(tx, { database: splitLocation(location).schema, scope, patience });
      await (whileWaiting ? waitForLock(tx, take, { location, whileWaiting }) : take());
      return work(tx);
    });
  } catch (error) {
    if (isLockTimeout(error)) throw new AppError('busy', MESSAGE_BUSY, { cause: error });
    throw error;
  }
}

/**
 * How long one turn waits for a lock, and the pause after it, in milliseconds. Who waits for everything keeps those
 * behind him from the projects that are free, so his turns are shorter than theirs.
 */
const TURN_MS = { project: 250, everything: 50 } as const;
const PAUSE_MS = 100;

/**
 * The same for the few connections that many requests share: who waits for an import gives its connection back in
 * between, and its place among those who wait, so that edits of other projects get through (ADR 15).
 */
async function lockedInTurns<Tables, T>(
  db: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<T>,
  { location, scope, patience }: LockOptions,
): Promise<T> {
  const turn = Math.min(isEverything(scope) ? TURN_MS.everything : TURN_MS.project, patience);
  const patientUntil = performance.now() + patience;
  for (;;) {
    let isHeld = false;
    try {
      return await db.transaction().execute(async (tx) => {
        await takeWriteLock(tx, { database: splitLocation(location).schema, scope, patience: turn });
        isHeld = true;
        await setLockPatience(tx, patience);
        return work(tx);
      });
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (isHeld || performance.now() + PAUSE_MS >= patientUntil)
        throw new AppError('busy', MESSAGE_BUSY, { cause: error });
    }
    await sleep(PAUSE_MS);
  }
}

/** A cursor in a transaction that sees one state. The connection is taken by the first read. */
interface CursorQuery {
  readonly text: string;
  readonly values: readonly (string | number)[];
  /** Rows at a time. */
  readonly size: number;
}

function postgresSnapshot(pool: Pool): SnapshotReader {
  let opened: Promise<PoolClient> | undefined;
  const open = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return client;
  };
  let cursors = 0;
  async function* rowsOf<Row>(query: CursorQuery, rowMode?: 'array'): AsyncGenerator<Row[]> {
    opened ??= open();
    const client = await opened;
    const cursor = `batches_${(cursors += 1)}`;
    await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${toPostgres(query.text)}`, [...query.values]);
    for (;;) {
      const text = `FETCH ${query.size} FROM ${cursor}`;
      const { rows } = await (rowMode ? client.query({ text, rowMode }) : client.query(text));
      if (rows.length > 0) yield rows as Row[];
      if (rows.length < query.size) break;
    }
    await client.query(`CLOSE ${cursor}`);
  }
  return {
    numbersRows: false,
    batches: <Row>(text: string, values: CursorQuery['values'], size: number) => rowsOf<Row>({ text, values, size }),
    cells: <Row extends readonly unknown[]>(text: string, values: CursorQuery['values'], size: number) =>
      rowsOf<Row>({ text, values, size }, 'array'),
    async close() {
      const client = await opened?.catch(() => undefined);
      await client?.query('ROLLBACK').catch(() => undefined);
      client?.release();
    },
  };
}
