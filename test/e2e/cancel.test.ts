import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Migration } from '@longshore/client';
import { generateProject } from '@longshore/samples';
import { holdWrites } from '../builders/hold-writes.ts';
import { recordingIo, run } from '../../packages/cli/test/recording-io.ts';
import { aSession } from '../builders/package-api.ts';
import {
  approvedPackage,
  createdPackage,
  dumpOf,
  importInto,
  isCreated,
  isImported,
  isUndone,
  PASSWORD,
  PROJECT,
  twoEnvironments,
  type TestServer,
  type TwoEnvironments,
} from './two-environments.ts';

/** So many that a creation is still at work when it is cancelled; what writes is held up until it has been cancelled. */
const OBJECTS = 10_000;
const ROOT = 'D43364C684E34A5F9B2F9AD7108F7828';
const BY = 'was cancelled by Administrator. Nothing was changed.';

let pair: TwoEnvironments;
let dev: TestServer;
let prod: TestServer;
let content: { id: string; type: number; includeDependents: boolean }[];
let untouched: string;

beforeAll(async () => {
  pair = await twoEnvironments({ sample: null });
  ({ dev, prod } = pair);
  const project = [...generateProject({ objects: OBJECTS, seed: 5, projectId: PROJECT })];
  await dev.client.metadata.load(new Blob([project.join('\n')]).stream());
  await prod.client.metadata.load(new Blob([project[0] ?? '']).stream());
  const folders = await dev.client.folders.list(ROOT, { projectId: PROJECT, limit: -1 });
  content = folders.map(({ id, type }) => ({ id, type, includeDependents: true }));
  untouched = await dumpOf(prod);
});
afterAll(() => pair[Symbol.asyncDispose]());

const OFTEN = { firstMs: 5, factor: 1, longestMs: 5 };
const generate = { projectId: PROJECT, undoPackage: 'generate' } as const;

/** While another writes to the target, no job gets to its commit, so that each can be cancelled in time. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  const release = await holdWrites(prod.config);
  try {
    await work();
  } finally {
    await release();
  }
}

async function untilUnderWay(server: TestServer, id: string): Promise<void> {
  const isUnderWay = ({ importInfo }: Migration): boolean =>
    importInfo.status !== 'importing' || (importInfo.progress ?? 0) > 0;
  const { importInfo } = await server.client.migrations.waitFor(id, isUnderWay, { backoff: OFTEN });
  expect(importInfo.status).toBe('importing');
}

/** Every file below a folder of the store. */
async function filesIn(folder: string): Promise<string[]> {
  const root = join(pair.folder, 'storage', 'mstr', folder);
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

it('a creation that is cancelled fails and leaves no file', async () => {
  const { migrations } = dev.client;
  const { id } = await migrations.create(
    {
      packageInfo: {
        type: 'project',
        name: 'Never there',
        environment: { id: dev.running.url, name: 'dev' },
        tocView: {
          settings: {
            defaultAction: 'replace',
            aclOnReplacingObjects: 'replace',
            aclOnNewObjects: ['keep_acl_as_source_object'],
          },
          content,
        },
        treeView: {},
      },
      importInfo: { environment: { id: prod.running.url, name: 'prod' }, project: { id: PROJECT, name: 'Project' } },
    } as never,
    { projectId: PROJECT },
  );
  const isUnderWay = (record: Migration): boolean => isCreated(record) || (record.packageInfo.progress ?? 0) > 0;
  expect((await migrations.waitFor(id, isUnderWay, { backoff: OFTEN })).packageInfo.status).toBe('creating');
  await migrations.cancel(id);
  const { packageInfo } = await migrations.waitFor(id, isCreated);
  expect(packageInfo).toMatchObject({ status: 'create_failed', message: `The creation of the package ${BY}` });
  expect(packageInfo.storage ?? {}).toEqual({});
  expect([await filesIn('shared/migrations/packages'), await filesIn('.incoming')]).toEqual([[], []]);
  await expect(migrations.cancel(id)).rejects.toMatchObject({
    status: 400,
    code: 'ERR006',
    message: expect.stringContaining("`packageInfo.status` is 'create_failed'"),
  });
});

it('an import that waits for others who write ends when it is cancelled, and not when they have ended', async () => {
  const record = await approvedPackage(dev, prod, { content: content.slice(0, 1) });
  const { migrations } = prod.client;
  await whileHeld(async () => {
    await migrations.import(record, generate);
    await untilUnderWay(prod, record.id);
    await migrations.cancel(record.id);
    const { importInfo } = await migrations.waitFor(record.id, isImported);
    expect(importInfo).toMatchObject({ status: 'import_failed', message: `The import ${BY}`, undoStorage: {} });
  });
  expect(await dumpOf(prod)).toBe(untouched);
  expect(await filesIn('shared/migrations/undo')).toEqual([]);
});

it('an import that runs, and one that waits for it, are cancelled; nothing of them is left', async () => {
  const running = await approvedPackage(dev, prod, { content });
  const waiting = await approvedPackage(dev, prod, { content: content.slice(0, 1) });
  const { migrations } = prod.client;
  await whileHeld(async () => {
    await migrations.import(running, generate);
    await migrations.import(waiting, generate);
    await untilUnderWay(prod, running.id);
    await migrations.cancel(waiting.id);
    const second = await migrations.waitFor(waiting.id, isImported);
    expect(second.importInfo).toMatchObject({ status: 'import_failed', message: `The import ${BY}` });
    await migrations.cancel(running.id);
    await migrations.cancel(running.id).catch(() => undefined);
    await migrations.waitFor(running.id, isImported);
  });
  const first = await migrations.get(running.id);
  expect(first.importInfo).toMatchObject({ status: 'import_failed', message: `The import ${BY}`, undoStorage: {} });
  expect(await dumpOf(prod)).toBe(untouched);
  expect(await filesIn('shared/migrations/undo')).toEqual([]);
});

it('an undo that is cancelled fails, and can be asked for again', async () => {
  const record = await approvedPackage(dev, prod, { content });
  expect((await importInto(prod, record)).importInfo.status).toBe('imported');
  const { migrations } = prod.client;
  const imported = await dumpOf(prod);
  const ask = async (): Promise<void> => {
    await migrations.patch(record.id, { importInfo: { undoRequestStatus: 'requested' } });
    await migrations.patch(record.id, { importInfo: { undoRequestStatus: 'approved' } }, { projectId: PROJECT });
  };
  await expect(migrations.cancel(record.id)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining("`importInfo.status` is 'imported'"),
  });
  await whileHeld(async () => {
    await ask();
    await migrations.cancel(record.id);
  });
  const { importInfo } = await migrations.waitFor(record.id, isUndone);
  expect(importInfo).toMatchObject({ status: 'undo_failed', message: `The undo ${BY}` });
  expect(await dumpOf(prod)).toBe(imported);
  await ask();
  expect((await migrations.waitFor(record.id, isUndone)).importInfo.status).toBe('undo_success');
  expect(await dumpOf(prod)).toBe(untouched);
});

it('the command cancels an import, and tells how it ended', async () => {
  const record = await approvedPackage(dev, prod, { content });
  const release = await holdWrites(prod.config);
  await prod.client.migrations.import(record, generate);
  const io = recordingIo({ env: { LONGSHORE_PASSWORD: PASSWORD } });
  const cancelled = run(['cancel', record.id, '--url', prod.running.url], io);
  // The command waits for the end of the import, which waits for its turn to write.
  await delay(3_000);
  await release();
  const { code, out } = await cancelled;
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining(`import_failed on ${prod.running.url}.`),
  });
  expect(out).toContain(`The import ${BY}`);
  const again = await run(['cancel', record.id, '--url', prod.running.url, '--json'], io);
  expect(again.code).toBe(3);
});

it('a validation that is cancelled fails; the source hears of it', async () => {
  const created = await createdPackage(dev, prod, { content });
  await whileHeld(async () => {
    await prod.client.migrations.validate(created, { projectId: PROJECT });
    await dev.client.migrations.patch(created.id, { validation: { status: 'validating' } });
    await prod.client.migrations.cancel(created.id);
  });
  const isValidated = ({ validation }: Migration): boolean => validation?.status !== 'validating';
  const { validation } = await dev.client.migrations.waitFor(created.id, isValidated);
  expect(validation).toMatchObject({ status: 'validation_failed', message: `The validation ${BY}` });
  expect(await dumpOf(prod)).toBe(untouched);
});

it('a package of the older API, and its import, end when they are deleted; nothing of them is left', async () => {
  const session = await aSession(dev);
  const target = await aSession(prod);
  const before = await dumpOf(prod);
  const filesBefore = await filesIn('shared/packages');
  const filled = async (entries: typeof content): Promise<string> => {
    const { id } = (await session.call('POST', '/packages')).body;
    const json = { type: 'project', settings: SETTINGS, content: entries };
    expect((await session.call('PUT', `/packages/${id}`, { json })).body.status).toBe('PROCESSING');
    return id;
  };
  const gone = async (of: typeof session, path: string): Promise<void> => {
    await vi.waitFor(async () => expect((await of.call('GET', path)).status).toBe(404), { timeout: 60_000 });
  };
  const first = await filled(content);
  expect((await session.call('DELETE', `/packages/${first}`)).body).toEqual({ id: first, status: 'DELETING' });
  await gone(session, `/packages/${first}`);
  expect([await filesIn('shared/packages'), await filesIn('.incoming')]).toEqual([filesBefore, []]);

  const second = await filled(content);
  const isReady = async () => expect((await session.call('GET', `/packages/${second}`)).body.status).toBe('READY');
  await vi.waitFor(isReady, { timeout: 60_000 });
  const { bytes } = await session.call('GET', `/packages/${second}/binary`);
  await session.call('DELETE', `/packages/${second}`);
  const { id } = (await target.call('POST', '/packages')).body;
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'package.mmp');
  expect((await target.call('PUT', `/packages/${id}/binary`, { form })).body.status).toBe('READY');
  const started = await target.call('POST', `/packages/imports?packageId=${encodeURIComponent(id)}`);
  expect(started.body.status).toBe('PROCESSING');
  const importPath = `/packages/imports/${started.body.id}`;
  expect((await target.call('DELETE', importPath)).status).toBe(202);
  await gone(target, importPath);
  expect(await dumpOf(prod)).toBe(before);
  expect((await target.call('DELETE', `/packages/${id}`)).status).toBe(202);
  expect(await filesIn('shared/packages')).toEqual(filesBefore);
  await session.logout();
  await target.logout();
});

const SETTINGS = {
  updateSchema: [],
  aclOnReplacingObjects: 'replace',
  aclOnNewObjects: ['keep_acl_as_source_object'],
  defaultAction: 'force_replace',
};
