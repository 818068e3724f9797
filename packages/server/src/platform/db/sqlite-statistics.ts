import type { Executor } from './database.ts';
import { queryText, runText } from './bulk.ts';

/**
 * What SQLite's planner is told of the tables that grow (ADR 25): numbers of a large project, whatever there is now. Without
 * any, it takes a project for ten objects, and walks through all of it where it was given a list of twenty to look up.
 */

/** An index, with the rows of its table, and for each of its columns how many rows have the same values up to there. */
interface IndexStatistics {
  readonly table: string;
  /** Of a table without row ids, its own name stands for its key. */
  readonly index: string;
  readonly rows: readonly number[];
}

/**
 * Larger than what SQLite assumes of a table that it knows nothing of, about a million rows: temporary tables, which are
 * among these, are walked through, and these are looked up.
 */
const OBJECTS = 10_000_000;
const OF_A_SCOPE = OBJECTS / 2;

const STATISTICS: readonly IndexStatistics[] = [
  { table: 'object', index: 'sqlite_autoindex_object_1', rows: [OBJECTS, OF_A_SCOPE, 1] },
  { table: 'object', index: 'object_by_parent', rows: [OBJECTS, OF_A_SCOPE, 300, 60, 2] },
  { table: 'object', index: 'object_by_name', rows: [OBJECTS, OF_A_SCOPE, 3, 1] },
  { table: 'object', index: 'object_by_id', rows: [OBJECTS, 2] },
  { table: 'object_body', index: 'sqlite_autoindex_object_body_1', rows: [OBJECTS, OF_A_SCOPE, 1] },
  { table: 'object_reference', index: 'object_reference', rows: [3 * OBJECTS, 3 * OF_A_SCOPE, 3, 1] },
  { table: 'object_reference', index: 'object_reference_by_target', rows: [3 * OBJECTS, 30, 20, 1] },
  { table: 'journal_entry', index: 'journal_entry', rows: [OBJECTS, 10_000, 8_000, 1] },
  { table: 'journal_entry', index: 'journal_entry_by_object', rows: [OBJECTS, 5] },
];

const SAME = `
  SELECT CAST(count(*) AS INTEGER) AS n FROM sqlite_stat1 s JOIN (
    SELECT value ->> 'table' AS tbl, value ->> 'index' AS idx, value ->> 'stat' AS stat FROM json_each(?)) w
  ON s.tbl = w.tbl AND s.idx = w.idx AND s.stat = w.stat`;
const REMOVE = `DELETE FROM sqlite_stat1 WHERE tbl IN (SELECT value ->> 'table' FROM json_each(?))`;
const ADD = `
  INSERT INTO sqlite_stat1 (tbl, idx, stat)
  SELECT value ->> 'table', value ->> 'index', value ->> 'stat' FROM json_each(?)`;
/** Makes the table of statistics where there is none, and reads what it says; of the schema itself it tells nothing. */
const READ_AGAIN = 'ANALYZE sqlite_schema';

/**
 * Sees to it that the planner knows the tables of this database that grow. What is right is left alone; what an
 * administrator has collected of these tables is replaced, because it would be wrong once they have grown.
 * For SQLite only.
 */
export async function putStatistics<Tables>(db: Executor<Tables>): Promise<void> {
  const names = await queryText<{ name: string }, Tables>(db, 'SELECT name FROM sqlite_schema');
  const known = new Set(names.map(({ name }) => name));
  const wanted = STATISTICS.filter(({ index }) => known.has(index));
  if (wanted.length === 0) return;
  const list = JSON.stringify(wanted.map(({ table, index, rows }) => ({ table, index, stat: rows.join(' ') })));
  if (known.has('sqlite_stat1') && (await countSame(db, list)) === wanted.length) return;
  await runText(db, READ_AGAIN);
  await runText(db, REMOVE, [list]);
  await runText(db, ADD, [list]);
  await runText(db, READ_AGAIN);
}

async function countSame<Tables>(db: Executor<Tables>, list: string): Promise<number> {
  const rows = await queryText<{ n: number }, Tables>(db, SAME, [list]);
  return rows[0]?.n ?? 0;
}
