import { sql, type Transaction } from 'kysely';
import { openPool } from './postgres-pool.ts';

/**
 * Asked again and again while a transaction waits for the lock of others; what it throws ends the wait and the
 * transaction. Who waits is at the mercy of somebody else's work, and must be able to change his mind.
 */
export type WhileWaiting = () => void;

const ASK_EVERY_MS = 250;

/**
 * Waits for a lock in PostgreSQL and keeps its place among those who wait, which shorter waits in turn would lose.
 * @throws what `whileWaiting` throws
 */
export async function waitForLock<Tables>(
  tx: Transaction<Tables>,
  take: () => Promise<void>,
  { location, whileWaiting }: { readonly location: string; readonly whileWaiting: WhileWaiting },
): Promise<void> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
  const pid = rows[0]!.pid;
  let givenUp: { readonly reason: unknown; readonly told: Promise<void> } | null = null;
  const ask = (): void => {
    if (givenUp) return;
    try {
      whileWaiting();
    } catch (reason) {
      // One that cannot be told waits on, until its patience is at an end.
      givenUp = { reason, told: cancelStatement(location, pid).catch(() => undefined) };
    }
  };
  const timer = setInterval(ask, ASK_EVERY_MS);
  try {
    await take();
  } finally {
    clearInterval(timer);
    await rethrow(givenUp);
  }
}

/** Also when the lock came in the same moment: nothing may be asked of the connection before the word has reached it. */
async function rethrow(givenUp: { readonly reason: unknown; readonly told: Promise<void> } | null): Promise<void> {
  if (!givenUp) return;
  await givenUp.told;
  throw givenUp.reason;
}

/** Ends the statement that another connection of the same user waits for. */
async function cancelStatement(location: string, pid: number): Promise<void> {
  const pool = openPool(location, { most: 1 });
  try {
    await pool.query('SELECT pg_cancel_backend($1)', [pid]);
  } finally {
    await pool.end();
  }
}
