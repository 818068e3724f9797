import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MESSAGES } from '@longshore/contracts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { S3Store } from '../../packages/server/src/platform/files/s3/s3-store.ts';
import type { S3Place } from '../../packages/server/src/platform/files/s3/s3-place.ts';
import { STORE_FOLDERS, packagePath, validationPath } from '../../packages/server/src/platform/files/store-path.ts';
import { aS3Server, type S3Server } from '../builders/s3-server.ts';
import { aTcpProxy, type TcpProxy } from '../builders/tcp-proxy.ts';

const ID = '35958BEB7C56491C9A43F7661501E177';
const PATH = packagePath('2026-03-16', ID);
const MIB = 2 ** 20;

let server: S3Server;
let buckets = 0;

beforeAll(async () => {
  server = await aS3Server();
});
afterAll(() => server.close());

interface Reached {
  readonly store: S3Store;
  /** The same bucket past the proxy, for another environment. */
  readonly other: S3Store;
  readonly proxy: TcpProxy;
  readonly place: S3Place;
}

async function throughProxy(attempts = 4): Promise<Reached> {
  const proxy = await aTcpProxy(server.port);
  onTestFinished(() => proxy.close());
  buckets += 1;
  const direct = await server.place(`faults-${buckets}`);
  const place = { ...direct, endpoint: `http://127.0.0.1:${proxy.port}` };
  return {
    store: new S3Store({ place, instanceId: 'dev', patience: { attempts, requestMs: 30_000 } }),
    other: new S3Store({ place: direct, instanceId: 'prod' }),
    proxy,
    place,
  };
}

async function fill(store: S3Store, bytes: Buffer): Promise<void> {
  const pending = await store.create(PATH);
  await pipeline(Readable.from([bytes]), pending.stream);
  await pending.commit();
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('reading goes on where a connection broke, again and again', async () => {
  const { store, other, proxy } = await throughProxy();
  const bytes = randomBytes(30 * MIB);
  await fill(other, bytes);
  const { stream } = await store.openRead(PATH);
  proxy.cutAfter(5 * MIB);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk as Buffer);
    const before = size;
    size += (chunk as Buffer).length;
    for (const at of [12 * MIB, 20 * MIB]) if (before < at && size >= at) proxy.cutAfter(3 * MIB);
  }
  expect([size, hash.digest('hex'), proxy.cuts]).toEqual([bytes.length, sha256(bytes), 3]);
});

test('a file that is replaced while a broken connection is made again is not mixed with the new one', async () => {
  const { store, other, proxy } = await throughProxy();
  await fill(other, randomBytes(30 * MIB));
  const { stream } = await store.openRead(PATH);
  proxy.cutAfter(5 * MIB);
  await fill(other, randomBytes(30 * MIB));
  const reading = (async () => {
    for await (const chunk of stream) void chunk;
  })();
  await expect(reading).rejects.toMatchObject({
    kind: 'storageMisconfigured',
    message: MESSAGES.sharedFileUnreadable,
  });
});

test('an upload outlasts a network that breaks and comes back', async () => {
  const { store, other, proxy } = await throughProxy();
  const bytes = randomBytes(40 * MIB);
  const pending = await store.create(PATH);
  for (let at = 0; at < bytes.length; at += MIB) {
    if (at === 20 * MIB) {
      proxy.cut();
      setTimeout(() => proxy.mend(), 50);
    }
    await new Promise((resolve) => pending.stream.write(bytes.subarray(at, at + MIB), resolve));
  }
  await pending.commit();
  const { stream } = await other.openRead(PATH);
  expect(sha256(Buffer.concat(await stream.toArray()))).toBe(sha256(bytes));
});

test('an upload whose network stays away fails, and is cleaned away when it is back', async () => {
  const { store, other, proxy } = await throughProxy(2);
  const pending = await store.create(PATH);
  await new Promise((resolve) => pending.stream.write(randomBytes(20 * MIB), resolve));
  proxy.cut();
  pending.stream.end(randomBytes(20 * MIB));
  await expect(pending.commit()).rejects.toMatchObject({
    kind: 'storageMisconfigured',
    message: MESSAGES.sharedFileUnwritable,
  });
  expect(await other.stat(PATH)).toBeNull();
  await expect(store.stat(PATH)).rejects.toMatchObject({ message: MESSAGES.sharedFileUnreadable });
  proxy.mend();
  expect(await store.cleanIncoming()).toBe(1);
  expect(await store.cleanIncoming()).toBe(0);
});

test('a server that is killed and comes back is waited for', async () => {
  const { store } = await throughProxy(9);
  await fill(store, Buffer.from('before'));
  await server.kill();
  const reading = store.openRead(PATH);
  await server.start();
  expect((await (await reading).stream.toArray()).join('')).toBe('before');
});

test('a replacement whose answer is lost is known to have happened', async () => {
  const { store, other, proxy } = await throughProxy();
  const path = validationPath(ID, ID);
  // The connection breaks with the first byte of the answer: the server has done it by then.
  proxy.cutAfter(0);
  expect(await store.replace(path, Buffer.from('new'), null)).toBe(true);
  expect([proxy.cuts, (await other.read(path, 10))?.content?.toString()]).toEqual([1, 'new']);
});

test.each<[string, (place: S3Place) => Promise<S3Place>, string]>([
  ['a bucket that is missing', async (place) => ({ ...place, bucket: 'no-such-bucket' }), 'storageMisconfigured'],
  [
    'an unknown key',
    async (place) => ({ ...place, credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } }),
    'storageMisconfigured',
  ],
  [
    'a wrong secret',
    async (place) => ({ ...place, credentials: { accessKeyId: 'longshore-tests', secretAccessKey: 'x' } }),
    'storageMisconfigured',
  ],
])('%s is told as a storage that is not configured properly', async (_case, change, kind) => {
  const { place } = await throughProxy();
  const store = new S3Store({
    place: await change(place),
    instanceId: 'dev',
    patience: { attempts: 1, requestMs: 30_000 },
  });
  const misconfigured = { kind, message: MESSAGES.storageMisconfigured };
  await expect(store.check()).rejects.toMatchObject(misconfigured);
  await expect(store.replace(validationPath(ID, ID), Buffer.from('x'), null)).rejects.toMatchObject(misconfigured);
  await expect(store.cleanIncoming()).rejects.toMatchObject({ kind });
  await expect(store.openRead(PATH)).rejects.toMatchObject(misconfigured);
  const pending = await store.create(PATH);
  pending.stream.write('x');
  await expect(pending.commit()).rejects.toMatchObject(misconfigured);
  await expect(store.stat(PATH)).rejects.toMatchObject({ kind });
  await expect(store.remove(PATH)).rejects.toMatchObject({ kind });
});

test('more files than a page of the list holds are all listed, in order', async () => {
  const { other } = await throughProxy();
  const ids = Array.from({ length: 1005 }, (_, at) => at.toString(16).toUpperCase().padStart(32, '0'));
  for (let at = 0; at < ids.length; at += 50) {
    const some = ids.slice(at, at + 50);
    await Promise.all(some.map((id) => other.replace(validationPath(ID, id), Buffer.from('x'), null)));
  }
  const listed: string[] = [];
  for await (const { path } of other.list(STORE_FOLDERS.validation)) listed.push(path);
  expect(listed).toEqual(ids.map((id) => validationPath(ID, id)));
});
