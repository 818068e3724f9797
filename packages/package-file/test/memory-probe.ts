/**
 * Run by memory.test.ts in a process of its own: `write FILE` or `read FILE`, with about 400 MB of lines.
 * Prints `{"objects", "maxRssMiB"}`.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readPackage, writePackage } from '../src/index.ts';
import type { ObjectLines } from '../src/index.ts';
import { manifestOf } from './builders.ts';

const OBJECTS = 400_000;

async function* lines(): AsyncGenerator<ObjectLines[]> {
  for (let start = 0; start < OBJECTS; start += 500) {
    const batch = Array.from({ length: 500 }, (_, i) => {
      const text = createHash('shake256', { outputLength: 360 })
        .update(`${start + i}`)
        .digest('hex');
      return { header: `{"id":"${start + i}"}`, body: `{"text":"${text}${' '.repeat(280)}"}` };
    });
    yield await Promise.resolve(batch);
  }
}

async function write(path: string): Promise<number> {
  return (await writePackage(createWriteStream(path), manifestOf(), lines(), { maxBytes: 2 ** 31 })).objects;
}

async function read(path: string): Promise<number> {
  let objects = 0;
  for await (const batch of (await readPackage(createReadStream(path))).batches()) objects += batch.length;
  return objects;
}

const [mode, path = ''] = process.argv.slice(2);
const objects = await (mode === 'write' ? write(path) : read(path));
const maxRssMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ objects, maxRssMiB }));
