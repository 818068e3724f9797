import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type LibraryClient } from '@longshore/client';
import type { Migration } from '@longshore/contracts';
import { generateProject } from '@longshore/samples';
import { plainCaller, type PlainCall } from '../builders/plain-http.ts';
import { freePort, KillableServer, PASSWORD } from './killable-server.ts';

/** Kills the target at random points of validations; the source must hear of each, and the target must not change. */
const ROUNDS = Math.ceil(Number(process.env['ROUNDS'] ?? 120) / 10);
const OBJECTS = 1_500;
const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const ROOT = 'D43364C684E34A5F9B2F9AD7108F7828';

let folder: string;
let dev: KillableServer;
let prod: KillableServer;
let target: LibraryClient;
let source: PlainCall;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-crash-'));
  dev = new KillableServer('dev', folder, await freePort());
  prod = new KillableServer('prod', folder, await freePort());
  await dev.start();
  await prod.start();
  const lines = [...generateProject({ objects: OBJECTS, seed: 1, projectId: PROJECT })];
  await (await loggedIn(dev)).metadata.load(streamOf(lines));
  target = await loggedIn(prod);
  const older = [...generateProject({ objects: OBJECTS, seed: 1, projectId: PROJECT, variant: 1 })];
  await target.metadata.load(streamOf(older.slice(0, Math.floor(OBJECTS * 0.6))));
  source = await plainCaller({ url: dev.url, password: PASSWORD, projectId: PROJECT });
});

afterAll(async () => {
  await dev.stop();
  await prod.stop();
  await rm(folder, { recursive: true });
});

async function loggedIn(server: KillableServer): Promise<LibraryClient> {
  const client = createClient({ baseUrl: server.url });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  return client;
}

const streamOf = (lines: readonly string[]): ReadableStream<Uint8Array> => new Blob([lines.join('\n')]).stream();

async function dumpHash(): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await target.metadata.dump({ projectId: PROJECT })) hash.update(chunk);
  return hash.digest('hex');
}

async function until(id: string, isDone: (record: Migration) => boolean): Promise<Migration> {
  for (;;) {
    const record = JSON.parse((await source('GET', `/migrations/${id}?showContent=all`)).text) as Migration;
    if (isDone(record)) return record;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function createWhole(): Promise<Migration> {
  const contents = JSON.parse((await source('GET', `/folders/${ROOT}?limit=-1`)).text) as {
    id: string;
    type: number;
  }[];
  const entry = (object: { id: string; type: number }): object => ({ id: object.id, type: object.type });
  const settings = { defaultAction: 'replace', aclOnReplacingObjects: 'replace' };
  const content = [{ id: ROOT, type: 8, includeDependents: true }, ...contents.map(entry)];
  const { text } = await source('POST', '/migrations', {
    packageInfo: {
      type: 'project',
      name: 'Crash test',
      environment: { id: dev.url, name: 'dev' },
      tocView: { settings, content },
    },
    importInfo: { environment: { id: prod.url, name: 'prod' }, project: { id: PROJECT, name: 'Project' } },
  });
  const { id } = JSON.parse(text) as { id: string };
  return until(id, ({ packageInfo }) => packageInfo.status !== 'creating');
}

/** Starts one on both sides; the target keeps its token over a restart. */
async function start(record: Migration, call: PlainCall): Promise<void> {
  expect(await call('PUT', `/migrations/${record.id}/validation`, record)).toEqual({ status: 202, text: '' });
  await source('PATCH', `/migrations/${record.id}`, { validation: { status: 'validating' } });
}

const isRunning = ({ validation }: Migration): boolean => validation?.status === 'validating';

describe(`a target that is killed ${ROUNDS} times while it validates`, () => {
  it('is unchanged after each restart, and the source knows how each validation ended', async () => {
    const before = await dumpHash();
    const record = await createWhole();
    expect(record.packageInfo.status).toBe('created');
    const begun = performance.now();
    const login = (): Promise<PlainCall> => plainCaller({ url: prod.url, password: PASSWORD, projectId: PROJECT });
    await start(record, await login());
    const first = await until(record.id, (seen) => !isRunning(seen));
    expect(first.validation).toMatchObject({ status: 'validated', progress: 100 });
    const usual = performance.now() - begun;

    const ended: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      await start(record, await login());
      // Evenly over the time that a validation takes, and a little beyond.
      await new Promise((resolve) => setTimeout(resolve, (usual * 1.2 * round) / ROUNDS));
      await prod.kill();
      await prod.start();
      const { validation } = await until(record.id, (seen) => !isRunning(seen));
      const status = validation?.status ?? 'none';
      ended[status] = (ended[status] ?? 0) + 1;
      if (status === 'validation_failed') expect(validation?.message).toContain('restart');
      expect(await dumpHash()).toBe(before);
    }
    process.stdout.write(`Killed ${ROUNDS} times; validations ended as ${JSON.stringify(ended)}.\n`);
    expect(ended['validation_failed']).toBeGreaterThan(0);
  });
});
