import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MigrationGroup } from '@longshore/contracts';
import { startWorker, type RunningWorker } from '@longshore/server';
import { aSession, type Session } from '../builders/package-api.ts';
import { aConfig, PROJECT, YEAR } from '../e2e/two-environments.ts';
import { isWaitedFor } from './held-import.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

/** A server that does no work itself, and workers that come and go. */
let on: OnPostgres;
let url: string;
let session: Session;
let holder: Client;

beforeAll(async () => {
  on = await onPostgres();
  const server = await on.serve({ name: 'one', sample: 'tutorial', workers: 0 });
  ({ url } = server.running);
  session = await aSession(server);
  holder = await on.connect();
});
afterAll(() => on?.close());

async function aWorker(name: string): Promise<RunningWorker> {
  const own = { name: 'one', dataDirectory: join(on.folder, name), database: on.databaseOf('one'), workers: 1 };
  const worker = await startWorker(aConfig(on.folder, own));
  on.closing.defer(() => worker.close());
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
  await expect.poll(() => isWaitedFor(holder, on.postgres.address), PATIENCE).toBe(true);
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
