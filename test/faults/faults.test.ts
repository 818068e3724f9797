import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import { STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { PROJECT, YEAR } from '../e2e/two-environments.ts';
import { startEnvironment, type FaultEnvironment } from './fault-environment.ts';
import { planFaults, randomFrom } from './fault-plan.ts';
import { Faults } from './faults.ts';
import { isRefusal, type Balanced } from './processes.ts';
import { together } from './together.ts';

/**
 * One environment on two servers and two workers, one PostgreSQL and one S3, under a steady load, while processes and
 * the database are killed and workers are cut off at random. `ROUNDS` is the number of faults, `SEED` makes their order come
 * again.
 */
const ROUNDS = Number(process.env['ROUNDS'] ?? 40);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const TARGETS = ['A', 'B'].map((letter) => letter.repeat(32));
const CALM = 'C'.repeat(32);

const random = randomFrom(SEED);
/** Aborted by the first failure: everything that waits ends. */
const halting = new AbortController();
const closing = new AsyncDisposableStack();
let environment: FaultEnvironment;
let api: Balanced;
/** What the suite is doing, until it has really ended; a hook or a test that takes too long goes on after its failure. */
let underWay: Promise<void> = Promise.resolve();

function haltingAll(work: Promise<void>): Promise<void> {
  return (underWay = together(halting, [work]));
}

beforeAll(() => haltingAll(setUp()), 300_000);

async function setUp(): Promise<void> {
  environment = await startEnvironment(closing, halting.signal);
  ({ api } = environment);
}

afterAll(async () => {
  halting.abort(new Error('The suite is over.'));
  await underWay.catch(() => undefined);
  await closing.disposeAsync();
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
    await delay(200, undefined, { signal: halting.signal });
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
    await delay(200, undefined, { signal: halting.signal });
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
  const client = new Client({ connectionString: environment.postgres.address });
  await client.connect();
  const { rows } = await client.query<{ n: string }>('SELECT count(*) AS n FROM faults_jobs.job WHERE retry_count > 0');
  await client.end();
  return Number(rows[0]?.n);
}

async function fileNames(): Promise<string[]> {
  const lists = Object.values(STORE_FOLDERS).map(async (folder) => Array.fromAsync(environment.store.list(folder)));
  return (await Promise.all(lists)).flat().map((file) => String(file.path));
}

it(`keeps its promises through ${ROUNDS} faults (seed ${SEED})`, ({ signal }) => {
  signal.addEventListener('abort', () => halting.abort(signal.reason));
  return haltingAll(keepsItsPromises());
});

async function keepsItsPromises(): Promise<void> {
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

  const faults = new Faults(environment, random, halting.signal);
  await together(halting, [...TARGETS.map((target) => load(target)), happenAll(faults)]);
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
  for (const node of [...environment.servers, ...environment.workers]) await node.stop();
}

async function happenAll(faults: Faults): Promise<void> {
  for (const fault of planFaults(ROUNDS, SEED)) {
    await delay(500 + random() * 3000, undefined, { signal: halting.signal });
    await faults.happen(fault);
  }
  faults.mend();
  ending.abort();
}

/** No file is one, once the processes have cleaned up after themselves. */
async function expectNoOrphans(): Promise<void> {
  const nodes = [...environment.servers, ...environment.workers];
  for (const node of nodes) await node.stop();
  for (const node of nodes) await node.start(halting.signal);
  const records = (await api.ask((client) => client.migrations.list({ limit: 1000 }))).data;
  const named = new Set(records.flatMap((r) => [r.packageInfo.storage?.path, r.importInfo.undoStorage?.path]));
  expect((await fileNames()).filter((name) => !named.has(name))).toEqual([]);
}
