import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { queryCellsWithin } from './bulk.ts';
import { openSqlite, sqliteDialect } from './node-sqlite.ts';
import { isDatabaseUnusable } from './unusable-database.ts';

interface Tables {
  readonly note: { readonly id: number; readonly text: string };
}

let folder: string;
let db: Kysely<Tables>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-sqlite-'));
  const connection = openSqlite(join(folder, 'small.sqlite'), { mode: 'writer', busyTimeout: 0 });
  db = new Kysely<Tables>({ dialect: sqliteDialect(connection, 'writer') });
  await sql`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)`.execute(db);
  connection.exec('PRAGMA max_page_count = 20');
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const addNotes = (texts: readonly string[]): Promise<void> =>
  db.transaction().execute(async (tx) => {
    for (const [id, text] of texts.entries()) await tx.insertInto('note').values({ id, text }).execute();
  });

it('tells of a full disk as what it is, undoes the transaction, and goes on', async () => {
  const failure: unknown = await addNotes(['small', 'x'.repeat(200_000)]).catch((error: unknown) => error);
  expect(String(failure)).toContain('full');
  expect(isDatabaseUnusable(failure)).toBe(true);
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([]);
  await addNotes(['small again']);
  expect(await db.selectFrom('note').select('text').execute()).toEqual([{ text: 'small again' }]);
});

it('undoes a transaction that fails for another reason', async () => {
  await expect(addNotes(['a', 'b']).then(() => addNotes(['again']))).rejects.toThrow('UNIQUE');
  expect(await db.selectFrom('note').select('text').execute()).toEqual([{ text: 'a' }, { text: 'b' }]);
});

it('reads rows that have together no more text than is allowed, and goes on where they have', async () => {
  await addNotes(['four', 'five5', 'six']);
  const query = { text: 'SELECT id, text FROM note WHERE id <= ? ORDER BY id', values: [1] };
  expect(await queryCellsWithin(db, query, 9)).toEqual([
    [0, 'four'],
    [1, 'five5'],
  ]);
  expect(await queryCellsWithin(db, query, 8)).toBeNull();
  expect(await queryCellsWithin(db, { ...query, values: [0] }, 8)).toEqual([[0, 'four']]);
  await addNotes([]);
  await expect(queryCellsWithin(db, { text: 'SELECT nothing FROM note', values: [] }, 8)).rejects.toThrow('nothing');
});
