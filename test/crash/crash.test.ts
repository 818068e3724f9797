import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type LibraryClient, type Migration } from '@longshore/client';
import { generateProject } from '@longshore/samples';
import { freePort, KillableServer, PASSWORD } from './killable-server.ts';

/** Kills the server process at random points of create, import and undo, and looks at both environments afterwards. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 120);
const SEED = Number(process.env['SEED'] ?? 7);
const OBJECTS = 1_500;
const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const RESTING = new Set([
  'created',
  'create_failed',
  'locked',
  'pending',
  'imported',
  'import_failed',
  'undo_success',
  'undo_failed',
]);

let folder: string;
let dev: KillableServer;
let prod: KillableServer;
let source: LibraryClient;
let target: LibraryClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-crash-'));
  dev = new KillableServer('dev', folder, await freePort());
  prod = new KillableServer('prod', folder, await freePort());
  await dev.start();
  await prod.start();
  source = await loggedIn(dev);
  target = await loggedIn(prod);
  await source.metadata.load(linesOf(generateProject({ objects: OBJECTS, seed: 1, projectId: PROJECT })));
  const older = [...generateProject({ objects: OBJECTS, seed: 1, projectId: PROJECT, variant: 1 })];
  // The target lacks the last objects and has other versions of the rest.
  await target.metadata.load(linesOf(older.slice(0, Math.floor(OBJECTS * 0.6))));
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

function linesOf(lines: Iterable<string>): ReadableStream<Uint8Array> {
  return new Blob([[...lines].join('\n')]).stream();
}

async function dumpHash(client: LibraryClient): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await client.metadata.dump({ projectId: PROJECT })) hash.update(chunk);
  return hash.digest('hex');
}

/** A repeatable sequence of numbers from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = randomNumbers(SEED);

/** Waits a random part of what the work usually takes (and a little beyond), then kills. */
async function killWithin(server: KillableServer, usual: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, random() * usual * 1.3));
  await server.kill();
  await server.start();
}

/** Runs the work to its end, to learn how long it takes on this machine today. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function createPackage(): Promise<Migration> {
  return source.migrations.create(
    {
      packageInfo: {
        type: 'project',
        name: 'Crash test',
        environment: { id: dev.url, name: 'dev' },
        tocView: {
          settings: {
            updateSchema: [],
            aclOnReplacingObjects: 'replace',
            aclOnNewObjects: ['keep_acl_as_source_object'],
            defaultAction: 'replace',
          },
          content: [
            { id: 'D43364C684E34A5F9B2F9AD7108F7828', type: 8, action: 'replace', includeDependents: true },
            ...(await rootContents()),
          ],
        },
        treeView: {},
      },
      importInfo: { environment: { id: prod.url, name: 'prod' }, project: { id: PROJECT, name: 'Project' } },
    },
    { projectId: PROJECT },
  );
}

/** Everything right below the project's root: folders bring their contents. */
async function rootContents(): Promise<{ id: string; type: number }[]> {
  const contents = await source.folders.list('D43364C684E34A5F9B2F9AD7108F7828', { projectId: PROJECT, limit: -1 });
  return contents.map(({ id, type }) => ({ id, type }));
}

const ready = (record: Migration): boolean => record.packageInfo.status !== 'creating';
const settled = (record: Migration): boolean =>
  RESTING.has(record.packageInfo.status) && RESTING.has(record.importInfo.status);

async function packageFiles(): Promise<string[]> {
  const files = await readdir(join(folder, 'storage'), { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(join(folder, 'storage').length + 1));
}

/** Every file of the store is named by a record, and nothing unfinished is left. */
async function expectNoOrphans(): Promise<void> {
  const named = new Set<string>();
  for (const client of [source, target]) {
    for (const record of (await client.migrations.list({ limit: 1000 })).data) {
      if (record.packageInfo.storage?.path) named.add(record.packageInfo.storage?.path);
      if (record.importInfo.undoStorage?.path) named.add(record.importInfo.undoStorage?.path);
    }
  }
  expect((await packageFiles()).filter((file) => !named.has(file))).toEqual([]);
}

async function approved(): Promise<Migration> {
  const { id } = await createPackage();
  await source.migrations.waitFor(id, ready);
  await source.migrations.patch(id, { importInfo: { importRequestStatus: 'requested' } });
  await source.migrations.patch(id, { importInfo: { importRequestStatus: 'approved' } });
  return source.migrations.get(id, { show: 'all' });
}

async function importInto(record: Migration): Promise<unknown> {
  return target.migrations.import(record, { projectId: PROJECT, undoPackage: 'generate' });
}

async function approveUndo(id: string): Promise<void> {
  await target.migrations.patch(id, { importInfo: { undoRequestStatus: 'requested' } });
  await target.migrations.patch(id, { importInfo: { undoRequestStatus: 'approved' } }, { projectId: PROJECT });
}

async function clean(id: string): Promise<void> {
  const packageId = id.split(':')[0] ?? '';
  await source.migrations.deletePackage(packageId);
  await target.migrations.deletePackage(packageId).catch(() => undefined);
}

describe(`a server that is killed ${ROUNDS} times`, () => {
  it('rests after every restart, with the target as before or wholly imported, and no file left over', async () => {
    const usual = { create: 0, import: 0, undo: 0 };
    const ended: Record<string, number> = {};
    const count = (outcome: string): void => void (ended[outcome] = (ended[outcome] ?? 0) + 1);

    const before = await dumpHash(target);
    const first = await approved();
    usual.create = await timed(async () => {
      const { id } = await createPackage();
      await source.migrations.waitFor(id, ready);
      await clean(id);
    });
    usual.import = await timed(async () => {
      await importInto(first);
      await target.migrations.waitFor(first.id, settled);
    });
    const after = await dumpHash(target);
    expect(after).not.toBe(before);
    usual.undo = await timed(async () => {
      await approveUndo(first.id);
      await target.migrations.waitFor(first.id, settled);
    });
    expect(await dumpHash(target)).toBe(before);
    await clean(first.id);

    for (let round = 0; round < ROUNDS; round += 3) {
      // While a package is created.
      const { id } = await createPackage();
      await killWithin(dev, usual.create);
      const created = await source.migrations.get(id);
      count(created.packageInfo.status);
      expect(['created', 'create_failed']).toContain(created.packageInfo.status);
      if (created.packageInfo.status === 'create_failed') expect(created.packageInfo.message).not.toBe('');
      await expectNoOrphans();
      await clean(id);

      // While it is imported.
      const record = await approved();
      await importInto(record);
      await killWithin(prod, usual.import);
      const imported = await target.migrations.get(record.id);
      count(imported.importInfo.status);
      expect(['imported', 'import_failed']).toContain(imported.importInfo.status);
      const isImported = imported.importInfo.status === 'imported';
      expect(await dumpHash(target)).toBe(isImported ? after : before);
      if (!isImported) expect(imported.importInfo.message).toContain('restart');
      await expectNoOrphans();

      // While it is undone; an import that was interrupted is made first.
      if (!isImported) {
        await importInto(record);
        await target.migrations.waitFor(record.id, settled);
      }
      await approveUndo(record.id);
      await killWithin(prod, usual.undo);
      const undone = await target.migrations.get(record.id);
      count(undone.importInfo.status);
      expect(['undo_success', 'undo_failed']).toContain(undone.importInfo.status);
      expect(await dumpHash(target)).toBe(undone.importInfo.status === 'undo_success' ? before : after);
      if (undone.importInfo.status === 'undo_failed') {
        await approveUndo(record.id);
        await target.migrations.waitFor(record.id, settled);
      }
      expect(await dumpHash(target)).toBe(before);
      await expectNoOrphans();
      await clean(record.id);
    }
    process.stdout.write(`Killed ${ROUNDS} times (seed ${SEED}); records came to rest as ${JSON.stringify(ended)}.\n`);
    // Chance must have hit both sides of the commit, or the test has shown little.
    expect(Object.keys(ended).length).toBeGreaterThan(3);
  });
});
