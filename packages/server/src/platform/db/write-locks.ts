import { sql, type Transaction } from 'kysely';
import { CONFIGURATION_SCOPE } from '@longshore/domain';

export interface WriteLock {
  /** The schema; others in the same PostgreSQL database have locks of their own. */
  readonly database: string;
  /** What is written to; undefined for everything. */
  readonly scope: string | undefined;
  /** Milliseconds; 0 waits for ever. */
  readonly patience: number;
}

/** Configuration objects are used by every project. */
export const isEverything = (scope: string | undefined): boolean =>
  scope === undefined || scope === CONFIGURATION_SCOPE;

/** How long each further statement waits for others. */
export async function setLockPatience<Tables>(tx: Transaction<Tables>, patience: number): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${`${patience}ms`}, true)`.execute(tx);
}

/** After how long between two statements the server ends the transaction and its connection. */
export async function setLongestPause<Tables>(tx: Transaction<Tables>, pause: number): Promise<void> {
  await sql`SELECT set_config('idle_in_transaction_session_timeout', ${`${pause}ms`}, true)`.execute(tx);
}

/**
 * Locks of a transaction, on names, in two levels (ADR 15): who writes to one scope shares the whole and has the scope
 * to himself; who writes to everything has the whole to himself. Both are taken in this order, so that nobody waits in
 * a circle, and are given back with the end of the transaction, however that comes.
 */
export async function takeWriteLock<Tables>(
  tx: Transaction<Tables>,
  { database, scope, patience }: WriteLock,
): Promise<void> {
  await setLockPatience(tx, patience);
  if (isEverything(scope)) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${database}, 0))`.execute(tx);
    return;
  }
  await sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(${database}, 0))`.execute(tx);
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${database} ${scope}`}, 0))`.execute(tx);
}
