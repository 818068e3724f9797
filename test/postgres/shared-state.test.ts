import { sql, type Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  openConnection,
  openDatabase,
  type Connection,
  type Executor,
} from '../../packages/server/src/platform/db/database.ts';
import { postgresLocation } from '../../packages/server/src/platform/db/location.ts';
import { readState, watchState } from '../../packages/server/src/platform/db/shared-state.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';

interface Tables {
  note: { text: string };
}

let server: PostgresServer;
let location: string;
let writer: Connection<Tables>;

beforeAll(async () => {
  server = await startPostgres();
  location = postgresLocation(server.address, 'metadata');
  const migrations = {
    '0001-notes': {
      async up(tx: Kysely<unknown>) {
        await sql.raw(`CREATE TABLE note (text TEXT NOT NULL)`).execute(tx);
      },
    },
  };
  await (await openDatabase<Tables>({ location, migrations, lockPatience: 1000 })).close();
  writer = await openConnection<Tables>(location, { mode: 'writer', busyTimeout: 1000 });
});
afterAll(async () => {
  await writer?.close();
  await server?.close();
});

const addNote = (text: string): Promise<void> =>
  writer.transaction(async (tx) => void (await tx.insertInto('note').values({ text }).execute()));

const notes = async (tx: Executor<Tables>): Promise<string[]> =>
  (await tx.selectFrom('note').selectAll().execute()).map(({ text }) => text);

it('a state is given on to another connection, whatever was committed in between', async () => {
  await addNote('before');
  const watch = watchState(location);
  const reader = await openConnection<Tables>(location, { mode: 'reader', busyTimeout: 1000 });
  await reader.transaction(async (tx) => {
    expect(await notes(tx)).toEqual(['before']);
    await addNote('between');
    const other = await readState<Tables>(location, await watch.ticketOf(tx));
    await addNote('after');
    expect(watch.holds()).toBe(true);
    expect(await notes(other.executor)).toEqual(['before']);
    await other.close();
  });
  expect(await notes(reader.executor)).toEqual(['before', 'between', 'after']);
  await reader.close();
  watch.close();
});

it('a ticket is no way to run a statement, and one whose state is gone is refused', async () => {
  const readWith = (exported: string): Promise<unknown> => readState(location, { engine: 'postgres', exported });
  await expect(readWith(`00000003-1'; DROP TABLE note; --`)).rejects.toThrow('names no state');
  await expect(readWith('00000003-0000001B-1')).rejects.toThrow(/snapshot/);
  expect(await notes(writer.executor)).not.toEqual([]);
});
