import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MigrationGroup } from '@longshore/contracts';
import { createClient } from '@longshore/client';
import { startServer, startWorker, type RunningWorker } from '@longshore/server';
import { aSession, type Session } from '../builders/package-api.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';
import { aConfig, PASSWORD, PROJECT, YEAR } from '../e2e/two-environments.ts';
import { isWaitedFor } from './held-import.ts';

/** A server that does no work itself, and workers that come and go. */
let postgres: PostgresServer;
let folder: string;
let url: string;
let session: Session;
let holder: Client;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  closing.push(() => postgres.close());
  folder = await mkdtemp(join(tmpdir(), 'longshore-handover-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const config = aConfig(folder, { name: 'one', sample: 'tutorial', database: databaseOf(), workers: 0 });
  const running = await startServer(config);
  closing.push(() => running.close());
  ({ url } = running);
  const client = createClient({ baseUrl: url });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  session = await aSession({ config, running, client });
  holder = new Client({ connectionString: postgres.address });
  await holder.connect();
  closing.push(() => holder.end());
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const databaseOf = (): string => `${postgres.address}?schema=one`;

async function aWorker(name: string): Promise<RunningWorker> {
  const own = { name: 'one', dataDirectory: join(folder, name), database: databaseOf(), workers: 1 };
  const worker = await startWorker(aConfig(folder, own));
  closing.push(() => worker.close());
  return worker;
}

async function ask(method: string, path: string, json?: unknown): Promise<MigrationGroup> {
  const call = json === undefined ? { project: null } : { project: null, json };
  const { status, body } = await session.call(method, `/migrationGroups${path}`, call);
  if (status >= 400) throw new Error(JSON.stringify(body));
  return body as unknown as MigrationGroup;
}

const statusOf = async (id: string): Promise<string[]> => {
  const { status, migrations } = await ask('GET', `/${id}`);
  return [status ?? '', ...migrations.map((member) => member.importInfo.status ?? '')];
};

async function approvedGroup(): Promise<MigrationGroup> {
  const settings = {
    aclOnReplacingObjects: 'replace',
    aclOnNewObjects: ['keep_acl_as_source_object'],
    defaultAction: 'force_replace',
  };
  const environment = { id: url, name: 'one' };
  const member = (type: string, of: object, id: string, objectType: number) => ({
    packageInfo: { type, ...of, tocView: { settings, content: [{ id, type: objectType }] } },
    importInfo: of,
  });
  const { id } = await ask('POST', '', {
    name: 'Handed over',
    sourceEnvironment: environment,
    targetEnvironment: environment,
    treeView: {},
    migrations: [
      member('configuration', {}, ADMINISTRATOR, 34),
      member('project', { project: { id: PROJECT, name: 'MicroStrategy Tutorial' } }, YEAR, 12),
    ],
  });
  await vi.waitFor(async () => expect((await ask('GET', `/${id}`)).status).toBe('created'), PATIENCE);
  for (const importRequestStatus of ['requested', 'approved']) await ask('PATCH', `/${id}`, { importRequestStatus });
  const group = await ask('GET', `/${id}?showContent=all`);
  const migrations = group.migrations.map((member) => ({
    ...member,
    packageInfo: { ...member.packageInfo, replicated: true },
  }));
  return { ...group, migrations };
}

const ADMINISTRATOR = '54F3D26011D2896560009A8E67019608';
const PATIENCE = { timeout: 60_000, interval: 100 };

it('a group whose worker is stopped goes on in the next one', async () => {
  const first = await aWorker('first');
  const group = await approvedGroup();
  await holder.query(`SELECT pg_advisory_lock(hashtextextended('one_metadata', 0))`);
  await ask('PUT', `/${group.id}`, group);
  await expect.poll(() => isWaitedFor(holder, postgres.address), PATIENCE).toBe(true);
  const stopped = first.close();
  await holder.query('SELECT pg_advisory_unlock_all()');
  await stopped;
  expect(await statusOf(group.id)).toEqual(['importing', 'imported', 'importing']);
  await aWorker('second');
  await vi.waitFor(
    async () => expect(await statusOf(group.id)).toEqual(['imported', 'imported', 'imported']),
    PATIENCE,
  );
});
