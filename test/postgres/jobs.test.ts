import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import { generateProject } from '@longshore/samples';
import { startWorker } from '@longshore/server';
import {
  aConfig,
  approvedPackage,
  dumpOf,
  importInto,
  isCreated,
  isImported,
  PASSWORD,
  undo,
  YEAR,
  type TestServer,
} from '../e2e/two-environments.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

/** Two servers that do no work themselves, and a worker, on one database. */
let on: OnPostgres;
let nodes: TestServer[];

/** Both are the environment of one address; what a test asks, it asks each at its own. */
async function aNode(node: string): Promise<TestServer> {
  const url = 'http://longshore.example/MicroStrategyLibrary';
  const own = { name: 'one', dataDirectory: join(on.folder, node), sample: 'tutorial', workers: 0, url } as const;
  const server = await on.serve(own);
  return { ...server, running: { ...server.running, url: `${server.running.address}/MicroStrategyLibrary` } };
}

beforeAll(async () => {
  on = await onPostgres();
  nodes = [await aNode('a'), await aNode('b')];
});
afterAll(() => on?.close());

/** A package of all of a project that both environments share; nobody has begun to build it. */
async function aLargePackage({ client, running, config }: TestServer): Promise<string> {
  const folders = await client.folders.list(ROOT, { projectId: LARGE, limit: -1 });
  const environment = { id: running.url, name: config.name };
  const settings = {
    updateSchema: [],
    aclOnReplacingObjects: 'replace',
    aclOnNewObjects: ['keep_acl_as_source_object'],
    defaultAction: 'force_replace',
  };
  const content = folders.map(({ id, type }) => ({ id, type, includeDependents: true }));
  const { id } = await client.migrations.create(
    {
      packageInfo: { type: 'project', name: 'Large', environment, tocView: { settings, content }, treeView: {} },
      importInfo: { environment, project: { id: LARGE, name: 'Large' } },
    } as never,
    { projectId: LARGE },
  );
  return id;
}

const LARGE = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
const ROOT = 'D43364C684E34A5F9B2F9AD7108F7828';
const CANCELLED = 'was cancelled by Administrator. Nothing was changed.';

it('ends a job that no worker has begun when one comes, without beginning it', async () => {
  const [a, b] = nodes as [TestServer, TestServer];
  const project = [...generateProject({ objects: 8_000, seed: 3, projectId: LARGE })];
  await a.client.metadata.load(new Blob([project.join('\n')]).stream());
  const id = await aLargePackage(a);
  await b.client.migrations.cancel(id);
  expect((await a.client.migrations.get(id)).packageInfo.status).toBe('creating');
  const own = { name: 'one', dataDirectory: join(on.folder, 'w'), database: on.databaseOf('one') };
  const worker = await startWorker(aConfig(on.folder, own));
  on.closing.defer(() => worker.close());
  const { packageInfo } = await a.client.migrations.waitFor(id, isCreated);
  expect(packageInfo).toMatchObject({
    status: 'create_failed',
    message: `The creation of the package ${CANCELLED}`,
    progress: 0,
  });
});

it('cancels over any server an import that runs in a worker, and one that waits for its project', async () => {
  const [a, b] = nodes as [TestServer, TestServer];
  const records: Migration[] = [];
  for (const _ of [1, 2]) {
    const id = await aLargePackage(a);
    expect((await a.client.migrations.waitFor(id, isCreated)).packageInfo.status).toBe('created');
    await a.client.migrations.patch(id, { importInfo: { importRequestStatus: 'requested' } });
    await a.client.migrations.patch(id, { importInfo: { importRequestStatus: 'approved' } });
    records.push(await a.client.migrations.get(id, { show: 'all' }));
  }
  const [first, second] = records as [Migration, Migration];
  const before = await dumpOf(a, LARGE);
  for (const record of records) {
    await a.client.migrations.import(record, { projectId: LARGE, undoPackage: 'generate' });
  }
  const isUnderWay = (record: Migration): boolean => isImported(record) || (record.importInfo.progress ?? 0) > 0;
  const often = { firstMs: 20, factor: 1, longestMs: 20 };
  const running = await b.client.migrations.waitFor(first.id, isUnderWay, { backoff: often });
  expect(running.importInfo.status).toBe('importing');
  await b.client.migrations.cancel(second.id);
  await b.client.migrations.cancel(first.id);
  for (const { id } of records) {
    const { importInfo } = await a.client.migrations.waitFor(id, isImported);
    expect(importInfo).toMatchObject({ status: 'import_failed', message: `The import ${CANCELLED}`, undoStorage: {} });
  }
  expect(await dumpOf(b, LARGE)).toBe(before);
  await expect(b.client.migrations.cancel(first.id)).rejects.toMatchObject({ status: 400, code: 'ERR006' });
});

it('lets any server ask for a job, a worker do it, and any other server tell of it', async () => {
  const [a, b] = nodes as [TestServer, TestServer];
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
