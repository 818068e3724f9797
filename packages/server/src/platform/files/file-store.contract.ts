import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MESSAGES } from '@longshore/contracts';
import { describe, expect, test } from 'vitest';
import type { FileStore, StoredFile } from './file-store.ts';
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
    describe('files that are there', () => lookupContract(make));
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
    const range = async (start: number, length: number): Promise<string> =>
      (await prod.readRange(PATH, { start, length })).toString();
    expect(await Promise.all([range(0, 3), range(4, 4), range(8, 100), range(10, 5), range(3, 0)])).toEqual([
      '012',
      '4567',
      '89',
      '',
      '',
    ]);
    await expect(prod.readRange(packagePath('2026-03-16', OTHER_ID), { start: 0, length: 1 })).rejects.toMatchObject({
      kind: 'storageMisconfigured',
    });
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
    mine.stream.write('half');
    other.stream.write('whole');
    expect(await dev.cleanIncoming()).toBe(1);
    expect(await dev.cleanIncoming()).toBe(0);
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
