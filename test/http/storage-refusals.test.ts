import { constants, zstdCompressSync } from 'node:zlib';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PackageManifest } from '@longshore/contracts';
import { archiveOf, manifestOf, membersOf, objectsOf, pack } from '../../packages/package-file/test/builders.ts';
import { DigestList, sha256 as digestOf } from '../../packages/package-file/src/digests.ts';
import { FilesystemStore } from '../../packages/server/src/platform/files/filesystem-store.ts';
import type { StorageDriver } from '../../packages/server/src/features/storage/storage-driver.ts';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import { RawUpload, formBody, formParts } from '../builders/raw-upload.ts';
import {
  FILES,
  announce,
  aStorageServer,
  formOf,
  listed,
  refusal,
  sha256,
  upload,
  type FormBody,
  type StorageServer,
} from '../builders/storage-server.ts';

let server: StorageServer;
let bytes: Buffer;

beforeAll(async () => {
  server = await aStorageServer();
  bytes = (await pack(objectsOf(300))).file;
});
afterAll(() => server.close());

/** Whatever was refused in a test, nothing of it is left, and no file is said to be there. */
async function nothingIsLeft(): Promise<void> {
  await expect.poll(() => server.fileNames()).toEqual([]);
  const { body } = await server.call('GET', `${FILES}?type=migrations.packages&limit=1000`);
  expect(body.data.filter((file) => file.existing)).toEqual([]);
}

/** The file can still be uploaded as it should be; then it is taken away. */
async function canStillBeUploaded(fileId: string, file: Buffer): Promise<void> {
  await expect.poll(async () => (await upload(server, fileId, file)).status).toBe(200);
  expect((await server.call('DELETE', `${FILES}/${fileId}`)).status).toBe(204);
}

/** A package of one chunk that is small in the file and large in memory, with digests that are right. */
function bomb(): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: 19 };
  const chunk = {
    name: 'objects/000001.ndjson.zst',
    content: zstdCompressSync(Buffer.alloc(60_000_000, ' '), { params }),
  };
  const manifest = { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifestOf())) };
  const digests = new DigestList();
  for (const { name, content } of [manifest, chunk]) {
    const digest = { name, bytes: content.length, sha256: digestOf(content) };
    digests.add(name === chunk.name ? { ...digest, objects: 1, rawBytes: 60_000_000 } : digest);
  }
  return archiveOf([manifest, chunk, { name: 'digests.json', content: digests.toBytes() }]);
}

const packageOf = async (manifest: Partial<PackageManifest>): Promise<Buffer> =>
  (await pack(objectsOf(3), manifestOf(manifest))).file;

async function ofNewerFormat(): Promise<Buffer> {
  const members = membersOf((await pack(objectsOf(1))).file);
  const content = Buffer.from(JSON.stringify({ ...manifestOf(), formatVersion: 2 }));
  return archiveOf(members.map((member) => (member.name === 'manifest.json' ? { ...member, content } : member)));
}

describe('an upload that is not what was announced', () => {
  afterEach(nothingIsLeft);

  it.each([
    [
      'too short',
      () => bytes.subarray(0, -1),
      () => `size is ${bytes.length} bytes, but the uploaded file has ${bytes.length - 1}.`,
    ],
    ['empty', () => Buffer.alloc(0), () => `size is ${bytes.length} bytes, but the uploaded file has 0.`],
    [
      'one byte too long',
      () => Buffer.concat([bytes, Buffer.alloc(1)]),
      () => `size is ${bytes.length} bytes, and the uploaded file has more than that.`,
    ],
    [
      'changed',
      () => changed(bytes),
      () => `sha256 is ${sha256(bytes)}, but that of the uploaded file is ${sha256(changed(bytes))}.`,
    ],
  ])('%s', async (_case, uploaded, message) => {
    const { id } = await announce(server, bytes);
    expect(refusal(await upload(server, id, uploaded()))).toEqual([400, 'ERR006', message()]);
    expect(await listed(server, id)).toMatchObject({ existing: false });
    await canStillBeUploaded(id, bytes);
  });

  it('far too long: it is refused before anything was sent', async () => {
    const { id } = await announce(server, bytes);
    const raw = await RawUpload.begin(server, id, 3_000_000_000);
    expect(await raw.answers()).toContain(
      `size is ${bytes.length} bytes, and the body of this request has 3000000000.`,
    );
    raw.socket.destroy();
    await canStillBeUploaded(id, bytes);
  });

  it('too long without a length: it is refused while it is still being sent', async () => {
    const { id } = await announce(server, bytes);
    const raw = await RawUpload.begin(server, id);
    raw.sendChunk(Buffer.concat([formParts().head, bytes, Buffer.alloc(200)]));
    const answer = await raw.answers();
    expect(answer).toContain('HTTP/1.1 400 ');
    expect(answer).toContain('has more than that.');
    raw.socket.destroy();
    await canStillBeUploaded(id, bytes);
  });

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['no package', () => Buffer.from('hello'), 'The file is not a package'],
    ['a long file that is no package', () => Buffer.alloc(300_000, 'x'), 'The file is not a package'],
    ['a package that was cut', () => bytes.subarray(0, -2048), 'The package file is damaged'],
    ['a package with a changed byte', () => changed(bytes), 'The package file is damaged'],
    ['a package with bytes after it', () => Buffer.concat([bytes, Buffer.alloc(512)]), 'The package file is damaged'],
    ['a decompression bomb', bomb, 'inflate to more than'],
    ['a package of a newer platform', () => packageOf({ platformVersion: '11.7.0000.00000' }), '11.7.0000.00000'],
    ['a package of a newer format', ofNewerFormat, 'format version 2'],
    ['an undo package', () => packageOf({ kind: 'undo', purpose: 'undo', importId: 'A'.repeat(32) }), 'undo package'],
  ])('%s', async (_case, make, message) => {
    const file = await make();
    const { id } = await announce(server, file);
    expect(refusal(await upload(server, id, file))).toEqual([400, 'ERR006', expect.stringContaining(message)]);
    expect(await listed(server, id)).toMatchObject({ existing: false });
  });

  it.each([
    [{ packageType: 'project_security', packagePurpose: 'object_migration' }, "packageType is 'project_security'"],
    [{ packageType: 'project', packagePurpose: 'project_merge' }, "packagePurpose is 'project_merge'"],
  ])('announced as %o', async (extraInfo, message) => {
    const { id } = await announce(server, bytes, { extraInfo });
    expect(refusal(await upload(server, id, bytes))).toEqual([400, 'ERR006', expect.stringContaining(message)]);
  });

  it('announced as object migration, and a project merge', async () => {
    const file = await packageOf({ purpose: 'project_merge' });
    const { id } = await announce(server, file);
    expect(refusal(await upload(server, id, file))).toEqual([400, 'ERR006', expect.stringContaining('project_merge')]);
  });
});

const changed = (file: Buffer): Buffer => {
  const copy = Buffer.from(file);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
};

describe('a form that is none', () => {
  afterEach(nothingIsLeft);

  const twice = (): FormData => {
    const form = formOf(bytes);
    form.append('file', new Blob(['more']), 'more');
    return form;
  };
  const thrice = (): FormData => {
    const form = twice();
    form.append('file', new Blob(['more']), 'more');
    return form;
  };
  const without = (): FormData => {
    const form = new FormData();
    form.append('text', 'hello');
    return form;
  };
  it.each<[string, () => FormBody, Record<string, string>, string]>([
    ['no file', without, {}, 'no file part'],
    ['a part of another name', () => formOf(bytes, 'package'), {}, 'exactly one file part'],
    ['two files', twice, {}, 'exactly one file part'],
    ['three files', thrice, {}, 'file'],
    ['no form at all', () => new Uint8Array(bytes), { 'content-type': 'application/octet-stream' }, 'Media Type'],
    ['JSON', () => '{}', { 'content-type': 'application/json' }, 'multipart/form-data'],
    ['no boundary', () => 'x', { 'content-type': 'multipart/form-data' }, 'cannot be read'],
    ['an empty body', () => '', { 'content-type': 'multipart/form-data; boundary=x' }, 'no file part'],
  ])('%s', async (_case, body, headers, message) => {
    const { id } = await announce(server, bytes);
    const answer = await server.call('PUT', `${FILES}/${id}/binary`, { body: body(), headers });
    expect(refusal(answer)).toEqual([400, 'ERR006', expect.stringContaining(message)]);
    await canStillBeUploaded(id, bytes);
  });

  it.each([
    ['without its last boundary', (whole: Buffer) => whole.subarray(0, -18)],
    ['with half of its last boundary', (whole: Buffer) => whole.subarray(0, -8)],
    ['with a boundary that is not the last', (whole: Buffer) => whole.subarray(0, -4)],
    ['in the middle of the file', (whole: Buffer) => whole.subarray(0, whole.length >> 1)],
    ['in the head of the part', (whole: Buffer) => whole.subarray(0, 30)],
  ])('a form that ends %s', async (_case, cut) => {
    const { id } = await announce(server, bytes);
    const body = cut(formBody(bytes));
    const raw = await RawUpload.begin(server, id, body.length);
    raw.send(body);
    expect(await raw.answers()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"ERR006"/);
    raw.socket.destroy();
    await canStillBeUploaded(id, bytes);
  });

  it('leaves the connection usable when it is refused', async () => {
    const large = Buffer.alloc(8 * 1024 * 1024);
    const { id } = await announce(server, large);
    const body = formBody(large, 'form-data; name="package"; filename="file"');
    const raw = await RawUpload.begin(server, id, body.length);
    raw.send(body);
    raw.send('GET /api/none HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    expect(await raw.answers(2)).toMatch(/^HTTP\/1\.1 400 [\s\S]*HTTP\/1\.1 404 /);
    raw.socket.destroy();
  });

  it('is cut off when it goes on for ever without a file', async () => {
    const { id } = await announce(server, bytes);
    const raw = await RawUpload.begin(server, id);
    for (let sent = 0; sent < bytes.length + 200_000 && !raw.socket.destroyed; sent += 4096) {
      raw.sendChunk(Buffer.alloc(4096, 'x'));
    }
    await raw.closed;
    await canStillBeUploaded(id, bytes);
  });
});

describe('a client that goes away', () => {
  afterEach(nothingIsLeft);

  it.each([
    ['ends its side of the connection', (raw: RawUpload) => raw.socket.end()],
    ['breaks the connection', (raw: RawUpload) => raw.socket.resetAndDestroy()],
  ])('%s in the middle of the file', async (_case, leave) => {
    const { id } = await announce(server, bytes);
    const body = formBody(bytes);
    const raw = await RawUpload.begin(server, id, body.length);
    raw.send(body.subarray(0, body.length >> 1));
    await expect.poll(() => server.fileNames()).toHaveLength(1);
    leave(raw);
    await raw.closed;
    await nothingIsLeft();
    expect(await listed(server, id)).toMatchObject({ existing: false });
    await canStillBeUploaded(id, bytes);
  });

  it('is there no more when its upload begins', async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const late = await aStorageServer({ drivers: { file_system: lateDriver(gate.promise, reached.resolve) } });
    const { id } = await announce(late, bytes);
    const raw = await RawUpload.begin(late, id, 1_000);
    await reached.promise;
    raw.socket.resetAndDestroy();
    await raw.closed;
    // The server has to notice before the store lets it go on.
    await expect.poll(() => late.connections()).toBeLessThanOrEqual(1);
    gate.resolve();
    await expect.poll(async () => (await upload(late, id, bytes)).status).toBe(200);
    expect(await late.fileNames()).toHaveLength(1);
    await late.close();
  });

  it('stays, and sends nothing more', async () => {
    const impatient = await aStorageServer({ uploadIdleMs: 1500 });
    const { id } = await announce(impatient, bytes);
    const body = formBody(bytes);
    const raw = await RawUpload.begin(impatient, id, body.length);
    raw.send(body.subarray(0, 1000));
    await raw.closed;
    await expect.poll(() => impatient.fileNames()).toEqual([]);
    expect((await upload(impatient, id, bytes)).status).toBe(200);
    await impatient.close();
  });

  it('leaves before it has sent anything', async () => {
    const { id } = await announce(server, bytes);
    const raw = await RawUpload.begin(server, id, 1000);
    await expect.poll(() => server.fileNames()).toHaveLength(1);
    raw.socket.destroy();
    await canStillBeUploaded(id, bytes);
  });
});

describe('a store that does not keep up', () => {
  it('makes the client wait: what it sends is not piled up', async () => {
    const slow = await aStorageServer({
      drivers: {
        file_system: {
          findProblem: async () => undefined,
          place: async ({ plain }) => ({ kind: 'folder', location: plain.location ?? '' }),
          open: async ({ plain }) => stuckStore(plain.location ?? ''),
        },
      },
    });
    const size = 256 * 1024 * 1024;
    const { id } = await announce(slow, bytes, { size });
    const raw = await RawUpload.begin(slow, id, size + 1000);
    raw.send(formParts().head);
    const portion = Buffer.alloc(1024 * 1024);
    let sent = 0;
    // When nothing is taken for so long, nothing will be; a server that piles up takes all of it meanwhile.
    while (sent < size && (raw.send(portion) || (await isTaken(raw)))) sent += portion.length;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    raw.socket.destroy();
    await slow.close();
  });
});

function isTaken(raw: RawUpload): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 500);
    raw.socket.once('drain', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** A store that takes its time to begin a file. */
function lateDriver(gate: Promise<void>, reached: () => void): StorageDriver {
  return {
    findProblem: async () => undefined,
    place: async ({ plain }) => ({ kind: 'folder', location: plain.location ?? '' }),
    async open({ plain }) {
      const store = new FilesystemStore({ location: plain.location ?? '', instanceId: 'dev' });
      return {
        create: async (path) => {
          reached();
          await gate;
          return store.create(path);
        },
        openRead: (path) => store.openRead(path),
        readRange: (path, range) => store.readRange(path, range),
        stat: (path) => store.stat(path),
        age: (path) => store.age(path),
        read: (path, limit) => store.read(path, limit),
        replace: (path, content, seen) => store.replace(path, content, seen),
        remove: (path) => store.remove(path),
        list: (folder) => store.list(folder),
        check: () => store.check(),
        cleanIncoming: () => store.cleanIncoming(),
      };
    },
  };
}

/** A store whose files never take more than their first bytes. */
function stuckStore(location: string): FileStore {
  const store = new FilesystemStore({ location, instanceId: 'dev' });
  return Object.assign(Object.create(store) as FileStore, {
    check: async () => undefined,
    create: async () => ({
      stream: new Writable({ write: () => undefined }),
      openRead: () => Promise.reject(new Error('nothing was written')),
      commit: () => Promise.reject(new Error('nothing was written')),
      discard: async () => undefined,
    }),
  });
}
