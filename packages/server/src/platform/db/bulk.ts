import { CompiledQuery, PostgresAdapter, sql, type RawBuilder } from 'kysely';
import type { Executor } from './database.ts';
import { insertText, type Cell, type InsertTarget } from './insert-text.ts';
import { EACH_ROW, ROWS_AS_ARRAYS, rowsWithin, TooMuchText } from './node-sqlite.ts';

/**
 * Where the databases differ for many rows at once; everything else is plain SQL. One statement for a batch of rows
 * costs a fraction of one statement a row, and its text is the same for every full batch, so it is prepared once.
 */

/** PostgreSQL allows 65,535 variables in a statement. */
const VARIABLES_PER_STATEMENT = 2_000;

export type { Cell, InsertTarget };

/** Whether statements go to PostgreSQL. */
export const isPostgresExecutor = <Tables>(db: Executor<Tables>): boolean =>
  db.getExecutor().adapter instanceof PostgresAdapter;

/** Whether a query holds up this thread, and all requests with it, until it ends: PostgreSQL works in a process of its own. */
export const holdsThread = <Tables>(db: Executor<Tables>): boolean => !isPostgresExecutor(db);

/** Begins the text of a statement that copies its parameters, which then are whole rows, into a table of PostgreSQL. */
export const COPY_ROWS = '/* copy rows */ ';

/** Fewer rows are quicker in an INSERT, which takes one way to the server and back where COPY takes two. */
const LEAST_COPIED = 20;

/** Inserts rows given as arrays in the order of `columns`. */
export async function insertRows<Tables>(
  db: Executor<Tables>,
  into: InsertTarget,
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  if (rows.length === 0) return;
  if (!isPostgresExecutor(db)) {
    await db.executeQuery(CompiledQuery.raw(EACH_ROW + insertText(into, 1), [...rows]));
    return;
  }
  if (into.onConflict === undefined && rows.length >= LEAST_COPIED) {
    const text = `${COPY_ROWS}COPY ${into.table} (${into.columns.join(', ')}) FROM STDIN`;
    await db.executeQuery(CompiledQuery.raw(text, [...rows]));
    return;
  }
  const size = Math.max(1, Math.floor(VARIABLES_PER_STATEMENT / into.columns.length));
  for (let start = 0; start < rows.length; start += size) {
    const batch = rows.slice(start, start + size);
    await db.executeQuery(CompiledQuery.raw(insertText(into, batch.length), batch.flat()));
  }
}

/**
 * Fills temporary tables in one step, without a lock on anything else. `db` is a connection of its own, outside of any
 * transaction; there, each statement by itself would pay for a transaction.
 */
export async function fillTemporaryTables<Tables, T>(db: Executor<Tables>, work: () => Promise<T>): Promise<T> {
  await runText(db, 'BEGIN');
  try {
    const result = await work();
    await runText(db, 'COMMIT');
    return result;
  } catch (error) {
    await runText(db, 'rollback');
    throw error;
  }
}

/** A list of texts as one bound value, to be used as `column IN ${textList(values)}`: no limit on its length. */
export function textList(values: readonly string[]): RawBuilder<string> {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** The same for numbers. */
export function numberList(values: readonly number[]): RawBuilder<number> {
  return sql`(SELECT CAST(value AS INTEGER) FROM json_each(${JSON.stringify(values)}))`;
}

/** Type of a column that holds bytes. */
export function bytesType<Tables>(db: Executor<Tables>): string {
  return isPostgresExecutor(db) ? 'BYTEA' : 'BLOB';
}

/** The column in the order of which a whole table is read with the least work; PostgreSQL knows no number of a row. */
export const storedOrder = <Tables>(db: Executor<Tables>): 'rowid' | 'id' => (isPostgresExecutor(db) ? 'id' : 'rowid');

/** For statements that can skip rows only together with a limit. */
export const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Inserts a row, or puts it in the place of the one with its key. */
export async function putRow<Tables, Table extends keyof Tables & string>(
  db: Executor<Tables>,
  into: { readonly table: Table; readonly key: readonly (keyof Tables[Table] & string)[] },
  row: Tables[Table] & object,
): Promise<void> {
  const columns = Object.keys(row);
  const others = columns.filter((column) => !into.key.includes(column as keyof Tables[Table] & string));
  const change = others.map((column) => `${column} = excluded.${column}`).join(', ');
  const text = `INSERT INTO ${into.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${into.key.join(', ')}) DO UPDATE SET ${change}`;
  await runText(db, text, Object.values(row) as Cell[]);
}

/** Runs a statement given as text with its values. */
export async function runText<Tables>(
  db: Executor<Tables>,
  text: string,
  values: readonly Cell[] = [],
): Promise<number> {
  const result = await db.executeQuery(CompiledQuery.raw(text, [...values]));
  return Number(result.numAffectedRows ?? 0);
}

/** Rows of a query given as text with its values. */
export async function queryText<Row, Tables>(
  db: Executor<Tables>,
  text: string,
  values: readonly Cell[] = [],
): Promise<Row[]> {
  const result = await db.executeQuery(CompiledQuery.raw(text, [...values]));
  return result.rows as Row[];
}

/** The same with the cells of each row in an array, in the order of the columns, which have names of their own. */
export async function queryCells<Tables>(
  db: Executor<Tables>,
  text: string,
  values: readonly Cell[] = [],
): Promise<(readonly Cell[])[]> {
  if (!isPostgresExecutor(db)) return queryText<readonly Cell[], Tables>(db, ROWS_AS_ARRAYS + text, values);
  const rows = await queryText<Record<string, Cell>, Tables>(db, text, values);
  return rows.map((row) => Object.values(row));
}

/**
 * The same for rows that may be large, without asking for their sizes first.
 * @returns null when they have more text than that, or the database cannot tell before it has sent it
 */
export async function queryCellsWithin<Tables>(
  db: Executor<Tables>,
  { text, values }: { readonly text: string; readonly values: readonly Cell[] },
  mostCharacters: number,
): Promise<(readonly Cell[])[] | null> {
  if (isPostgresExecutor(db)) return null;
  try {
    return await queryText<readonly Cell[], Tables>(db, rowsWithin(mostCharacters) + text, values);
  } catch (error) {
    if (error instanceof TooMuchText) return null;
    throw error;
  }
}

/**
 * Collects what the planner of PostgreSQL wants to know of temporary tables; nobody else does it for them. Without, it
 * takes a table of 20,000 rows for one of a few, and joins row by row. SQLite plans by the shape of the statement.
 */
export async function analyzeTables<Tables>(db: Executor<Tables>, tables: readonly string[]): Promise<void> {
  if (isPostgresExecutor(db)) await runText(db, `ANALYZE ${tables.join(', ')}`);
}

/**
 * Pages are written in random order; a larger cache keeps them from going to the log again and again. Sorting for an index
 * takes as much once more. Four times the size is 6 % faster for 1,000,000 objects, and takes 400 MB more.
 */
const BULK_CACHE_KIB = 65_536;

/** Before a transaction that writes very much, outside of it. */
export async function beginBulk<Tables>(db: Executor<Tables>): Promise<void> {
  if (!isPostgresExecutor(db)) await runText(db, `PRAGMA cache_size = -${BULK_CACHE_KIB}`);
}

/** After it: the log is as large as what was written; readers that are in the way keep it for now. */
export async function endBulk<Tables>(db: Executor<Tables>): Promise<void> {
  if (isPostgresExecutor(db)) return;
  await queryText(db, 'PRAGMA busy_timeout = 0');
  await queryText(db, 'PRAGMA wal_checkpoint(TRUNCATE)');
}
