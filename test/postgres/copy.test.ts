import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyEnvironment, migrateEnvironment, startServer, type ServerConfig } from '@longshore/server';
import {
  aConfig,
  approvedPackage,
  dumpOf,
  importInto,
  startedServer,
  undo,
  YEAR,
  type TestServer,
} from '../e2e/two-environments.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

let on: OnPostgres;
let folder: string;
beforeAll(async () => {
  on = await onPostgres();
  ({ folder } = on);
});
afterAll(() => on?.close());

const place = (name: string): string => on.databaseOf(name);

async function running<T>(changes: Partial<ServerConfig>, use: (server: TestServer) => Promise<T>): Promise<T> {
  const server = await startedServer(aConfig(folder, { database: null, ...changes }));
  try {
    return await use(server);
  } finally {
    await server.running.close();
  }
}

it('moves an environment to PostgreSQL and back: the same dump, the same logins, and imports that can be undone', async () => {
  const first = { dataDirectory: join(folder, 'first'), sample: 'tutorial' } as const;
  const { before, after, id, content } = await running(first, async (server) => {
    const before = await dumpOf(server);
    const record = await approvedPackage(server, server, {
      content: [{ id: YEAR, type: 12, action: 'force_replace' }],
    });
    await importInto(server, record);
    const { packageInfo } = await server.client.migrations.get(record.id, { show: 'tocview' });
    expect(packageInfo.tocView?.content?.length).toBeGreaterThan(0);
    return { before, after: await dumpOf(server), id: record.id, content: packageInfo.tocView };
  });
  const copied = await copyEnvironment(join(folder, 'first'), place('moved'));
  expect(copied.rows).toBeGreaterThan(100);
  await expect(copyEnvironment(join(folder, 'first'), place('moved'))).rejects.toThrow('empty place');

  await running({ dataDirectory: join(folder, 'node'), database: place('moved') }, async (server) => {
    expect(await dumpOf(server)).toBe(after);
    const shown = await server.client.migrations.get(id, { show: 'tocview' });
    expect(shown.packageInfo.tocView).toEqual(content);
    expect((await undo(server, id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(server)).toBe(before);
  });

  await copyEnvironment(place('moved'), join(folder, 'back'));
  await running({ dataDirectory: join(folder, 'back') }, async (server) => {
    expect(await dumpOf(server)).toBe(before);
    expect((await server.client.migrations.get(id)).importInfo.status).toBe('undo_success');
  });
});

it('starts on tables that were made for it, and on no others, unless it may make them', async () => {
  const config = aConfig(folder, { dataDirectory: join(folder, 'checked'), database: place('checked') });
  await expect(startServer({ ...config, autoMigrate: false })).rejects.toThrow('Run longshore db migrate');
  await migrateEnvironment(place('checked'));
  await (await startServer({ ...config, autoMigrate: false })).close();

  const client = await on.connect();
  await client.query(`INSERT INTO checked_library.kysely_migration (name, timestamp) VALUES ('9999-future', 'now')`);
  await expect(startServer(config)).rejects.toThrow('made by a newer version of Longshore');
  await client.query(
    `DELETE FROM checked_library.kysely_migration WHERE name IN ('9999-future', '0004-migration-groups')`,
  );
  await expect(startServer({ ...config, autoMigrate: false })).rejects.toThrow('1 steps behind');
});
