import { createHash } from 'node:crypto';
import { createWriteStream, openSync, fsyncSync, closeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { readObjects } from './read-objects.ts';
import { openFloor, type FloorEnd, type FloorTask } from './schema.ts';

const BATCH_CHARACTERS = 1024 * 1024;

/** Floor of making a package: read every row, write two lines an object, hash, compress, and sync the file. */
export async function pack({ input, output, tuning }: FloorTask): Promise<FloorEnd> {
  const db = openFloor(input, tuning);
  const hash = createHash('sha256');
  let objects = 0;
  function* batches(): Generator<Buffer> {
    let text = '';
    for (const { object, definition } of readObjects(db)) {
      text += `${JSON.stringify(object)}\n${definition}\n`;
      objects += 1;
      if (text.length < BATCH_CHARACTERS) continue;
      yield hashed(text);
      text = '';
    }
    if (text !== '') yield hashed(text);
  }
  function hashed(text: string): Buffer {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    return bytes;
  }
  const zstd = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 1024 * 1024 });
  await pipeline(Readable.from(batches()), zstd, createWriteStream(output));
  sync(output);
  hash.digest('hex');
  return { objects, db };
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
