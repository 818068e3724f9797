import type { Kysely } from 'kysely';
import { AppError } from '@longshore/contracts';
import { queryText } from '../db/bulk.ts';
import type { Executor } from '../db/database.ts';

/** One attempt at a job of the queue; when it is taken for dead, another attempt takes its place. */
export interface JobLease {
  /** The queue's table, with its schema; it is in the same PostgreSQL database as the metadata. */
  readonly table: string;
  readonly id: string;
  readonly attempt: number;
}

/** Told by an attempt that is not the job's any more. Whoever took the job writes the record. */
export class LeaseLost extends AppError {
  constructor() {
    super('busy', 'This worker was taken for dead and another one has its job; what it did was undone.');
  }
}

const CONFIRM = (table: string): string =>
  `SELECT 1 FROM ${table} WHERE id = CAST(? AS UUID) AND state = 'active' AND retry_count = ? FOR SHARE`;

const ENDED = (table: string): string => `SELECT 1 FROM ${table} WHERE id = CAST(? AS UUID) FOR UPDATE`;

/**
 * Waits until no transaction of an attempt is under way any more whose process was lost: its commit may have been on
 * its way to the database.
 */
export async function awaitEnd<Tables>(db: Kysely<Tables>, { table, id }: JobLease): Promise<void> {
  await db.transaction().execute((tx) => queryText(tx, ENDED(table), [id]));
}

/**
 * In the transaction of a job, and in that which writes its end: the lease cannot be taken away from here to the commit,
 * because that would have to change the row that is locked. So either this attempt commits, or the next one finds nothing
 * of it.
 * @throws LeaseLost
 */
export async function confirmLease<Tables>(tx: Executor<Tables>, { table, id, attempt }: JobLease): Promise<void> {
  const rows = await queryText(tx, CONFIRM(table), [id, attempt]);
  if (rows.length === 0) throw new LeaseLost();
}
