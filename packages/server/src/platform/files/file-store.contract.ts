import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, MESSAGES } from '@longshore/contracts';
import { describe, expect, test } from 'vitest';
import type { FileStore, FileVersion, StoredFile } from './file-store.ts';
import { STORE_FOLDERS, packagePath, undoFolder, undoPath, validationPath } from './store-path.ts';
import type { StoreFolder, StorePath } from './store-path.ts';

/** The one location as two environments see it, new for each test. */
export interface StoresUnderTest {
  readonly dev: FileStore;
  readonly prod: FileStore;
}

const ID = '35958BEB7C56491C9A43F7661501E177';
const OTHER_ID = 'B71E7ECF60104A62BA15625C444A623F';
const PATH = packagePath('2026-03-16', ID);

const PIECE_BYTES = 1_000_003;

/** Bytes that are the same each time and do not repeat, in pieces; more than any store holds in memory at once. */
function* pieces(count: number): Generator<Buffer> {
  for (let at = 0; at < count; at += 1) yield Buffer.alloc(PIECE_BYTES, createHash('sha256').update(`${at}`).digest());
}

function* failingPieces(): Generator<Buffer> {
  yield* pieces(30);
  throw new Error('the source failed');
}

async function digestOf(bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

async function write(store: FileStore, path: StorePath, content: string): Promise<void> {
  const pending = await store.create(path);
  await pipeline(Readable.from([Buffer.from(content)]), pending.stream);
  await pending.commit();
}

async function read(store: FileStore, path: StorePath): Promise<string> {
  return text((await store.openRead(path)).stream);
}

async function listOf(store: FileStore, folder: StoreFolder): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const file of store.list(folder)) files.push(file);
  return files;
}

/** What every file store has to do, whatever keeps the bytes. */
export function fileStoreContract(name: string, make: () => Promise<StoresUnderTest>): void {
  describe(name, () => {
    describe('a file that is written', () => writingContract(make));
    describe('a file that is not committed', () => pendingContract(make));
    describe('a file that is checked before it is committed', () => pendingReadContract(make));
    describe('a large file', () => largeContract(make));
    describe('files that are there', () => lookupContract(make));
    describe('a small file that several replace', () => replaceContract(make));
  });
}

function writingContract(make: () => Promise<StoresUnderTest>): void {
  test('is read by another environment', async () => {
    const { dev, prod } = await make();
    await write(dev, PATH, 'content');
    const { stream, size } = await prod.openRead(PATH);
    expect([await text(stream), size]).toEqual(['content', 7]);
  });

  test('is read from any place, up to its end', async () => {
    const { dev, prod } = await make();
    await write(dev, PATH, '0123456789');
    const parts = [0, 4, 8, 10].map((start) => prod.readRange(PATH, { start, length: 4 }));
    expect((await Promise.all(parts)).map(String)).toEqual(['0123', '4567', '89', '']);
    expect(await prod.readRange(PATH, { start: 3, length: 0 })).toHaveLength(0);
    await expect(prod.readRange(undoPath(ID, ID), { start: 0, length: 1 })).rejects.toThrow(AppError);
  });

  test('may be large, and may be empty', async () => {
    const { dev } = await make();
    const large = 'x'.repeat(3_000_000);
    await write(dev, PATH, large);
    expect((await read(dev, PATH)) === large).toBe(true);
    await write(dev, PATH, '');
    expect(await dev.openRead(PATH).then(({ stream }) => text(stream))).toBe('');
  });

  test('tells its size, also when the caller leaves it to commit to end the stream', async () => {
    const { dev } = await make();
    const pending = await dev.create(PATH);
    pending.stream.write('12345');
    expect(await pending.commit()).toEqual({ size: 5 });
    expect(await read(dev, PATH)).toBe('12345');
  });

  test('takes the place of an older one, whose readers keep what they opened', async () => {
    const { dev, prod } = await make();
    const path = validationPath(ID, OTHER_ID);
    await write(dev, path, 'old');
    const { stream } = await prod.openRead(path);
    await write(prod, path, 'new');
    expect([await text(stream), await read(dev, path)]).toEqual(['old', 'new']);
  });

  test('may be written by many at a time', async () => {
    const { dev, prod } = await make();
    const ids = Array.from({ length: 20 }, (_, i) => i.toString(16).toUpperCase().padStart(32, '0'));
    await Promise.all(ids.map((id, i) => write(i % 2 === 0 ? dev : prod, undoPath(ID, id), id)));
    const contents = await Promise.all(ids.map((id) => read(dev, undoPath(ID, id))));
    expect(contents).toEqual(ids);
  });
}

function pendingContract(make: () => Promise<StoresUnderTest>): void {
  test('is seen by nobody, and leaves nothing when it is discarded', async () => {
    const { dev, prod } = await make();
    const pending = await dev.create(PATH);
    await new Promise((resolve) => pending.stream.write('half', resolve));
    expect([await prod.stat(PATH), await listOf(prod, STORE_FOLDERS.packages)]).toEqual([null, []]);
    await pending.discard();
    await pending.discard();
    expect([await dev.stat(PATH), await dev.cleanIncoming()]).toEqual([null, 0]);
    await expect(pending.commit()).rejects.toThrow('discarded');
  });

  test('leaves an older file as it was', async () => {
    const { dev } = await make();
    await write(dev, PATH, 'old');
    const pending = await dev.create(PATH);
    pending.stream.write('new');
    await pending.discard();
    expect(await read(dev, PATH)).toBe('old');
  });

  test('cannot be committed after its writing failed', async () => {
    const { dev } = await make();
    const pending = await dev.create(PATH);
    pending.stream.write('half');
    pending.stream.destroy(new Error('the source failed'));
    await expect(pending.commit()).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    expect([await dev.stat(PATH), await dev.cleanIncoming()]).toEqual([null, 0]);
  });

  test('is not harmed by a discard after its commit', async () => {
    const { dev } = await make();
    const pending = await dev.create(PATH);
    pending.stream.write('kept');
    await pending.commit();
    await pending.discard();
    expect(await read(dev, PATH)).toBe('kept');
    await expect(pending.commit()).rejects.toThrow('committed');
  });

  test('is cleaned away when its own environment starts again, and only then', async () => {
    const { dev, prod } = await make();
    await write(dev, PATH, 'kept');
    const [mine, other] = [await dev.create(undoPath(ID, ID)), await prod.create(undoPath(ID, OTHER_ID))];
    for (const piece of pieces(30)) await new Promise((resolve) => mine.stream.write(piece, resolve));
    other.stream.write('whole');
    expect(await dev.cleanIncoming()).toBe(1);
    // Here the writer still lives, so that what it had under way may arrive after the cleaning.
    await expect.poll(() => dev.cleanIncoming()).toBe(0);
    await other.commit();
    expect([await read(dev, undoPath(ID, OTHER_ID)), await read(dev, PATH)]).toEqual(['whole', 'kept']);
    await mine.discard();
  });
}

function pendingReadContract(make: () => Promise<StoresUnderTest>): void {
  test('can be read by the one who writes it, once it is written', async () => {
    const { dev, prod } = await make();
    const pending = await dev.create(PATH);
    await expect(pending.openRead()).rejects.toThrow('still being written');
    await pipeline(Readable.from([Buffer.from('content')]), pending.stream);
    expect([await text(await pending.openRead()), await text(await pending.openRead())]).toEqual([
      'content',
      'content',
    ]);
    expect(await prod.stat(PATH)).toBeNull();
    await pending.commit();
    await expect(pending.openRead()).rejects.toThrow('committed');
  });
}

function largeContract(make: () => Promise<StoresUnderTest>): void {
  test('goes through in pieces, and comes back as it was', async () => {
    const { dev, prod } = await make();
    const pending = await dev.create(PATH);
    await pipeline(Readable.from(pieces(40)), pending.stream);
    expect(await digestOf(await pending.openRead())).toBe(await digestOf(pieces(40)));
    expect([await prod.stat(PATH), await listOf(prod, STORE_FOLDERS.packages)]).toEqual([null, []]);
    expect(await pending.commit()).toEqual({ size: 40 * PIECE_BYTES });
    const { stream, size } = await prod.openRead(PATH);
    expect([await digestOf(stream), size]).toEqual([await digestOf(pieces(40)), 40 * PIECE_BYTES]);
    expect(await dev.cleanIncoming()).toBe(0);
  });

  test('whose source fails in the middle leaves nothing behind', async () => {
    const { dev, prod } = await make();
    const pending = await dev.create(PATH);
    await expect(pipeline(Readable.from(failingPieces()), pending.stream)).rejects.toThrow('the source failed');
    await expect(pending.commit()).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    expect([await prod.stat(PATH), await listOf(prod, STORE_FOLDERS.packages)]).toEqual([null, []]);
    expect(await dev.cleanIncoming()).toBe(0);
  });

  test('that is discarded when it is whole leaves nothing behind', async () => {
    const { dev } = await make();
    const pending = await dev.create(PATH);
    await pipeline(Readable.from(pieces(20)), pending.stream);
    await pending.discard();
    expect([await dev.stat(PATH), await dev.cleanIncoming()]).toEqual([null, 0]);
  });

  test('may be left by its reader at any time', async () => {
    const { dev } = await make();
    const pending = await dev.create(PATH);
    await pipeline(Readable.from(pieces(20)), pending.stream);
    await pending.commit();
    const [unread, left] = [await dev.openRead(PATH), await dev.openRead(PATH)];
    unread.stream.destroy();
    for await (const chunk of left.stream) if ((chunk as Buffer).length > 0) break;
    expect(await dev.remove(PATH)).toBe(true);
  });
}

function replaceContract(make: () => Promise<StoresUnderTest>): void {
  const path = validationPath(ID, OTHER_ID);
  const versionOf = async (store: FileStore): Promise<FileVersion | null> =>
    (await store.read(path, 1000))?.version ?? null;

  test('is read whole with its version, unless it is larger than was asked for', async () => {
    const { dev, prod } = await make();
    expect(await dev.read(path, 10)).toBeNull();
    await write(dev, path, '0123456789');
    expect((await prod.read(path, 10))?.content?.toString()).toBe('0123456789');
    expect(await prod.read(path, 9)).toEqual({ content: null, version: await versionOf(dev) });
  });

  test('is replaced as long as it is the version that was seen', async () => {
    const { dev, prod } = await make();
    expect(await dev.replace(path, Buffer.from('first'), null)).toBe(true);
    expect(await prod.replace(path, Buffer.from('other'), null)).toBe(false);
    const first = await versionOf(prod);
    expect(await prod.replace(path, Buffer.from('second'), first)).toBe(true);
    expect(await dev.replace(path, Buffer.from('third'), first)).toBe(false);
    expect(await read(dev, path)).toBe('second');
    const second = await versionOf(dev);
    await dev.remove(path);
    expect(await prod.replace(path, Buffer.from('fourth'), second)).toBe(false);
    expect([await dev.stat(path), await dev.cleanIncoming(), await prod.cleanIncoming()]).toEqual([null, 0, 0]);
  });

  test('takes one of many that replace the same version', async () => {
    const { dev, prod } = await make();
    await write(dev, path, 'old');
    const seen = await versionOf(dev);
    const texts = Array.from({ length: 12 }, (_, at) => `new ${at}`);
    const taken = await Promise.all(
      texts.map((content, at) => (at % 2 === 0 ? dev : prod).replace(path, Buffer.from(content), seen)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await read(prod, path)).toBe(texts[taken.indexOf(true)]);
  });

  test('loses nothing when many change what they have read', async () => {
    const { dev, prod } = await make();
    const addOne = async (store: FileStore): Promise<void> => {
      for (;;) {
        const seen = await store.read(path, 1000);
        const sum = Number(seen?.content?.toString() ?? 0) + 1;
        if (await store.replace(path, Buffer.from(`${sum}`), seen?.version ?? null)) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, at) => addOne(at % 2 === 0 ? dev : prod)));
    expect(await read(dev, path)).toBe('10');
  });
}

function lookupContract(make: () => Promise<StoresUnderTest>): void {
  test('have a size, and can be removed once', async () => {
    const { dev, prod } = await make();
    await write(dev, PATH, 'content');
    expect(await prod.stat(PATH)).toEqual({ size: 7 });
    expect([await prod.remove(PATH), await dev.remove(PATH), await dev.stat(PATH)]).toEqual([true, false, null]);
  });

  test('have an age by the clock of the store', async () => {
    const { dev, prod } = await make();
    await write(dev, PATH, 'first');
    await write(dev, undoPath(ID, ID), 'second');
    const younger = await prod.age(undoPath(ID, ID));
    const older = await prod.age(PATH);
    expect(younger).toBeGreaterThanOrEqual(0);
    expect(older).toBeGreaterThanOrEqual(younger ?? Infinity);
    expect(await dev.age(undoPath(ID, OTHER_ID))).toBeNull();
    expect(await dev.cleanIncoming()).toBe(0);
  });

  test('are missed with the text that clients know', async () => {
    const { dev } = await make();
    expect(await dev.stat(PATH)).toBeNull();
    await expect(dev.openRead(PATH)).rejects.toMatchObject({
      kind: 'storageMisconfigured',
      message: MESSAGES.sharedFileUnreadable,
    });
  });

  test('are listed by folder, in the order of their paths', async () => {
    const { dev } = await make();
    const paths = [
      packagePath('2026-03-17', ID),
      packagePath('2026-03-16', OTHER_ID),
      packagePath('2026-03-16', ID),
      undoPath(ID, OTHER_ID),
      undoPath(OTHER_ID, ID),
    ];
    for (const path of paths) await write(dev, path, 'abc');
    const expected = [paths[2], paths[1], paths[0]].map((path) => ({ path, size: 3 }));
    expect(await listOf(dev, STORE_FOLDERS.packages)).toEqual(expected);
    expect(await listOf(dev, undoFolder(ID))).toEqual([{ path: paths[3], size: 3 }]);
    expect(await listOf(dev, STORE_FOLDERS.validation)).toEqual([]);
  });

  test('are reachable, says the check, which leaves nothing behind', async () => {
    const { dev } = await make();
    await expect(dev.check()).resolves.toBeUndefined();
    expect(await dev.cleanIncoming()).toBe(0);
  });
}
