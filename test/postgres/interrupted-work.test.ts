import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createClient, type LibraryClient, type Migration } from '@longshore/client';
import type { ModelTask } from '@longshore/contracts';
import { freePort } from '../crash/killable-server.ts';
import { Node, PASSWORD, type Deployment } from '../faults/processes.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

/** Two servers, as processes, on one PostgreSQL; the one that works on something is killed in the middle of it. */
const SCHEMA = 'shared';
const TUTORIAL = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';
const SOON = { timeout: 60_000, interval: 50 };

let on: OnPostgres;
let database: Client;
let deployment: Deployment;
let working: Node;
let other: Node;
let client: LibraryClient;
let otherUrl: string;

beforeAll(async () => {
  on = await onPostgres();
  database = await on.connect();
  const { folder } = on;
  deployment = { folder, database: on.databaseOf(SCHEMA), storage: ['--storage', join(folder, 'storage')], env: {} };
  const port = await freePort();
  otherUrl = `http://127.0.0.1:${port}/MicroStrategyLibrary`;
  // It answers; what it is asked for, the one with workers does while there is one.
  await database.query('CREATE ROLE other SUPERUSER LOGIN');
  const asOther = new URL(deployment.database);
  asOther.username = 'other';
  const own = ['serve', ...listening(port), '--workers', '0', '--sample', 'tutorial'];
  other = new Node('other', own, { ...deployment, database: asOther.href });
  await other.start();
  client = createClient({ baseUrl: otherUrl });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
});
afterAll(async () => {
  await working?.kill();
  await other?.stop();
  await on?.close();
});
beforeEach(async () => {
  await working?.kill();
  const port = await freePort();
  working = new Node('working', ['serve', ...listening(port), '--workers', '1'], deployment);
  await working.start();
});

function listening(port: number): string[] {
  return ['--host', '127.0.0.1', '--port', String(port), '--admin-password', PASSWORD];
}

/** Lets nobody write to one of the two databases of the environment. */
const hold = (part: 'library' | 'metadata') =>
  database.query(`SELECT pg_advisory_lock(hashtextextended('${SCHEMA}_${part}', 0))`);
const release = () => database.query('SELECT pg_advisory_unlock_all()');

const isBegun = async (queue: string): Promise<void> => {
  const sql = `SELECT count(*) AS n FROM ${SCHEMA}_jobs.job WHERE name = $1 AND state = 'active' AND retry_count = 0`;
  await vi.waitFor(async () => expect((await database.query(sql, [queue])).rows[0]).toEqual({ n: '1' }), SOON);
};
const isIdle = async (queue: string): Promise<void> => {
  const sql = `SELECT count(*) AS n FROM ${SCHEMA}_jobs.job WHERE name = $1 AND state IN ('created', 'retry', 'active')`;
  await vi.waitFor(async () => expect((await database.query(sql, [queue])).rows[0]).toEqual({ n: '0' }), SOON);
};
/** The server that answers, which has a database user of its own, waits for `hold`: it comes before who waits later. */
const isWaited = async (): Promise<void> => {
  const sql = `SELECT count(*) AS n FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND NOT granted AND usename = 'other'`;
  await vi.waitFor(async () => expect((await database.query(sql)).rows[0]).not.toEqual({ n: '0' }), SOON);
};
const countRows = async (planId: string): Promise<number> => {
  const sql = `SELECT count(*) AS n FROM ${SCHEMA}_library.plan_object WHERE plan_id = $1`;
  return Number((await database.query<{ n: string }>(sql, [planId])).rows[0]?.n);
};

/** Another process with workers, which finds what the killed one had. */
async function takeOver(): Promise<void> {
  working = new Node('third', ['worker', '--workers', '1'], deployment);
  await working.start();
}

async function aPackage(): Promise<Migration> {
  const environment = { id: otherUrl, name: SCHEMA };
  const settings = {
    updateSchema: [],
    aclOnReplacingObjects: 'replace',
    aclOnNewObjects: ['keep_acl_as_source_object'],
    defaultAction: 'replace',
  } as const;
  const content = [{ id: YEAR, type: 12, includeDependents: true }];
  const { id } = await client.migrations.create(
    {
      packageInfo: { type: 'project', name: 'Year', environment, tocView: { settings, content }, treeView: {} },
      importInfo: { environment, project: { id: TUTORIAL, name: 'Tutorial' } },
    } as never,
    { projectId: TUTORIAL },
  );
  await client.migrations.waitFor(id, ({ packageInfo }) => packageInfo.status !== 'creating');
  return client.migrations.get(id, { show: 'all' });
}

it('a plan whose process is killed is told as interrupted by the next one, which does not make it again', async () => {
  const record = await aPackage();
  const whole = await client.plans.waitFor((await client.plans.create(record, { projectId: TUTORIAL })).id);
  expect(whole).toMatchObject({ status: 'planned', progress: 100 });
  const { id } = await client.plans.create(record, { projectId: TUTORIAL });
  await hold('library');
  await isBegun('plans');
  await working.kill();
  await release();
  expect((await client.plans.get(id)).status).toBe('planning');
  await takeOver();
  await vi.waitFor(async () => expect((await client.plans.get(id)).status).toBe('failed'), SOON);
  expect((await client.plans.get(id)).message).toBe(
    'The plan was interrupted because its worker ended. Nothing was changed; plan again.',
  );
  await vi.waitFor(async () => expect(await countRows(id)).toBe(0), SOON);
  const again = await client.plans.waitFor((await client.plans.create(record, { projectId: TUTORIAL })).id);
  expect(again.result).toEqual(whole.result);
});

it('a plan is cancelled over any server, while it waits and while another process makes it', async () => {
  const record = await aPackage();
  const make = async (): Promise<string> => (await client.plans.create(record, { projectId: TUTORIAL })).id;
  const message = 'The plan was cancelled by Administrator.';
  const first = await make();
  await hold('library');
  await isBegun('plans');
  const cancelled = client.plans.cancel(first);
  await isWaited();
  await release();
  await cancelled;
  expect(await client.plans.get(first)).toMatchObject({ status: 'failed', message });
  await isIdle('plans');
  await vi.waitFor(async () => expect(await countRows(first)).toBe(0), SOON);
  expect(await client.plans.get(first)).toMatchObject({ status: 'failed', message });
  await working.kill();
  const waiting = await make();
  await client.plans.cancel(waiting);
  await takeOver();
  await isIdle('plans');
  expect(await client.plans.get(waiting)).toMatchObject({ status: 'failed', message });
});

it('a schema reload whose process is killed is told as interrupted, and the schema is as it was', async () => {
  const before = await schemaVersion();
  const task = await reload();
  expect((await finished(task.id)).status).toBe('completed');
  expect(await schemaVersion()).toBe(before + 1);
  await hold('metadata');
  const interrupted = await reload();
  await isBegun('reloads');
  await working.kill();
  await release();
  expect((await taskOf(interrupted.id)).status).toBe('running');
  await takeOver();
  expect(await finished(interrupted.id)).toMatchObject({
    status: 'failed',
    errors: [{ message: 'The task was interrupted because its worker ended. Nothing was changed; start it again.' }],
  });
  expect(await schemaVersion()).toBe(before + 1);
  expect((await finished((await reload()).id)).status).toBe('completed');
});

async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${otherUrl}/api${path}`, {
    method,
    headers: {
      'x-mstr-authtoken': await token(),
      'x-mstr-projectid': TUTORIAL,
      prefer: 'respond-async',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

let known = '';
async function token(): Promise<string> {
  if (known !== '') return known;
  const response = await fetch(`${otherUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'Administrator', password: PASSWORD }),
  });
  return (known = response.headers.get('x-mstr-authtoken') ?? '');
}

const reload = () => call<ModelTask>('POST', '/model/schema/reload', { updateTypes: ['logical_size'] });
const taskOf = (id: string) => call<ModelTask>('GET', `/model/tasks/${id}`);
const schemaVersion = async () =>
  (await call<{ schemaVersion: number }>('GET', `/longshore/schema?projectId=${TUTORIAL}`)).schemaVersion;

async function finished(id: string): Promise<ModelTask> {
  await vi.waitFor(async () => expect((await taskOf(id)).status).not.toBe('running'), SOON);
  return taskOf(id);
}
