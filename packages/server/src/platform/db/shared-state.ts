import type { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { openConnection, type Executor } from './database.ts';
import { isPostgres } from './location.ts';
import { openSqlite } from './node-sqlite.ts';

/** What another connection needs to see the state that a transaction sees. */
export type StateTicket =
  | { readonly engine: 'sqlite' }
  /** Of a state that PostgreSQL keeps for others as long as the transaction lasts. */
  | { readonly engine: 'postgres'; readonly exported: string };

/**
 * Lets two connections read one state, so that two threads can share the reading of a snapshot. PostgreSQL gives a state
 * on to other connections; SQLite does not, but tells whether anything was committed between the beginnings of two
 * transactions: when nothing was, they see the same.
 */
export interface StateWatch {
  /** The transaction must have begun after the watch, and be one that sees one state until its end. */
  ticketOf<Tables>(tx: Executor<Tables>): Promise<StateTicket>;
  /** Whether all transactions that have begun with that ticket, up to now, see that state and no later one. */
  holds(): boolean;
  close(): void;
}

const BUSY_MS = 5_000;

export function watchState(location: string): StateWatch {
  return isPostgres(location)
    ? POSTGRES_WATCH
    : sqliteWatch(openSqlite(location, { mode: 'snapshot', busyTimeout: BUSY_MS }));
}

const POSTGRES_WATCH: StateWatch = {
  async ticketOf(tx) {
    const { rows } = await sql<{ exported: string }>`SELECT pg_export_snapshot() AS exported`.execute(tx);
    return { engine: 'postgres', exported: rows[0]?.exported ?? '' };
  },
  holds: () => true,
  close: () => undefined,
};

/** The number that `data_version` gives changes, for a connection outside of transactions, with every commit of others. */
function sqliteWatch(db: DatabaseSync): StateWatch {
  const statement = db.prepare('PRAGMA data_version');
  const version = (): unknown => statement.get()?.['data_version'];
  const atFirst = version();
  return {
    ticketOf: async () => ({ engine: 'sqlite' }),
    holds: () => version() === atFirst,
    close: () => db.close(),
  };
}

/** A transaction that only reads, on a connection of its own. */
export interface StateReader<Tables> {
  readonly executor: Executor<Tables>;
  close(): Promise<void>;
}

/** Begins a transaction in the state of a ticket; on SQLite it is that state only if the watch then still `holds`. */
export async function readState<Tables>(location: string, ticket: StateTicket): Promise<StateReader<Tables>> {
  const connection = await openConnection<Tables>(location, { mode: 'reader', busyTimeout: BUSY_MS });
  const begun = Promise.withResolvers<Executor<Tables>>();
  const end = Promise.withResolvers<void>();
  const ended = connection.transaction(async (tx) => {
    await takeState(tx, ticket);
    begun.resolve(tx);
    await end.promise;
  });
  ended.catch((error: unknown) => begun.reject(error));
  const close = async (): Promise<void> => {
    end.resolve();
    await ended.catch(() => undefined);
    await connection.close();
  };
  try {
    return { executor: await begun.promise, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Numbers and dashes: it can not be bound, so that nothing else may get into the statement. */
const EXPORTED = /^[0-9A-F-]{1,64}$/;

async function takeState<Tables>(tx: Executor<Tables>, ticket: StateTicket): Promise<void> {
  if (ticket.engine === 'sqlite') {
    // A transaction of SQLite sees the state of its first read.
    await sql`SELECT count(*) FROM sqlite_schema`.execute(tx);
    return;
  }
  if (!EXPORTED.test(ticket.exported)) throw new Error(`'${ticket.exported}' names no state of the database.`);
  await sql`SET TRANSACTION SNAPSHOT ${sql.lit(ticket.exported)}`.execute(tx);
}
