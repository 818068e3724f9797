import type { Connection, Executor } from './database.ts';

/** Thrown to end a transaction that has done what it was for. */
const DONE = Symbol('rolled back');

/** Runs `work` in a transaction that never commits: what it returns is all that is left of it. */
export async function rolledBack<Tables, T>(
  db: Connection<Tables>,
  work: (tx: Executor<Tables>) => Promise<T>,
  scope?: string,
): Promise<T> {
  const ended: { result?: T } = {};
  try {
    await db.transaction(async (tx) => {
      ended.result = await work(tx);
      throw DONE;
    }, scope);
  } catch (error) {
    if (error !== DONE) throw error;
  }
  return ended.result as T;
}
