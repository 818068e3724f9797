import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageManifest } from '@longshore/contracts';
import { readPackage } from '@longshore/package-file';
import type { ObjectLines } from '@longshore/package-file';
import { describe, expect, test } from 'vitest';

/** Files written by released versions. They are never written anew: every later version has to read them as they are. */
interface Expected {
  readonly manifest: PackageManifest;
  readonly objects: readonly ObjectLines[];
}

async function read(name: string): Promise<Expected> {
  const { manifest, batches } = await readPackage(createReadStream(join(import.meta.dirname, name)));
  const objects: ObjectLines[] = [];
  for await (const batch of batches()) objects.push(...batch);
  return { manifest, objects };
}

describe('format version 1', async () => {
  const text = await readFile(join(import.meta.dirname, 'format-1.expected.json'), 'utf8');
  const expected = JSON.parse(text) as { package: Expected; undo: Expected };

  test('a package is read as it was written', async () => {
    expect(await read('format-1-package.mmp')).toEqual(expected.package);
  });

  test('an undo package is read as it was written', async () => {
    expect(await read('format-1-undo.mmp')).toEqual(expected.undo);
  });
});
