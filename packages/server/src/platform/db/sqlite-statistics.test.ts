import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database, type Executor } from './database.ts';
import { deferIndexes } from './deferred-indexes.ts';
import type { MetadataTables } from './metadata-schema.ts';
import { METADATA_MIGRATIONS } from './metadata-tables.ts';

const GROWING = ['object', 'object_body', 'object_reference', 'journal_entry'];

let folder: string;
let db: Database<MetadataTables>;

const open = (): Promise<Database<MetadataTables>> =>
  openDatabase<MetadataTables>({
    location: join(folder, 'metadata.sqlite'),
    migrations: METADATA_MIGRATIONS,
    lockPatience: 1000,
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-statistics-'));
  db = await open();
});
afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

async function statistics(executor: Executor<MetadataTables> = db.reader): Promise<Record<string, string>> {
  const rows = await sql<{ idx: string; stat: string }>`SELECT idx, stat FROM sqlite_stat1 ORDER BY idx`.execute(
    executor,
  );
  return Object.fromEntries(rows.rows.map(({ idx, stat }) => [idx, stat]));
}

/** By what SQLite would find objects of a list: a plan in one line. */
async function planOfList(): Promise<string> {
  const rows = await sql<{ detail: string }>`EXPLAIN QUERY PLAN
    SELECT o.name FROM json_each('[]') j JOIN object o ON o.scope = 'A' AND o.id = j.value`.execute(db.reader);
  return rows.rows.map(({ detail }) => detail).join('; ');
}

describe('statistics of SQLite', () => {
  it('tell of every index of the tables that grow, with as many numbers as it has columns', async () => {
    const indexes = await sql<{ name: string; columns: number }>`
      SELECT l.name AS name, (SELECT count(*) FROM pragma_index_info(l.name)) AS columns
      FROM sqlite_schema t JOIN pragma_index_list(t.name) l
      WHERE t.type = 'table' AND t.name IN (${sql.join(GROWING)})`.execute(db.reader);
    const told = await statistics();
    const keys = ['object_reference', 'journal_entry'];
    for (const { name, columns } of indexes.rows) {
      // The key of a table without row ids goes by the name of the table.
      const key = keys.find((table) => name === `sqlite_autoindex_${table}_1`) ?? name;
      expect(told[key]?.split(' '), name).toHaveLength(columns + 1);
    }
    expect(Object.keys(told)).toHaveLength(indexes.rows.length);
  });

  it('make a list be looked up, in a new database and after the next opening', async () => {
    expect(await planOfList()).toContain('SEARCH o USING INDEX sqlite_autoindex_object_1 (scope=? AND id=?)');
    await db.close();
    db = await open();
    expect(await planOfList()).toContain('SEARCH o USING INDEX sqlite_autoindex_object_1 (scope=? AND id=?)');
  });

  it('take the place of what was collected of tables while these were small, and of nothing else', async () => {
    const told = await statistics();
    await db.write(async (tx) => {
      await sql`INSERT INTO acl (id, entries) VALUES ('A', '[]')`.execute(tx);
      await sql`ANALYZE`.execute(tx);
    });
    const collected = await statistics();
    expect(collected).not.toMatchObject(told);
    expect(collected).toHaveProperty('sqlite_autoindex_acl_1');
    await db.close();
    db = await open();
    expect(await statistics()).toEqual({
      ...told,
      ...Object.fromEntries(Object.entries(collected).filter(([index]) => index.includes('_acl_') || !(index in told))),
    });
  });

  it('are there again when indexes were built anew, and when that came to nothing', async () => {
    const told = await statistics();
    await db.write(async (tx) => {
      const build = await deferIndexes(tx, ['object', 'object_reference', 'journal_entry']);
      expect(Object.keys(await statistics(tx)).length).toBeLessThan(Object.keys(told).length);
      await build();
      expect(await statistics(tx)).toEqual(told);
    });
    expect(await statistics()).toEqual(told);
    const failed = db.write(async (tx) => {
      await deferIndexes(tx, ['object']);
      throw new Error('not this time');
    });
    await expect(failed).rejects.toThrow('not this time');
    expect(await statistics()).toEqual(told);
  });

  it('are not written again where they are right', async () => {
    const version = async (): Promise<unknown> => (await sql`PRAGMA data_version`.execute(db.reader)).rows[0];
    const before = await version();
    const second = await open();
    await second.close();
    expect(await version()).toEqual(before);
  });
});
