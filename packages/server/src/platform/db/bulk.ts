import { CompiledQuery, sql, type RawBuilder } from 'kysely';
import type { Executor } from './database.ts';

/**
 * Where the databases differ for many rows at once; everything else is plain SQL. One statement for a batch of rows
 * costs a fraction of one statement a row, and its text is the same for every full batch, so it is prepared once.
 */

/** SQLite allows 32,766 variables in a statement; small statements are prepared and bound faster. */
const VARIABLES_PER_STATEMENT = 2_000;

export type Cell = string | number | null;

/** Inserts rows given as arrays in the order of `columns`. */
export async function insertRows<Tables>(
  db: Executor<Tables>,
  into: { readonly table: string; readonly columns: readonly string[] },
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const size = Math.max(1, Math.floor(VARIABLES_PER_STATEMENT / into.columns.length));
  for (let start = 0; start < rows.length; start += size) {
    const batch = rows.slice(start, start + size);
    await db.executeQuery(CompiledQuery.raw(insertText(into, batch.length), batch.flat()));
  }
}

const insertTexts = new Map<string, string>();

function insertText(into: { table: string; columns: readonly string[] }, rows: number): string {
  const key = `${into.table}(${into.columns.join()})${rows}`;
  let text = insertTexts.get(key);
  if (text === undefined) {
    const row = `(${into.columns.map(() => '?').join(',')})`;
    text = `INSERT INTO ${into.table} (${into.columns.join(',')}) VALUES ${Array<string>(rows).fill(row).join(',')}`;
    insertTexts.set(key, text);
  }
  return text;
}

/** A list of texts as one bound value, to be used as `column IN ${textList(values)}`: no limit on its length. */
export function textList(values: readonly string[]): RawBuilder<string> {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** The same for numbers. */
export function numberList(values: readonly number[]): RawBuilder<number> {
  return sql`(SELECT CAST(value AS INTEGER) FROM json_each(${JSON.stringify(values)}))`;
}

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
