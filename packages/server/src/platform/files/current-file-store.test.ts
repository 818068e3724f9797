import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MESSAGES } from '@longshore/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { CurrentFileStore, UnconfiguredStore } from './current-file-store.ts';
import { fileStoreContract } from './file-store.contract.ts';
import type { FileStore } from './file-store.ts';
import { FilesystemStore } from './filesystem-store.ts';
import { STORE_FOLDERS, packagePath } from './store-path.ts';

const PATH = packagePath('2026-03-16', '35958BEB7C56491C9A43F7661501E177');

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-current-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const storeAt = (location: string, instanceId = 'dev'): FileStore => new FilesystemStore({ location, instanceId });

fileStoreContract('the store in use', async () => {
  const location = await newFolder();
  const inUse = (instanceId: string): FileStore => {
    const current = new CurrentFileStore(new UnconfiguredStore('not yet'));
    current.use(storeAt(location, instanceId));
    return current;
  };
  return { dev: inUse('dev'), prod: inUse('prod') };
});

test('another store counts from the next call on; what was opened before stays where it was', async () => {
  const [first, second] = [storeAt(await newFolder()), storeAt(await newFolder())];
  const current = new CurrentFileStore(first);
  const pending = await current.create(PATH);
  pending.stream.write('first');
  current.use(second);
  await pending.commit();
  expect([await current.stat(PATH), await first.stat(PATH)]).toEqual([null, { size: 5 }]);
  current.use(first);
  const { stream } = await current.openRead(PATH);
  current.use(second);
  expect(await text(stream)).toBe('first');
});

test('without a store every call says that the storage is not configured', async () => {
  const none = new CurrentFileStore(new UnconfiguredStore('no storage is set'));
  const calls = [
    () => none.check(),
    () => none.create(PATH),
    () => none.openRead(PATH),
    () => none.stat(PATH),
    () => none.read(PATH, 1),
    () => none.replace(PATH, Buffer.from('x'), null),
    () => none.remove(PATH),
    () => none.cleanIncoming(),
    () => none.list(STORE_FOLDERS.packages)[Symbol.asyncIterator]().next(),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      kind: 'storageMisconfigured',
      message: MESSAGES.storageMisconfigured,
      cause: new Error('no storage is set'),
    });
  }
});
