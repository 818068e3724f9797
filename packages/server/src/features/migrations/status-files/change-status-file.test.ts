import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MESSAGES } from '@longshore/contracts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FilesystemStore } from '../../../platform/files/filesystem-store.ts';
import { certificationPath } from '../../../platform/files/store-path.ts';
import { changeStatusFile, readStatusFile, writeStatusFile } from './status-files.ts';

const ID = '35958BEB7C56491C9A43F7661501E177';
const PATH = certificationPath(ID, ID);

async function aStore(): Promise<FilesystemStore> {
  const location = await mkdtemp(join(tmpdir(), 'longshore-status-'));
  onTestFinished(() => rm(location, { recursive: true, force: true }));
  return new FilesystemStore({ location, instanceId: 'dev' });
}

test('whoever was overtaken looks again before anything is written', async () => {
  const files = await aStore();
  const seen: (string | null)[] = [];
  await changeStatusFile(files, PATH, async (text) => {
    seen.push(text);
    if (text === null) await writeStatusFile(files, PATH, 'of another environment');
    return 'mine';
  });
  expect([seen, await readStatusFile(files, PATH)]).toEqual([[null, 'of another environment'], 'mine']);
});

test('the newest stays, however many write at once and in whatever order', async () => {
  const files = await aStore();
  const numbers = [3, 9, 1, 7, 5, 8, 2, 6, 4];
  await Promise.all(
    numbers.map((mine) => changeStatusFile(files, PATH, (text) => (Number(text ?? 0) < mine ? `${mine}` : null))),
  );
  expect(await readStatusFile(files, PATH)).toBe('9');
});

test('a file that never comes to rest ends in the text that clients know', async () => {
  const files = await aStore();
  vi.spyOn(files, 'replace').mockResolvedValue(false);
  await expect(changeStatusFile(files, PATH, () => 'mine')).rejects.toThrow(MESSAGES.sharedFileUnwritable);
});
