import type { Executor } from './database.ts';
import { isPostgresExecutor, queryText, runText } from './bulk.ts';
import { putStatistics } from './sqlite-statistics.ts';

/**
 * Drops the indexes of tables, and gives what builds them anew: for SQLite, that is several times cheaper than adding
 * many rows one by one. Part of the transaction: others see the old indexes until the commit, and a rollback brings them
 * back. PostgreSQL would keep every reader out meanwhile, so that it keeps its indexes.
 */
export async function deferIndexes<Tables>(
  db: Executor<Tables>,
  tables: readonly string[],
): Promise<() => Promise<void>> {
  if (isPostgresExecutor(db)) return async () => undefined;
  const indexes = await queryText<{ name: string; sql: string }, Tables>(
    db,
    `SELECT name, sql FROM sqlite_schema
     WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(tables)],
  );
  for (const { name } of indexes) await runText(db, `DROP INDEX "${name}"`);
  return async () => {
    // Sorting takes as much memory as the pages that are kept for what nobody reads any more.
    await runText(db, 'PRAGMA shrink_memory');
    for (const index of indexes) await runText(db, index.sql);
    await putStatistics(db);
  };
}

/** A transaction that makes or deletes fewer rows keeps indexes up one by one. */
export const REBUILD_FROM = 2_000;

/** Rows that a transaction makes and deletes in `tables`, counted in the first of them. */
interface ManyWrites {
  readonly tables: readonly [string, ...string[]];
  readonly made?: number;
  readonly deleted?: number;
}

/**
 * Runs `work`, which needs none of the indexes of `tables` but their keys. They are built anew after it where that is
 * cheaper than keeping them up: where as many rows are made or deleted as are left alone.
 */
export async function writeMany<Tables>(
  db: Executor<Tables>,
  { tables, made = 0, deleted = 0 }: ManyWrites,
  work: () => Promise<void>,
): Promise<void> {
  // What keeps its indexes anyway has nothing to count for it.
  const isMany = !isPostgresExecutor(db) && made + deleted >= REBUILD_FROM;
  const isRebuilt = isMany && made + deleted >= (await countRows(db, tables[0])) - deleted;
  const buildIndexes = isRebuilt ? await deferIndexes(db, tables) : null;
  await work();
  await buildIndexes?.();
}

async function countRows<Tables>(db: Executor<Tables>, table: string): Promise<number> {
  const rows = await queryText<{ n: number }, Tables>(db, `SELECT count(*) AS n FROM ${table}`);
  return rows[0]?.n ?? 0;
}
