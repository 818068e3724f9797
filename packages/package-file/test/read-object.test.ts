import { expect, test } from 'vitest';
import { CHUNK_OBJECTS, PackageDamaged, readObject } from '../src/index.ts';
import type { RandomAccessFile } from '../src/index.ts';
import { DIGESTS_NAME, DigestList, chunkName, sha256 } from '../src/digests.ts';
import { archiveOf, membersOf, objectsOf, pack } from './builders.ts';

interface Reads {
  readonly file: RandomAccessFile;
  readonly lengths: number[];
}

function accessTo(bytes: Buffer): Reads {
  const lengths: number[] = [];
  const read = async (start: number, length: number): Promise<Buffer> => {
    lengths.push(length);
    return bytes.subarray(start, start + length);
  };
  return { file: { size: bytes.length, read }, lengths };
}

test('one object is read by its place, without reading the others', async () => {
  const objects = objectsOf(2 * CHUNK_OBJECTS + 7);
  const { file } = await pack(objects);
  for (const position of [0, 1, CHUNK_OBJECTS - 1, CHUNK_OBJECTS, 2 * CHUNK_OBJECTS + 6]) {
    const reads = accessTo(file);
    expect(await readObject(reads.file, position)).toEqual(objects[position]);
    expect(reads.lengths).toHaveLength(2);
  }
});

test('the digests are found however far from the end they begin', async () => {
  const [object] = objectsOf(1);
  const [manifest, chunk] = membersOf((await pack(objectsOf(1))).file);
  if (!manifest || !chunk) throw new Error('The package has no chunk.');
  const chunks = Array.from({ length: 3000 }, (_, i) => ({ name: chunkName(i + 1), content: chunk.content }));
  const digests = new DigestList();
  for (const { name, content } of [manifest, ...chunks]) {
    digests.add({
      name,
      bytes: content.length,
      sha256: sha256(content),
      ...(name === manifest.name ? {} : { objects: 1 }),
    });
  }
  const reads = accessTo(archiveOf([manifest, ...chunks, { name: DIGESTS_NAME, content: digests.toBytes() }]));
  expect(await readObject(reads.file, 2999)).toEqual(object);
  expect(reads.lengths).toHaveLength(3);
});

test('a place that holds no object is told as damage, and so is a file without its end', async () => {
  const { file } = await pack(objectsOf(3));
  await expect(readObject(accessTo(file).file, 3)).rejects.toThrow(PackageDamaged);
  for (const length of [0, 100, 512, 2048, file.length - 512]) {
    await expect(readObject(accessTo(file.subarray(0, length)).file, 0)).rejects.toThrow(PackageDamaged);
  }
});

test('no changed byte of the chunk or of the digests goes unseen', async () => {
  const { file } = await pack(objectsOf(3));
  const [first] = objectsOf(1);
  for (let at = 1536; at < file.length; at += 41) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    const read = await readObject(accessTo(changed).file, 0).catch((error: unknown) => error);
    if (!(read instanceof PackageDamaged)) expect(read).toEqual(first);
  }
});
