import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { MESSAGES } from '@longshore/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileStoreContract } from './file-store.contract.ts';
import { writeTo } from './file-streams.ts';
import { FilesystemStore } from './filesystem-store.ts';
import { STORE_FOLDERS, packagePath } from './store-path.ts';

const ID = '35958BEB7C56491C9A43F7661501E177';
const PATH = packagePath('2026-03-16', ID);

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const storeAt = (location: string, instanceId = 'dev'): FilesystemStore =>
  new FilesystemStore({ location, instanceId });

fileStoreContract('a file store in a folder', async () => {
  const location = await newFolder();
  return { dev: storeAt(location, 'dev'), prod: storeAt(location, 'prod') };
});

fileStoreContract('a file store behind a link', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, 'real'));
  await symlink(join(folder, 'real'), join(folder, 'link'));
  return { dev: storeAt(join(folder, 'link'), 'dev'), prod: storeAt(join(folder, 'real'), 'prod') };
});

async function writeThrough(store: FilesystemStore): Promise<void> {
  const pending = await store.create(PATH);
  pending.stream.write('content');
  await pending.commit();
}

describe('a location that cannot be used', () => {
  test('every call says that the storage is misconfigured, and a missing folder is not made', async () => {
    const folder = await newFolder();
    const missing = join(folder, 'missing');
    await writeFile(join(folder, 'file'), '');
    for (const location of [missing, join(folder, 'file'), join(folder, 'file', 'below')]) {
      const store = storeAt(location);
      const calls = [
        () => store.check(),
        () => store.create(PATH),
        () => store.openRead(PATH),
        () => store.stat(PATH),
        () => store.age(PATH),
        () => store.remove(PATH),
        () => store.cleanIncoming(),
        () => store.list(STORE_FOLDERS.packages).next(),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({
          kind: 'storageMisconfigured',
          message: MESSAGES.storageMisconfigured,
        });
      }
    }
    expect(await readdir(folder)).toEqual(['file']);
  });

  test.skipIf(process.platform !== 'linux')('a folder that cannot be written fails the check', async () => {
    await expect(storeAt('/proc').check()).rejects.toThrow(MESSAGES.storageMisconfigured);
    await expect(storeAt('/proc').create(PATH)).rejects.toThrow(MESSAGES.sharedFileUnwritable);
  });

  test('a location that is not absolute is refused at once', () => {
    expect(() => storeAt('storage')).toThrow(MESSAGES.storageMisconfigured);
  });

  test.each(['', '..', 'a/b', '.hidden', 'x'.repeat(65)])('"%s" cannot name an environment', (instanceId) => {
    expect(() => storeAt('/tmp', instanceId)).toThrow('cannot name');
  });

  test('a location that goes away while a file is written fails the commit', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'share'));
    const pending = await storeAt(join(folder, 'share')).create(PATH);
    pending.stream.write('content');
    await rename(join(folder, 'share'), join(folder, 'gone'));
    await expect(pending.commit()).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    expect(await readdir(folder)).toEqual(['gone']);
  });

  test.skipIf(process.platform !== 'linux')('a full disk fails the write with the text that clients know', async () => {
    const full = await open('/dev/full', 'w');
    const stream = writeTo(full);
    const failure = new Promise((resolve) => stream.once('error', resolve));
    stream.end('content');
    expect(await failure).toMatchObject({ kind: 'storageMisconfigured', message: MESSAGES.sharedFileUnwritable });
    await full.close();
  });
});

describe('links and other things in the store', () => {
  test('a link out of the store is neither read nor listed, as a file or as a folder', async () => {
    const [location, outside] = [await newFolder(), await newFolder()];
    const store = storeAt(location);
    await writeFile(join(outside, 'secret'), 'secret');
    await writeFile(join(outside, `${ID}.mmp`), 'secret');

    await mkdir(dirname(join(location, PATH)), { recursive: true });
    await symlink(join(outside, 'secret'), join(location, PATH));
    await expect(store.openRead(PATH)).rejects.toThrow(MESSAGES.sharedFileUnreadable);
    await expect(store.stat(PATH)).rejects.toThrow(MESSAGES.sharedFileUnreadable);
    expect(await store.list(STORE_FOLDERS.packages).next()).toEqual({ done: true, value: undefined });

    await rm(dirname(join(location, PATH)), { recursive: true });
    await symlink(outside, dirname(join(location, PATH)));
    await expect(store.openRead(PATH)).rejects.toThrow(MESSAGES.sharedFileUnreadable);
    await expect(store.remove(PATH)).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    await expect(writeThrough(store)).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    expect(await readdir(outside)).toEqual([`${ID}.mmp`, 'secret']);
  });

  test('the folder of unfinished files may not lead out of the store', async () => {
    const [location, outside] = [await newFolder(), await newFolder()];
    await mkdir(join(location, 'mstr'));
    await symlink(outside, join(location, 'mstr/.incoming'));
    await expect(storeAt(location).create(PATH)).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    await mkdir(join(outside, 'dev'));
    await writeFile(join(outside, 'dev/1.part'), '');
    await expect(storeAt(location).cleanIncoming()).rejects.toThrow(MESSAGES.sharedFileUnwritable);
    await expect(storeAt(location).check()).rejects.toThrow(MESSAGES.storageMisconfigured);
    expect(await readdir(join(outside, 'dev'))).toEqual(['1.part']);
  });

  test('a folder or a pipe in the place of a file is refused, without waiting for it', async () => {
    const location = await newFolder();
    const store = storeAt(location);
    await mkdir(join(location, PATH), { recursive: true });
    expect(await store.stat(PATH)).toBeNull();
    await expect(store.openRead(PATH)).rejects.toThrow(MESSAGES.sharedFileUnreadable);
    await rm(join(location, PATH), { recursive: true });
    await promisify(execFile)('mkfifo', [join(location, PATH)]);
    await expect(store.openRead(PATH)).rejects.toThrow(MESSAGES.sharedFileUnreadable);
  });

  test('what is not a file of the store is passed over by the list', async () => {
    const location = await newFolder();
    const store = storeAt(location);
    await writeThrough(store);
    await writeFile(join(location, STORE_FOLDERS.packages, 'notes.txt'), '');
    await writeFile(`${join(location, PATH)}.bak`, '');
    const paths: string[] = [];
    for await (const { path } of store.list(STORE_FOLDERS.packages)) paths.push(path);
    expect(paths).toEqual([PATH]);
  });

  test('a stream that is not read to its end gives its file back', async () => {
    const store = storeAt(await newFolder());
    await writeThrough(store);
    const { stream } = await store.openRead(PATH);
    await new Promise((resolve) => stream.destroy().once('close', resolve));
    expect(await text((await store.openRead(PATH)).stream)).toBe('content');
  });
});

test('two stores of one environment, as in two threads, keep their unfinished files apart', async () => {
  const location = await newFolder();
  const [first, second] = [
    await storeAt(location).create(PATH),
    await storeAt(location).create(packagePath('2026-03-17', ID)),
  ];
  first.stream.write('first');
  second.stream.write('second');
  await Promise.all([first.commit(), second.commit()]);
  expect(await text((await storeAt(location).openRead(PATH)).stream)).toBe('first');
});

test('the age of a file is told by the file system, not by a clock of the process', async () => {
  const location = await newFolder();
  const store = storeAt(location);
  await writeThrough(store);
  const hourAgo = Date.now() / 1000 - 3600;
  await utimes(join(location, PATH), hourAgo, hourAgo);
  expect(await store.age(PATH)).toBeGreaterThanOrEqual(3_599_000);
});
