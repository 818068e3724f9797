import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import { S3Store } from '../../packages/server/src/platform/files/s3/s3-store.ts';
import { STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';
import { aS3Server, S3_KEYS, S3_REGION, type S3Server } from '../builders/s3-server.ts';
import { freePort } from '../crash/killable-server.ts';
import { PROJECT, YEAR } from '../e2e/two-environments.ts';
import { planFaults, randomFrom } from './fault-plan.ts';
import { Faults } from './faults.ts';
import { Balanced, isRefusal, Node, PASSWORD, type Deployment } from './processes.ts';
import { WorkerNetwork } from './worker-network.ts';

/**
 * One environment on two servers and two workers, one PostgreSQL and one S3, under a steady load, while processes and
 * the database are killed and workers are cut off at random. `ROUNDS` is the number of faults, `SEED` makes their order come
 * again.
 */
const ROUNDS = Number(process.env['ROUNDS'] ?? 40);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const TARGETS = ['A', 'B'].map((letter) => letter.repeat(32));
const CALM = 'C'.repeat(32);

let postgres: PostgresServer;
let s3: S3Server;
let folder: string;
let store: S3Store;
let servers: Node[] = [];
let workers: Node[] = [];
let networks: WorkerNetwork[] = [];
let api: Balanced;

const random = randomFrom(SEED);

beforeAll(async () => {
  postgres = await startPostgres();
  s3 = await aS3Server();
  folder = await mkdtemp(join(tmpdir(), 'longshore-faults-'));
  const place = await s3.place('faults', 'longshore');
  store = new S3Store({ place, instanceId: 'test' });
  const deployment: Deployment = {
    folder,
    database: `${postgres.address}?schema=faults`,
    storage: ['--storage', `s3://${place.bucket}/longshore`, '--s3-endpoint', s3.endpoint, '--s3-region', S3_REGION],
    env: { AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey },
  };
  const ports = [await freePort(), await freePort()];
  servers = ports.map((port, index) => {
    const own = ['--port', String(port), '--workers', '0', '--admin-password', PASSWORD, '--sample', 'tutorial'];
    return new Node(`server-${index}`, ['serve', ...own], deployment);
  });
  const places = { databasePort: Number(new URL(postgres.address).port), storagePort: s3.port };
  networks = [await WorkerNetwork.open(places), await WorkerNetwork.open(places)];
  workers = networks.map((network, index) => new Node(`worker-${index}`, ['worker'], network.through(deployment)));
  for (const node of [...servers, ...workers]) await node.start();
  api = new Balanced(ports);
  await api.login();
}, 300_000);

afterAll(async () => {
  for (const network of networks) network.mend();
  for (const node of [...servers, ...workers]) await node.stop();
  for (const network of networks) await network.close();
  await s3?.close();
  await postgres?.close();
  await rm(folder, { recursive: true, force: true });
});

const dumpOf = (projectId: string): Promise<string> =>
  api.ask(async (client) => new Response(await client.metadata.dump({ projectId })).text());
const linesOf = (dump: string): Record<string, unknown>[] =>
  dump
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A project as the Tutorial was before some work was done in it. */
async function addProject(id: string): Promise<void> {
  const lines = linesOf(await dumpOf(PROJECT)).map((line, index) => {
    if (line['kind'] === 'project') return { ...line, id, name: `Target ${id[0] ?? ''}` };
    const version = index.toString(16).toUpperCase().padStart(32, '0');
    return { ...line, projectId: id, ...(line['type'] === 8 ? {} : { description: 'as it was', version }) };
  });
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  await api.ask((client) => client.metadata.load(new Blob([text]).stream()));
}

/** What a project holds, without which project it is and when it was changed. */
const contentOf = (dump: string): string =>
  linesOf(dump)
    .filter((line) => line['kind'] === 'object')
    .map((line) => JSON.stringify({ ...line, projectId: null, dateModified: null }))
    .join('\n');

const CONTENTS = [
  [{ id: YEAR, type: 12, includeDependents: true }],
  [{ id: 'D43364C684E34A5F9B2F9AD7108F7828', type: 8, includeDependents: true }],
] as const;

const isBuilt = ({ packageInfo }: Migration): boolean => packageInfo.status !== 'creating';
const isAtRest = ({ packageInfo, importInfo }: Migration): boolean =>
  packageInfo.status !== 'creating' && importInfo.status !== 'importing' && importInfo.status !== 'undoing';

const AT_REST_MS = 240_000;

async function until(id: string, isDone: (record: Migration) => boolean): Promise<Migration> {
  for (const deadline = Date.now() + AT_REST_MS; ;) {
    const record = await api.ask((client) => client.migrations.get(id));
    if (isDone(record)) return record;
    if (Date.now() > deadline) throw new Error(`${id} does not come to rest: ${JSON.stringify(record)}`);
    await delay(200);
  }
}

/** A call that may have been done although its answer was lost: a refusal to do it again is as good as the answer. */
const once = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    return undefined;
  });

async function created(content: number, target: string): Promise<Migration | undefined> {
  const body = {
    packageInfo: {
      type: 'project',
      name: `Fault test ${content}`,
      environment: { id: 'http://longshore.example/MicroStrategyLibrary', name: 'shared' },
      tocView: {
        settings: {
          updateSchema: [],
          aclOnReplacingObjects: 'replace',
          aclOnNewObjects: ['keep_acl_as_source_object'],
          defaultAction: 'replace',
        },
        content: [...(CONTENTS[content] ?? [])],
      },
      treeView: {},
    },
    importInfo: {
      environment: { id: 'http://longshore.example/MicroStrategyLibrary', name: 'shared' },
      project: { id: target, name: 'Target' },
    },
  };
  const { id } = await api.ask((client) => client.migrations.create(body as never, { projectId: PROJECT }));
  const record = await until(id, isBuilt);
  if (record.packageInfo.status !== 'created') return undefined;
  for (const importRequestStatus of ['requested', 'approved'] as const) {
    await once(api.ask((client) => client.migrations.patch(id, { importInfo: { importRequestStatus } })));
  }
  return api.ask((client) => client.migrations.get(id, { show: 'all' }));
}

/** Plans an import; whoever makes the plan may die, and then another one has to say so. */
async function planned(record: Migration, target: string): Promise<string> {
  const { id } = await api.ask((client) => client.plans.create(record, { projectId: target }));
  for (const deadline = Date.now() + AT_REST_MS; ;) {
    const plan = await api.ask((client) => client.plans.get(id));
    if (plan.status !== 'planning') return plan.status === 'planned' ? 'planned' : `plan_${plan.status}`;
    if (Date.now() > deadline) throw new Error(`The plan ${id} does not come to rest: ${JSON.stringify(plan)}`);
    await delay(200);
  }
}

async function expectPlansAtRest(): Promise<void> {
  const { data } = await api.ask((client) => client.plans.list());
  expect(data.filter(({ status }) => status === 'planning')).toEqual([]);
  expect(counts['planned']).toBeGreaterThan(0);
}

async function imported(record: Migration, target: string): Promise<Migration> {
  const options = { projectId: target, undoPackage: 'generate' } as const;
  await once(api.ask((client) => client.migrations.import(record, options)));
  return until(record.id, isAtRest);
}

async function undone(id: string, target: string): Promise<Migration> {
  await once(api.ask((client) => client.migrations.patch(id, { importInfo: { undoRequestStatus: 'requested' } })));
  await once(
    api.ask((client) =>
      client.migrations.patch(id, { importInfo: { undoRequestStatus: 'approved' } }, { projectId: target }),
    ),
  );
  return until(id, isAtRest);
}

interface Live {
  readonly id: string;
  readonly content: number;
}

const counts: Record<string, number> = {};
const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);
/** The import that a target holds, when it holds one. */
const live = new Map<string, Live>();
const ending = new AbortController();

/** Creates, imports and undoes in one target, over and over. */
async function load(target: string): Promise<void> {
  while (!ending.signal.aborted) {
    const content = Math.floor(random() * CONTENTS.length);
    const record = await created(content, target);
    count(record ? 'created' : 'create_failed');
    if (!record) continue;
    count(await planned(record, target));
    const { importInfo } = await imported(record, target);
    count(importInfo.status);
    if (importInfo.status !== 'imported') continue;
    live.set(target, { id: record.id, content });
    while (!ending.signal.aborted && live.has(target)) {
      const after = await undone(record.id, target);
      count(after.importInfo.status);
      if (after.importInfo.status === 'undo_success') live.delete(target);
    }
  }
}

/** Jobs whose worker was taken for dead. */
async function takenOver(): Promise<number> {
  const client = new Client({ connectionString: postgres.address });
  await client.connect();
  const { rows } = await client.query<{ n: string }>('SELECT count(*) AS n FROM faults_jobs.job WHERE retry_count > 0');
  await client.end();
  return Number(rows[0]?.n);
}

async function fileNames(): Promise<string[]> {
  const lists = Object.values(STORE_FOLDERS).map(async (folder) => Array.fromAsync(store.list(folder)));
  return (await Promise.all(lists)).flat().map((file) => String(file.path));
}

it(`keeps its promises through ${ROUNDS} faults (seed ${SEED})`, async () => {
  for (const project of [...TARGETS, CALM]) await addProject(project);
  const base = new Map<string, string>();
  for (const target of TARGETS) base.set(target, await dumpOf(target));
  const calm = await dumpOf(CALM);
  const expected: string[] = [];
  for (const content of CONTENTS.keys()) {
    const record = await created(content, CALM);
    if (!record) throw new Error('Nothing can be created while all is well.');
    expect((await imported(record, CALM)).importInfo).toMatchObject({ status: 'imported' });
    expected.push(contentOf(await dumpOf(CALM)));
    expect(expected.at(-1)).not.toBe(contentOf(calm));
    expect((await undone(record.id, CALM)).importInfo).toMatchObject({ status: 'undo_success' });
    expect(await dumpOf(CALM)).toBe(calm);
  }

  const loads = TARGETS.map((target) => load(target));
  const faults = new Faults({ servers, workers, networks, postgres }, random);
  for (const fault of planFaults(ROUNDS, SEED)) {
    await delay(500 + random() * 3000);
    await faults.happen(fault);
  }
  faults.mend();
  ending.abort();
  await Promise.all(loads);
  const told = `${JSON.stringify(faults.counts)}; jobs: ${JSON.stringify(counts)}, taken over: ${await takenOver()}`;
  process.stdout.write(`${ROUNDS} rounds, seed ${SEED}: ${told}\n`);

  // Every record rests, every target is the replay of what succeeded in it, and the undo of that brings every byte back.
  const { data } = await api.ask((client) => client.migrations.list({ limit: 1000 }));
  expect(data.filter((record) => !isAtRest(record))).toEqual([]);
  await expectPlansAtRest();
  for (const target of TARGETS) {
    const held = live.get(target);
    const dump = await dumpOf(target);
    expect(contentOf(dump)).toBe(held ? expected[held.content] : contentOf(base.get(target) ?? ''));
    if (held) expect((await undone(held.id, target)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(target)).toBe(base.get(target));
  }
  expect(counts['imported'] ?? 0).toBeGreaterThan(0);

  await expectNoOrphans();
});

/** No file is one, once the processes have cleaned up after themselves. */
async function expectNoOrphans(): Promise<void> {
  for (const node of [...servers, ...workers]) await node.stop();
  for (const node of [...servers, ...workers]) await node.start();
  const records = (await api.ask((client) => client.migrations.list({ limit: 1000 }))).data;
  const named = new Set(records.flatMap((r) => [r.packageInfo.storage?.path, r.importInfo.undoStorage?.path]));
  expect((await fileNames()).filter((name) => !named.has(name))).toEqual([]);
}
