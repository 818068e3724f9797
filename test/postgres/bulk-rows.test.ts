import * as fc from 'fast-check';
import { sql, type Kysely } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { analyzeTables, insertRows, type Cell } from '../../packages/server/src/platform/db/bulk.ts';
import { openConnection, openDatabase, type Connection } from '../../packages/server/src/platform/db/database.ts';
import { postgresLocation } from '../../packages/server/src/platform/db/location.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';

/** Many rows at once: what is read is what was written, however it is spelt on the way. */
interface Tables {
  note: { position: number; text: string | null; number: number | null };
}

const NOTES = { table: 'note', columns: ['position', 'text', 'number'] };
/** So many that they are copied, and so few that they are inserted. */
const MANY = 50;
const FEW = 3;

let server: PostgresServer;
let db: Connection<Tables>;

beforeAll(async () => {
  server = await startPostgres();
  const location = postgresLocation(server.address, 'metadata');
  const migrations = {
    '0001-notes': {
      async up(tx: Kysely<unknown>) {
        const text = `CREATE TABLE note (position INTEGER NOT NULL PRIMARY KEY, text TEXT, number INTEGER)`;
        await sql.raw(text).execute(tx);
      },
    },
  };
  await (await openDatabase<Tables>({ location, migrations, lockPatience: 1000 })).close();
  db = await openConnection<Tables>(location, { mode: 'writer', busyTimeout: 1000 });
});
afterAll(async () => {
  await db?.close();
  await server?.close();
});
beforeEach(async () => {
  await db.executor.deleteFrom('note').execute();
});

const rowsOf = (texts: readonly (string | null)[]): Cell[][] =>
  texts.map((text, index) => [index, text, index % 3 === 0 ? null : index * 2 ** 33]);

async function stored(): Promise<Cell[][]> {
  const rows = await db.executor.selectFrom('note').selectAll().orderBy('position').execute();
  return rows.map(({ position, text, number }): Cell[] => [position, text, number]);
}

const repeated = (text: string | null, count: number): (string | null)[] => Array<string | null>(count).fill(text);

const ODD_TEXTS: readonly (string | null)[] = [
  null,
  '',
  ' ',
  'NULL',
  '\\N',
  '\\.',
  '\\',
  '\\\\',
  '\\t',
  '\t',
  '\n',
  '\r\n',
  'a\tb\\tc\nd',
  '\b\f\v\u0001\u001F\u007F',
  '"quoted", \'quoted\'',
  '$1 ? :name temp.note IS ?',
  'ä€𝄞\u2028\uFEFF',
  '{"path":"C:\\\\temp\\n","text":"\\u0000"}',
];

it.each([FEW, MANY])('keeps texts that mean something on the way to PostgreSQL, %i at a time', async (count) => {
  for (const text of ODD_TEXTS) {
    const rows = rowsOf(repeated(text, count));
    await insertRows(db.executor, NOTES, rows);
    expect(await stored()).toEqual(rows);
    await db.executor.deleteFrom('note').execute();
  }
});

it('keeps any text that PostgreSQL can hold', async () => {
  const text = fc.option(
    fc
      .string({
        unit: fc.oneof(fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', "'", '"'), fc.string({ unit: 'binary' })),
      })
      .map((value) => value.replaceAll('\0', '')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: MANY, maxLength: MANY * 2 }), async (texts) => {
      const rows = rowsOf(texts);
      await insertRows(db.executor, NOTES, rows);
      const found = await stored();
      await db.executor.deleteFrom('note').execute();
      expect(found).toEqual(rows);
    }),
    { numRuns: 50 },
  );
});

it.each([FEW, MANY])(
  'writes half a surrogate pair as the sign for what is not a character, %i at a time',
  async (count) => {
    await insertRows(db.executor, NOTES, rowsOf(repeated('a\uD800b\uDC00', count)));
    expect((await stored()).map(([, text]) => text)).toEqual(repeated('a\uFFFDb\uFFFD', count));
  },
);

it.each([FEW, MANY])('refuses the character NUL, and can be used afterwards, %i at a time', async (count) => {
  const rows = rowsOf([...repeated('good', count - 1), 'a\0b']);
  await expect(insertRows(db.executor, NOTES, rows)).rejects.toMatchObject({ code: '22021' });
  expect(await stored()).toEqual([]);
  await insertRows(db.executor, NOTES, rows.slice(0, -1));
  expect(await stored()).toHaveLength(count - 1);
});

it('copies rows of many megabytes', async () => {
  const huge = 'line\n\\end\t€'.repeat(500_000);
  const texts = [...repeated('small', MANY), huge, 'after', huge, null];
  await insertRows(db.executor, NOTES, rowsOf(texts));
  expect((await stored()).map(([, text]) => text === huge)).toEqual(texts.map((text) => text === huge));
  expect((await stored()).at(-1)?.[1]).toBeNull();
});

it.each([MANY, 20_000])(
  'takes all of %i rows or none, tells a key that is there twice, and can be used afterwards',
  async (count) => {
    const rows = rowsOf(repeated('a text of some length, so that there is more than one piece', count));
    const failed = db.transaction(async (tx) => {
      await insertRows(tx, NOTES, [...rows, [0, 'twice', null]]);
    });
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    expect(await stored()).toEqual([]);
    await db.transaction((tx) => insertRows(tx, NOTES, rows));
    expect(await stored()).toHaveLength(count);
  },
);

it.each([
  ['inserted', FEW],
  ['copied', MANY],
])('bytes are kept as they are when they are %s', async (_, count) => {
  await sql.raw('CREATE TABLE temp.piece (position INTEGER NOT NULL, bytes BYTEA)').execute(db.executor);
  const bytes = Uint8Array.from({ length: 256 }, (_value, byte) => byte);
  const rows = Array.from({ length: count }, (_value, position) => [
    position,
    position === 1 ? new Uint8Array() : bytes,
  ]);
  await insertRows(db.executor, { table: 'temp.piece', columns: ['position', 'bytes'] }, rows as unknown as Cell[][]);
  const { rows: read } = await sql<{ bytes: Buffer }>`SELECT bytes FROM temp.piece ORDER BY position`.execute(
    db.executor,
  );
  expect(read.map((row) => Uint8Array.from(row.bytes))).toEqual(rows.map(([, value]) => value));
  await sql.raw('DROP TABLE temp.piece').execute(db.executor);
});

it('goes back with its transaction', async () => {
  const failed = db.transaction(async (tx) => {
    await insertRows(tx, NOTES, rowsOf(repeated('lost', MANY)));
    throw new Error('stop');
  });
  await expect(failed).rejects.toThrow('stop');
  expect(await stored()).toEqual([]);
});

it('tells a connection that breaks under it, and the next one works', async () => {
  const rows = rowsOf(repeated('x'.repeat(200_000), 200));
  const failed = db.transaction(async (tx) => {
    const { rows: own } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
    // Both at once: what is copied may fail before the other call has ended.
    await Promise.all([insertRows(tx, NOTES, rows), endBackend(own[0]?.pid ?? 0)]);
  });
  await expect(failed).rejects.toThrow();
  expect(await stored()).toEqual([]);
});

async function endBackend(pid: number): Promise<void> {
  const client = new Client({ connectionString: server.address });
  await client.connect();
  await client.query('SELECT pg_terminate_backend($1)', [pid]);
  await client.end();
}

it('tells the planner how much there is in temporary tables', async () => {
  await sql.raw('CREATE TABLE temp.staged (position INTEGER NOT NULL, text TEXT)').execute(db.executor);
  await insertRows(
    db.executor,
    { table: 'temp.staged', columns: ['position', 'text'] },
    repeated('same', 3000).map((text, index) => [index, text]),
  );
  await analyzeTables(db.executor, ['temp.staged']);
  const { rows } = await sql<{ n: number; d: number }>`
    SELECT reltuples AS n, (SELECT n_distinct FROM pg_stats WHERE tablename = 'staged' AND attname = 'text') AS d
    FROM pg_class WHERE relname = 'staged'`.execute(db.executor);
  expect(rows).toEqual([{ n: 3000, d: 1 }]);
});
