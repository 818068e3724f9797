import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MESSAGES, type Migration } from '@longshore/contracts';
import { S3Store } from '../../packages/server/src/platform/files/s3/s3-store.ts';
import type { S3Place } from '../../packages/server/src/platform/files/s3/s3-place.ts';
import { STORE_FOLDERS, type StoreFolder } from '../../packages/server/src/platform/files/store-path.ts';
import { plainCaller, type PlainCall } from '../builders/plain-http.ts';
import { aS3Server, S3_KEYS, S3_REGION, type S3Server } from '../builders/s3-server.ts';
import { aTcpProxy } from '../builders/tcp-proxy.ts';
import { fromFile, openSession, packageBytes, uploadPackage } from '../builders/uploads.ts';
import {
  approvedPackage,
  dumpOf,
  endedPackage,
  importInto,
  isImported,
  PASSWORD,
  PROJECT,
  twoEnvironments,
  undo,
  YEAR,
  type TestServer,
  type TwoEnvironments,
} from '../e2e/two-environments.ts';

/** Two real servers, threads of jobs and all, whose shared file store is one bucket. */
let s3: S3Server;
let buckets = 0;

beforeAll(async () => {
  s3 = await aS3Server();
});
afterAll(() => s3.close());
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', S3_KEYS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', S3_KEYS.secretAccessKey);
  return () => void vi.unstubAllEnvs();
});

interface OnBucket extends TwoEnvironments {
  readonly place: S3Place;
  /** All files that are in the store, by folder. */
  readonly files: () => Promise<Record<string, number>>;
}

async function onBucket(server: S3Server = s3, endpoint = server.endpoint): Promise<OnBucket> {
  buckets += 1;
  const place = await server.place(`walk-${buckets}`, 'longshore');
  const pair = await twoEnvironments({
    storageLocation: `s3://${place.bucket}/longshore`,
    s3: { endpoint, region: S3_REGION, addressing: null },
  });
  onTestFinished(() => pair[Symbol.asyncDispose]());
  const store = new S3Store({ place, instanceId: 'test' });
  const count = async (folder: StoreFolder): Promise<number> => (await Array.fromAsync(store.list(folder))).length;
  return {
    ...pair,
    place,
    async files() {
      const counts = Object.entries(STORE_FOLDERS).map(async ([name, folder]) => [name, await count(folder)] as const);
      return Object.fromEntries((await Promise.all(counts)).filter(([, found]) => found > 0));
    },
  };
}

const caller = (server: TestServer): Promise<PlainCall> =>
  plainCaller({ url: server.running.url, password: PASSWORD, projectId: PROJECT });

async function approve(call: PlainCall, id: string): Promise<void> {
  for (const importRequestStatus of ['requested', 'approved']) {
    await call('PATCH', `/migrations/${id}`, { importInfo: { importRequestStatus } });
  }
}

const WHOLE_YEAR = { content: [{ id: YEAR, type: 12, includeDependents: true }] };

describe('two environments on one bucket', () => {
  it('create, validate, import, undo and delete as on a folder', async () => {
    const { dev, prod, files } = await onBucket();
    const before = await dumpOf(prod);
    const created = await endedPackage(dev, prod, WHOLE_YEAR);
    expect(await files()).toEqual({ packages: 1 });

    const [source, target] = [await caller(dev), await caller(prod)];
    expect((await target('PUT', `/migrations/${created.id}/validation`, created)).status).toBe(202);
    await source('PATCH', `/migrations/${created.id}`, { validation: { status: 'validating' } });
    const validated = await vi.waitFor(
      async () => {
        const shown = JSON.parse((await source('GET', `/migrations/${created.id}?showContent=all`)).text) as Migration;
        expect(shown.validation?.status).not.toBe('validating');
        return shown;
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(validated.validation).toMatchObject({ status: 'validated', progress: 100 });
    expect(await files()).toEqual({ packages: 1, validation: 1 });
    expect(await dumpOf(prod)).toBe(before);

    await approve(source, created.id);
    const record = await dev.client.migrations.get(created.id, { show: 'all' });
    expect((await importInto(prod, record)).importInfo).toMatchObject({ status: 'imported' });
    expect(await files()).toEqual({ packages: 1, validation: 1, undo: 1 });
    expect(await dumpOf(prod)).not.toBe(before);
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);

    await prod.client.migrations.deletePackage(record.packageInfo.id);
    await dev.client.migrations.deletePackage(record.packageInfo.id);
    await vi.waitFor(async () => expect(await files()).toEqual({}), { timeout: 20_000, interval: 100 });
  });

  it('agree on a certification', async () => {
    const { dev, prod, files } = await onBucket();
    const { id } = await endedPackage(dev, prod, WHOLE_YEAR);
    const [source, target] = [await caller(dev), await caller(prod)];
    const url = `/migrations/${id}/packageInfo/certification`;
    expect((await source('PATCH', url, { certification: { status: 'certified' } })).status).toBe(204);
    await approve(source, id);
    await importInto(prod, await dev.client.migrations.get(id, { show: 'all' }));
    const syncs = [source, target, source].map((call) => call('PATCH', `${url}?autoSync=true`, {}));
    expect((await Promise.all(syncs)).map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await files()).toMatchObject({ certification: 1 });
    await target('PATCH', `${url}?autoSync=true`, {});
    const { packageInfo } = await prod.client.migrations.get(id);
    expect(packageInfo.certification).toMatchObject({ status: 'certified' });
  });

  it('take packages up and give them out', async () => {
    const { dev, prod, files } = await onBucket();
    const bytes = await packageBytes(dev, await approvedPackage(dev, prod, WHOLE_YEAR));
    const session = await openSession(prod);
    const before = await dumpOf(prod);
    const file = await uploadPackage(session, bytes);
    expect(await files()).toEqual({ packages: 2 });
    const started = await session.call('POST', '/migrations', { json: fromFile(file.id) });
    const record = await prod.client.migrations.waitFor(started.body.id, isImported);
    expect(record.importInfo).toMatchObject({ status: 'imported' });
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);
    await prod.client.migrations.deletePackage(record.packageInfo.id);
    await vi.waitFor(async () => expect(await files()).toEqual({ packages: 1 }), { timeout: 20_000, interval: 100 });
  });
});

describe('a storage that goes away', () => {
  it('stops a creation and an import with a message, changes nothing, and both work when it is back', async () => {
    const own = await aS3Server();
    onTestFinished(() => own.close());
    const { dev, prod, files } = await onBucket(own);
    const before = await dumpOf(prod);
    const record = await approvedPackage(dev, prod, WHOLE_YEAR);
    await own.kill();
    await expect(approvedPackage(dev, prod, WHOLE_YEAR)).rejects.toThrow(MESSAGES.storageMisconfigured);
    await expect(importInto(prod, record)).rejects.toThrow(MESSAGES.storageMisconfigured);
    expect(await dumpOf(prod)).toBe(before);
    // What needs no file works without the storage.
    expect((await dev.client.migrations.list()).total).toBe(1);

    await own.start();
    expect((await importInto(prod, record)).importInfo).toMatchObject({ status: 'imported' });
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);
    expect(await files()).toEqual({ packages: 1, undo: 1 });
  });

  it('in the middle of a job makes it fail with a message; nothing is half', async () => {
    const proxy = await aTcpProxy(s3.port);
    onTestFinished(() => proxy.close());
    const { dev, prod, files } = await onBucket(s3, `http://127.0.0.1:${proxy.port}`);
    const before = await dumpOf(prod);
    proxy.cutBefore(/^PUT [^ ]*\/migrations\/packages\//);
    const failed = await endedPackage(dev, prod, WHOLE_YEAR);
    expect(failed.packageInfo).toMatchObject({ status: 'create_failed', message: MESSAGES.sharedFileUnwritable });
    expect(failed.packageInfo.storage).toEqual({});
    expect(await files()).toEqual({});

    proxy.mend();
    const record = await approvedPackage(dev, prod, WHOLE_YEAR);
    proxy.cutBefore(/^PUT [^ ]*\/migrations\/undo\//);
    const { importInfo } = await importInto(prod, record);
    expect(importInfo).toMatchObject({ status: 'import_failed', message: MESSAGES.sharedFileUnwritable });
    expect(await dumpOf(prod)).toBe(before);
    proxy.mend();
    expect(await files()).toEqual({ packages: 1 });
    expect((await importInto(prod, record)).importInfo).toMatchObject({ status: 'imported' });
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);
  });
});
