import { PassThrough, Readable } from 'node:stream';
import * as fc from 'fast-check';
import { extract } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import {
  CHUNK_OBJECTS,
  CHUNK_RAW_BYTES,
  DEFAULT_LIMITS,
  PackageFileError,
  packLines,
  readPackage,
  writePackage,
} from '../src/index.ts';
import type { ObjectLines } from '../src/index.ts';
import { batchesOf, manifestOf, membersOf, objectsOf, pack, unpack } from './builders.ts';

const line = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .map((text) => text.replaceAll('\n', '\r'))
  .filter((text) => text.isWellFormed());
const anyObjects = fc.array(fc.record({ header: line, body: line }), { maxLength: 40 });

describe('a package that is written and read', () => {
  test('gives back the manifest and every line as it was, whatever the lines and however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(anyObjects, fc.integer({ min: 1, max: 2000 }), async (objects, portion) => {
        const { file, written } = await pack(objects);
        const read = await unpack(file, {}, portion);
        expect(read.objects).toEqual(objects);
        expect(read.manifest).toEqual(manifestOf());
        expect(written.objects).toBe(objects.length);
        expect(read.totals).toMatchObject({ objects: objects.length, bytes: file.length });
      }),
      { numRuns: 60 },
    );
  });

  test('reports the bytes of the file', async () => {
    const { file, written } = await pack(objectsOf(300));
    expect(written).toEqual({ bytes: file.length, objects: 300 });
  });

  test('has the same bytes for the same objects, however they were batched', async () => {
    const objects = objectsOf(12_345);
    const files = await Promise.all(
      [1, 777, 20_000].map(async (size) => {
        const out = new PassThrough();
        const file = out.toArray() as Promise<Buffer[]>;
        await writePackage(out, manifestOf(), batchesOf(objects, size), { maxBytes: 2 ** 31 });
        return Buffer.concat(await file);
      }),
    );
    expect(files[1]?.equals(files[0] ?? Buffer.alloc(0))).toBe(true);
    expect(files[2]?.equals(files[0] ?? Buffer.alloc(0))).toBe(true);
  });

  test('has the same bytes for the same objects, whether they come as lines or as bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), anyObjects)), async (given) => {
        let first = 1;
        const batches = given.map(([isPacked, objects]) => {
          const batch = isPacked ? packLines(objects, { first, objectBytes: DEFAULT_LIMITS.objectBytes }) : objects;
          first += objects.length;
          return batch;
        });
        const out = new PassThrough();
        const file = out.toArray() as Promise<Buffer[]>;
        await writePackage(out, manifestOf(), Readable.from(batches), { maxBytes: 2 ** 31 });
        const asLines = await pack(given.flatMap(([, objects]) => objects));
        expect(Buffer.concat(await file).equals(asLines.file)).toBe(true);
      }),
    );
  });

  test('objects that become bytes are checked like those that are given as lines', () => {
    const place = { first: 41, objectBytes: 20 };
    const good = { header: '{}', body: 'null' };
    const packOne = (lines: { header: string; body: string }) => () => packLines([good, lines], place);
    expect(packOne({ header: '{', body: 'a\nb' })).toThrow(
      'definition line of object 42 of the package holds a line end',
    );
    expect(packOne({ header: '', body: 'null' })).toThrow('The header line of object 42 of the package is empty');
    expect(packOne({ header: '{"id":"ABCDEF"}', body: '"def"' })).toThrow(
      'has 22 bytes, and one object may have at most 20',
    );
    expect(packOne({ header: '{}', body: '"\ud800"' })).toThrow('surrogate pair');
  });

  test('starts a chunk after 5,000 objects', async () => {
    const { file } = await pack(objectsOf(2 * CHUNK_OBJECTS + 1));
    // A chunk is given in parts, so that only some of its objects are texts at a time.
    const partsOfAChunk = Array<number>(CHUNK_OBJECTS / 100).fill(100);
    expect((await unpack(file)).batchSizes).toEqual([...partsOfAChunk, ...partsOfAChunk, 1]);
    expect(membersOf(file).map((m) => m.name)).toEqual([
      'manifest.json',
      'objects/000001.ndjson.zst',
      'objects/000002.ndjson.zst',
      'objects/000003.ndjson.zst',
      'digests.json',
    ]);
  });

  test('starts a chunk before 4 MiB of lines, and gives a larger object a chunk of its own', async () => {
    const objects = [...objectsOf(10, 1024 * 1024), ...objectsOf(1, CHUNK_RAW_BYTES + 1), ...objectsOf(2)];
    const { file } = await pack(objects);
    const read = await unpack(file);
    expect(read.batchSizes).toEqual([3, 3, 3, 1, 1, 2]);
    expect(read.objects).toEqual(objects);
  });

  test('holds objects that shrink beyond every ratio, and reads them back', async () => {
    const objects: ObjectLines[] = [{ header: '{}', body: `{"blank":"${' '.repeat(9_000_000)}"}` }, ...objectsOf(3)];
    const { file } = await pack(objects);
    expect(file.length).toBeGreaterThan(9_000_000);
    expect((await unpack(file)).objects).toEqual(objects);
  });

  test('may be empty', async () => {
    const { file, written } = await pack([]);
    expect(written.objects).toBe(0);
    expect((await unpack(file)).objects).toEqual([]);
  });

  test('carries undo records in the same container', async () => {
    const manifest = manifestOf({
      kind: 'undo',
      purpose: 'undo',
      importId: 'B71E7ECF60104A62BA15625C444A623F',
      counts: { entries: 1, content: 1, dependents: 0, ancestors: 0 },
    });
    const records = [{ header: '{"op":"delete","id":"8D679D5111D3E4981000E787EC6DE8A4"}', body: 'null' }];
    const read = await unpack((await pack(records, manifest)).file);
    expect(read).toMatchObject({ manifest, objects: records });
  });

  test('is a tar that others read', async () => {
    const { file } = await pack(objectsOf(20));
    const seen: { name: string; size: number; mode: number; mtime: number }[] = [];
    for await (const entry of Readable.from([file]).pipe(extract())) {
      const { name, size, mode, mtime } = entry.header;
      seen.push({ name, size, mode, mtime: mtime.getTime() });
      entry.resume();
    }
    const expected = membersOf(file).map(({ name, content }) => ({ name, size: content.length }));
    expect(seen).toEqual(expected.map((m) => ({ ...m, mode: 0o644, mtime: Date.UTC(2000, 0, 1) })));
  });
});

async function* failing(): AsyncGenerator<ObjectLines[]> {
  yield await Promise.resolve(objectsOf(1));
  throw new Error('the database went away');
}

describe('writing', () => {
  test.each([
    ['holds a line end', { header: '{}', body: '{\n}' }],
    ['is empty', { header: '', body: '{}' }],
    ['half a surrogate pair', { header: '{}', body: '"\ud800"' }],
  ])('refuses a line that %s, naming the object', async (reason, object) => {
    const failure = pack([...objectsOf(7), object]);
    await expect(failure).rejects.toThrow(reason);
    await expect(failure).rejects.toThrow('object 8');
    await expect(failure).rejects.toMatchObject({ code: 'invalidInput' });
  });

  test('stops at the limit, having written no more than it, and names it', async () => {
    const out = new PassThrough({ highWaterMark: 2 ** 30 });
    const objects = objectsOf(20, 1024 * 1024);
    const failure = writePackage(out, manifestOf(), batchesOf(objects, 1), { maxBytes: 5_000_000 });
    await expect(failure).rejects.toMatchObject({ code: 'tooLarge' });
    await expect(failure).rejects.toThrow('5000000 bytes');
    expect(out.destroyed).toBe(true);
    expect(out.readableLength).toBeLessThanOrEqual(5_000_000);
  });

  test('accepts a package of exactly the limit', async () => {
    const { file } = await pack(objectsOf(50));
    expect((await pack(objectsOf(50), manifestOf(), { maxBytes: file.length })).file.equals(file)).toBe(true);
    await expect(pack(objectsOf(50), manifestOf(), { maxBytes: file.length - 1 })).rejects.toThrow(PackageFileError);
  });

  test('refuses a manifest that breaks its schema, and leaves the output alone', async () => {
    const out = new PassThrough();
    const failure = writePackage(out, manifestOf({ packageId: 'x' }), batchesOf([]), { maxBytes: 2 ** 31 });
    await expect(failure).rejects.toThrow('packageId');
    expect(out.destroyed).toBe(false);
  });

  test('refuses another number of objects than the manifest announces', async () => {
    const counts = { entries: 4, content: 4, dependents: 0, ancestors: 0 };
    await expect(pack(objectsOf(3), manifestOf({ counts }))).rejects.toThrow('announces 4 objects, and 3');
  });

  test('fails with the error of its source, and closes it when the output fails', async () => {
    const out = new PassThrough();
    out.resume();
    await expect(writePackage(out, manifestOf(), failing(), { maxBytes: 2 ** 31 })).rejects.toThrow('went away');

    let isClosed = false;
    const objects = objectsOf(100, 100_000);
    async function* endless(): AsyncGenerator<ObjectLines[]> {
      try {
        for (;;) yield await Promise.resolve(objects);
      } finally {
        isClosed = true;
      }
    }
    const full = new PassThrough();
    full.on('data', (bytes: Buffer) => bytes.length > 100_000 && full.destroy(new Error('no space left')));
    await expect(writePackage(full, manifestOf(), endless(), { maxBytes: 2 ** 31 })).rejects.toThrow('no space left');
    expect(isClosed).toBe(true);
  });

  test('comes back from an abort only when nothing pulls from its source any more', async () => {
    const gate = Promise.withResolvers<void>();
    const states: string[] = [];
    async function* slow(): AsyncGenerator<ObjectLines[]> {
      try {
        states.push('pulled');
        await gate.promise;
        yield objectsOf(1);
      } finally {
        states.push('closed');
      }
    }
    const controller = new AbortController();
    const out = new PassThrough();
    out.resume();
    const failure = writePackage(out, manifestOf(), slow(), { maxBytes: 2 ** 31, signal: controller.signal });
    const settled = expect(failure).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => states).toContain('pulled');
    controller.abort();
    void failure.catch(() => states.push('back'));
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(states).toEqual(['pulled']);
    gate.resolve();
    await settled;
    expect(states).toEqual(['pulled', 'closed', 'back']);
  });

  test('asks for objects only as fast as the output takes them', async () => {
    let asked = 0;
    async function* counted(): AsyncGenerator<ObjectLines[]> {
      for (let i = 0; i < 60; i += 1) {
        asked += 1;
        yield await Promise.resolve(objectsOf(1, CHUNK_RAW_BYTES - 200));
      }
    }
    const out = new PassThrough();
    const written = writePackage(out, manifestOf(), counted(), { maxBytes: 2 ** 31 });
    await expect.poll(() => out.readableLength).toBeGreaterThan(0);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(asked).toBeLessThan(8);
    out.resume();
    expect((await written).objects).toBe(60);
  });

  test('reports progress after each chunk and can be aborted', async () => {
    const progress: number[] = [];
    await pack(objectsOf(CHUNK_OBJECTS + 10), manifestOf(), { onProgress: (p) => progress.push(p.objects) });
    expect(progress).toEqual([CHUNK_OBJECTS, CHUNK_OBJECTS + 10]);

    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const aborted = pack(objectsOf(3 * CHUNK_OBJECTS), manifestOf(), { signal: controller.signal, onProgress });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('reading', () => {
  test('can be aborted, also while the input stands still', async () => {
    const { file } = await pack(objectsOf(10));
    const controller = new AbortController();
    const input = new PassThrough();
    input.write(file.subarray(0, file.length - 2000));
    const { batches } = await readPackage(input, { signal: controller.signal });
    const first = batches().next();
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(input.destroyed).toBe(true);
  });

  test('destroys the input when it is left early, and fails with the error of the input', async () => {
    const { file } = await pack(objectsOf(3 * CHUNK_OBJECTS));
    const input = Readable.from([file]);
    for await (const _ of (await readPackage(input)).batches()) break;
    expect(input.destroyed).toBe(true);

    const broken = new Readable({ read: () => undefined });
    broken.push(file.subarray(0, 3000));
    const opened = await readPackage(broken);
    broken.destroy(new Error('the share is gone'));
    await expect(opened.batches().next()).rejects.toThrow('the share is gone');
  });

  test('gives the batches once only', async () => {
    const { batches } = await readPackage(Readable.from([(await pack([])).file]));
    for await (const _ of batches()) expect.unreachable();
    expect(() => batches()).toThrow('once only');
  });
});
