import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '@longshore/contracts';
import { openConnection, openDatabase, type Database } from '../../packages/server/src/platform/db/database.ts';
import { postgresLocation } from '../../packages/server/src/platform/db/location.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';

interface Tables {
  note: { id: number; scope: string; text: string };
}

/** What the db layer promises on PostgreSQL; the suites that run on both engines rest on it. */
let server: PostgresServer;
let db: Database<Tables>;

const MIGRATIONS = {
  '0001-notes': {
    async up(tx: Kysely<unknown>) {
      await sql
        .raw(`CREATE TABLE note (id INTEGER NOT NULL PRIMARY KEY, scope TEXT NOT NULL, text TEXT NOT NULL)`)
        .execute(tx);
    },
  },
};
const open = (lockPatience = 300): Promise<Database<Tables>> =>
  openDatabase<Tables>({
    location: postgresLocation(server.address, 'metadata'),
    migrations: MIGRATIONS,
    lockPatience,
  });

beforeAll(async () => {
  server = await startPostgres();
  db = await open();
});
afterAll(async () => {
  await db?.close();
  await server?.close();
});

const add = (id: number, text: string, scope = 'A'): Promise<void> =>
  db.write(async (tx) => void (await tx.insertInto('note').values({ id, scope, text }).execute()), scope);
const texts = async (): Promise<string[]> =>
  (await db.reader.selectFrom('note').select('text').orderBy('text').execute()).map((row) => row.text);

it('orders texts by their bytes, answers numbers and 0 or 1, and compares names without the case of ASCII letters', async () => {
  for (const [id, text] of ['b', 'B', 'a', 'ä', 'Z', '_'].entries()) await add(id, text);
  expect(await texts()).toEqual(['B', 'Z', '_', 'a', 'b', 'ä']);
  const { rows } = await sql`SELECT count(*) AS n, sum(id) AS s, max(id) > 3 AS more FROM note`.execute(db.reader);
  expect(rows).toEqual([{ n: 6, s: 15, more: 1 }]);
  const named = (name: string) => sql`SELECT id FROM note WHERE text = ${name} COLLATE NOCASE`.execute(db.reader);
  expect((await named('Z')).rows).toEqual([{ id: 4 }]);
  expect((await named('z')).rows).toEqual([{ id: 4 }]);
  expect((await named('Ä')).rows).toEqual([]);
  await db.write((tx) => tx.deleteFrom('note').execute());
});

it('undoes a unit of work that throws', async () => {
  const failed = db.write(async (tx) => {
    await tx.insertInto('note').values({ id: 1, scope: 'A', text: 'lost' }).execute();
    throw new Error('stop');
  }, 'A');
  await expect(failed).rejects.toThrow('stop');
  expect(await texts()).toEqual([]);
});

/** A unit of work that holds its lock until it is told to end. */
function held(scope?: string): { begun: Promise<void>; end(): Promise<void> } {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const ended = db.write(async () => {
    begun.resolve();
    await end.promise;
  }, scope);
  return { begun: begun.promise, end: () => (end.resolve(), ended) };
}

it('lets writers of other scopes through, and tells those of the same scope or of everything that it is busy', async () => {
  const first = held('A');
  await first.begun;
  await add(2, 'beside', 'B');
  expect(await texts()).toEqual(['beside']);
  const refused = (await add(3, 'same', 'A').catch((error: unknown) => error)) as AppError;
  expect(refused.kind).toBe('busy');
  await expect(db.write(async () => undefined)).rejects.toThrow('being written by an import');
  await first.end();
  await add(3, 'same', 'A');
  const whole = held();
  await whole.begun;
  await expect(add(4, 'other', 'B')).rejects.toThrow('being written by an import');
  await whole.end();
  await db.write((tx) => tx.deleteFrom('note').execute());
});

it('waits for another writer, and then sees what that one has written', async () => {
  const first = held('A');
  await first.begun;
  const second = db.write(async (tx) => (await tx.selectFrom('note').selectAll().execute()).length, 'A');
  await first.end();
  expect(await second).toBe(0);
});

it('reads one state from a snapshot, whatever is written meanwhile, in batches', async () => {
  for (let id = 0; id < 5; id += 1) await add(id, `note ${id}`);
  const snapshot = db.openReader();
  const batches = snapshot.batches<{ id: number }>('SELECT id FROM note WHERE scope = ? ORDER BY id', ['A'], 2);
  const seen: number[][] = [];
  for await (const batch of batches) {
    seen.push(batch.map(({ id }) => id));
    await db.write((tx) => tx.deleteFrom('note').execute());
  }
  expect(seen).toEqual([[0, 1], [2, 3], [4]]);
  await snapshot.close();
  expect(await texts()).toEqual([]);
});

it('keeps temporary tables to the connection that made them', async () => {
  const location = postgresLocation(server.address, 'metadata');
  const connections = [0, 1].map(() => openConnection<Tables>(location, { mode: 'writer', busyTimeout: 1000 }));
  const [one, other] = await Promise.all(connections);
  await sql.raw('CREATE TABLE temp.staged (id INTEGER NOT NULL)').execute(one!.executor);
  await sql.raw('INSERT INTO temp.staged (id) VALUES (1)').execute(one!.executor);
  await expect(sql.raw('SELECT * FROM temp.staged').execute(other!.executor)).rejects.toThrow('does not exist');
  await one!.transaction(async (tx) => {
    expect((await sql.raw('SELECT id FROM temp.staged').execute(tx)).rows).toEqual([{ id: 1 }]);
  });
  await one!.close();
  await other!.close();
});

it('goes on after the server was killed and started again', async () => {
  await add(7, 'kept');
  await server.kill();
  const failed = (await add(8, 'lost').catch((error: unknown) => error)) as Error;
  expect(failed).toBeInstanceOf(Error);
  await server.start();
  await expect.poll(texts).toEqual(['kept']);
  await expect
    .poll(() =>
      add(9, 'again').then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
});
