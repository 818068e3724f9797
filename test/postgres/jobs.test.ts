import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, type LibraryClient } from '@longshore/client';
import { startServer, startWorker, type RunningServer, type RunningWorker } from '@longshore/server';
import {
  aConfig,
  approvedPackage,
  dumpOf,
  importInto,
  PASSWORD,
  undo,
  YEAR,
  type TestServer,
} from '../e2e/two-environments.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';

/** Two servers that do no work themselves, and a worker, on one database. */
let postgres: PostgresServer;
let folder: string;
const servers: RunningServer[] = [];
let worker: RunningWorker;
let nodes: TestServer[];

const databaseOf = (name: string): string => `${postgres.address}?schema=${name}`;

async function aNode(name: string, node: string, sample: 'tutorial' | 'tutorial-prod'): Promise<TestServer> {
  const config = aConfig(folder, {
    name,
    dataDirectory: join(folder, node),
    sample,
    database: databaseOf(name),
    workers: 0,
  });
  const running = await startServer({ ...config, url: 'http://longshore.example/MicroStrategyLibrary' });
  servers.push(running);
  const client: LibraryClient = createClient({ baseUrl: `${running.address}/MicroStrategyLibrary` });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  return { config, running: { ...running, url: `${running.address}/MicroStrategyLibrary` }, client };
}

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'longshore-queue-'));
  nodes = [await aNode('one', 'a', 'tutorial'), await aNode('one', 'b', 'tutorial')];
});
afterAll(async () => {
  await worker?.close();
  for (const server of servers) await server.close();
  await postgres?.close();
  await rm(folder, { recursive: true, force: true });
});

it('lets any server ask for a job, a worker do it, and any other server tell of it', async () => {
  const [a, b] = nodes as [TestServer, TestServer];
  const config = aConfig(folder, { name: 'one', dataDirectory: join(folder, 'w'), database: databaseOf('one') });
  worker = await startWorker(config);
  const before = await dumpOf(a);
  const record = await approvedPackage(a, b, { content: [{ id: YEAR, type: 12, action: 'force_replace' }] });
  const imported = await importInto(b, record);
  expect(imported.importInfo).toMatchObject({ status: 'imported', progress: 100 });
  expect((await a.client.migrations.get(record.id)).importInfo.status).toBe('imported');
  expect((await undo(a, record.id)).importInfo.status).toBe('undo_success');
  expect(await dumpOf(b)).toBe(before);
});

it('ends a session on every server', async () => {
  const [a, b] = nodes as [TestServer, TestServer];
  const call = (server: TestServer, token: string, method = 'GET', path = 'sessions') =>
    fetch(`${server.running.url}/api/${path}`, { method, headers: { 'x-mstr-authtoken': token } });
  const login = await fetch(`${a.running.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'Administrator', password: PASSWORD }),
  });
  const token = login.headers.get('x-mstr-authtoken') ?? '';
  expect((await call(b, token)).status).toBe(200);
  expect((await call(a, token, 'POST', 'auth/logout')).status).toBe(204);
  expect((await call(b, token)).status).toBe(401);
});
