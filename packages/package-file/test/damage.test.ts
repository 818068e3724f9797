import { constants, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { ChunkLines, PackageFileError, checkPlatformVersion } from '../src/index.ts';
import { DigestList, sha256 } from '../src/digests.ts';
import { END_OF_ARCHIVE, tarHeader } from '../src/tar-members.ts';
import { archiveOf, manifestOf, membersOf, objectsOf, pack, unpack } from './builders.ts';

const CHUNK = 'objects/000001.ndjson.zst';

/** A package whose digests are right, whatever its chunks are: what a hostile writer would make. */
function forged(chunks: readonly { name?: string; content: Buffer; objects?: number; rawBytes?: number }[]): Buffer {
  const manifest = Buffer.from(JSON.stringify(manifestOf()));
  const digests = new DigestList();
  digests.add({ name: 'manifest.json', bytes: manifest.length, sha256: sha256(manifest) });
  const members = chunks.map(({ name = CHUNK, content, objects = 1, rawBytes = 6 }) => {
    digests.add({ name, bytes: content.length, sha256: sha256(content), objects, rawBytes });
    return { name, content };
  });
  const all = [{ name: 'manifest.json', content: manifest }, ...members];
  return archiveOf([...all, { name: 'digests.json', content: digests.toBytes() }]);
}

const zstd = (text: string | Buffer, level = 1): Buffer =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: level } });

async function failureOf(file: Buffer): Promise<PackageFileError> {
  try {
    await unpack(file);
  } catch (error) {
    if (error instanceof PackageFileError) return error;
    throw error;
  }
  throw new Error('the damage was not detected');
}

describe('damage by accident', async () => {
  const { file } = await pack([...objectsOf(30), { header: '{}', body: `"${' '.repeat(100_000)}"` }]);

  test('a changed byte is found wherever it is', async () => {
    const position = fc.integer({ min: 0, max: file.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ mask;
        expect((await failureOf(changed)).message).not.toBe('');
      }),
      { numRuns: 400 },
    );
  });

  test('a changed byte is found in every byte of the frame around the content', async () => {
    const small = (await pack(objectsOf(1))).file;
    for (let at = 0; at < small.length; at += 1) {
      const changed = Buffer.from(small);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect((await failureOf(changed)).message, `byte ${at}`).not.toBe('');
    }
  });

  test('a missing end is found wherever the file is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
        const failure = await failureOf(file.subarray(0, length));
        expect(failure.code).toBe(length < 512 ? 'notAPackage' : 'damaged');
      }),
      { numRuns: 300 },
    );
  });

  test('bytes after the end are found', async () => {
    expect((await failureOf(Buffer.concat([file, Buffer.alloc(1)]))).message).toContain('further bytes');
  });

  test('bytes that were cut out of the middle are found', async () => {
    const at = fc.integer({ min: 0, max: file.length - 600 });
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 600 }), async (start, length) => {
        const cut = Buffer.concat([file.subarray(0, start), file.subarray(start + length)]);
        await failureOf(cut);
      }),
      { numRuns: 200 },
    );
  });
});

describe('damage names the member and the reason', async () => {
  const { file } = await pack(objectsOf(11_000));
  const members = membersOf(file);
  const [manifest, first, second, third, digests] = members as [M, M, M, M, M];
  type M = (typeof members)[number];

  test.each<[string, string, Buffer]>([
    ['without digests.json', 'archive', archiveOf([manifest, first, second, third])],
    ['objects/000002.ndjson.zst is missing', 'archive', archiveOf([manifest, first, third, digests])],
    ['objects/000001.ndjson.zst is missing', 'archive', archiveOf([manifest, second, first, third, digests])],
    [
      'lists objects/000003.ndjson.zst, which is missing',
      'digests.json',
      archiveOf([manifest, first, second, digests]),
    ],
    [
      'does not list objects/000004.ndjson.zst',
      'digests.json',
      archiveOf([...members.slice(0, 4), { ...first, name: 'objects/000004.ndjson.zst' }, digests]),
    ],
    [
      'do not have the digest',
      second.name,
      archiveOf([manifest, first, { ...second, content: first.content }, third, digests]),
    ],
    [
      '"readme.txt" does not belong',
      'archive',
      archiveOf([manifest, { name: 'readme.txt', content: Buffer.from('x') }, first, digests]),
    ],
    [
      'not a list of digests',
      'digests.json',
      archiveOf([manifest, first, second, third, { name: 'digests.json', content: Buffer.from('{}') }]),
    ],
    ['something else than its end', 'archive', archiveOf([...members, first])],
    ['its end is cut short', 'archive', archiveOf(members, END_OF_ARCHIVE.subarray(512))],
    [
      'is not JSON',
      'manifest.json',
      archiveOf([{ name: 'manifest.json', content: Buffer.from('{"a":') }, first, digests]),
    ],
    [
      '"creator"',
      'manifest.json',
      archiveOf([
        { name: 'manifest.json', content: Buffer.from(JSON.stringify({ ...manifestOf(), creator: 1 })) },
        digests,
      ]),
    ],
    [
      'claims',
      'archive',
      Buffer.concat([archiveOf([manifest], Buffer.alloc(0)), tarHeader({ name: first.name, size: 2 ** 32 })]),
    ],
  ])('%s', async (reason, member, damaged) => {
    const failure = await failureOf(damaged);
    expect(failure).toMatchObject({ code: 'damaged', member });
    expect(failure.message).toContain(reason);
    expect(failure.message).toContain('create the package again');
  });

  test('a changed manifest is named once the digests are read', async () => {
    const other = Buffer.from(manifest.content.toString().replace('Year', 'Gear'));
    const failure = await failureOf(archiveOf([{ ...manifest, content: other }, first, second, third, digests]));
    expect(failure).toMatchObject({ code: 'damaged', member: 'manifest.json' });
  });

  test.each([
    ['empty', Buffer.alloc(0)],
    ['not a tar', Buffer.from('PK'.repeat(2000))],
    ['instead of manifest.json', archiveOf([first, digests])],
  ])('a file that never was a package: %s', async (reason, other) => {
    const failure = await failureOf(other);
    expect(failure.code).toBe('notAPackage');
    expect(failure.message).toContain(reason);
  });
});

describe('packages made to harm', () => {
  test.each<[string, Buffer]>([
    ['not a zstd frame', Buffer.from('{}\n{}\n')],
    ['cut short', zstd('{}\n{}\n').subarray(0, -1)],
    ['bytes follow its zstd frame', Buffer.concat([zstd('{}\n{}\n'), zstd('{}\n{}\n')])],
    ['bytes follow its zstd frame', Buffer.concat([zstd('{}\n{}\n'), Buffer.from('x')])],
    ['odd number', zstd('{}\n{}\n{}\n')],
    ['last line has no end', zstd('{}\n{}')],
    ['line 3 is empty', zstd('{}\n{}\n\n{}\n')],
    ['holds no object', zstd('')],
    ['not UTF-8', zstd(Buffer.from([0x7b, 0xff, 0x0a, 0x7b, 0x0a]))],
    ['at most 5000', zstd('{}\n'.repeat(10_002))],
    [
      'only a single object',
      zstd(
        objectsOf(3, 2_000_000)
          .map((o) => `${o.header}\n${o.body}\n`)
          .join(''),
      ),
    ],
  ])('a chunk that is %s is refused although its digest is right', async (reason, content) => {
    const failure = await failureOf(forged([{ content }]));
    expect(failure).toMatchObject({ code: 'damaged', member: CHUNK });
    expect(failure.message).toContain(reason);
  });

  test.each([
    ['at most 5000', 4 * 1024 * 1024, 10_001],
    ['only a single object', 4 * 1024 * 1024 + 2, 3],
  ])('lines are not counted on where they are too many: %s', (reason, size, looked) => {
    const bytes = Buffer.alloc(size, 'a\n');
    const search = vi.spyOn(bytes, 'indexOf');
    expect(() => ChunkLines.split(CHUNK, bytes)).toThrow(reason);
    expect(search).toHaveBeenCalledTimes(looked);
  });

  test('a chunk that inflates beyond the ratio is stopped', async () => {
    const failure = await failureOf(forged([{ content: zstd(Buffer.alloc(60_000_000, ' '), 19) }]));
    expect(failure).toMatchObject({ code: 'damaged', member: CHUNK });
    expect(failure.message).toContain('inflate to more than');
  });

  test('a chunk that inflates beyond the absolute limit is stopped', async () => {
    const { file } = await pack(objectsOf(1, 6_000_000));
    const failure = unpack(file, { limits: { objectBytes: 5_000_000 } });
    await expect(failure).rejects.toMatchObject({ code: 'damaged', member: CHUNK });
    await expect(failure).rejects.toThrow('inflate to more than 5000000 bytes');
    await expect(unpack(file, { limits: { objectBytes: 7_000_000 } })).resolves.toBeDefined();
  });

  test('a frame that asks for a huge window is refused before memory is given', async () => {
    const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 };
    const content = zstdCompressSync(Buffer.from(objectsOf(1, 20_000_000)[0]?.body ?? ''), { params });
    expect((await failureOf(forged([{ content }]))).message).toContain('cannot be inflated');
  });

  test('a digests.json that is far too long is not parsed', async () => {
    const members = membersOf((await pack(objectsOf(1))).file).slice(0, -1);
    const content = Buffer.from(`{"members":[${'{},'.repeat(700_000)}{}]}`);
    const parse = vi.spyOn(JSON, 'parse');
    const failure = await failureOf(archiveOf([...members, { name: 'digests.json', content }]));
    const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();
    expect(failure).toMatchObject({ code: 'damaged', member: 'digests.json' });
    expect(failure.message).toContain(`it has ${content.length} bytes`);
    expect(longest).toBeLessThan(1024 * 1024);
  });

  test('counts that are wrong in digests.json are found', async () => {
    const failure = await failureOf(forged([{ content: zstd('{}\n{}\n'), objects: 2 }]));
    expect(failure).toMatchObject({ code: 'damaged', member: 'digests.json' });
  });

  test('a package with more bytes, lines or objects than allowed is refused', async () => {
    const { file } = await pack(objectsOf(6_000));
    const small = unpack(file, { limits: { packageBytes: file.length - 2000 } });
    await expect(small).rejects.toMatchObject({ code: 'tooLarge' });
    await expect(unpack(file, { limits: { rawBytes: 100_000 } })).rejects.toMatchObject({ code: 'tooLarge' });
    await expect(unpack(file, { limits: { packageBytes: file.length } })).resolves.toBeDefined();
  });
});

describe('versions', () => {
  test('a newer format version is refused as too new, whatever else it changed', async () => {
    const content = Buffer.from('{"formatVersion":2,"everything":"else"}');
    const failure = await failureOf(archiveOf([{ name: 'manifest.json', content }]));
    expect(failure).toMatchObject({ code: 'tooNew' });
    expect(failure.message).toContain('format version 2');
  });

  test.each(['11.6.0700.00002', '11.6.0800.00001', '11.10.0', '12.0'])('platform version %s is newer', (version) => {
    expect(() => checkPlatformVersion(version, '11.6.0700.00001')).toThrow(
      `${version}, and this environment runs 11.6`,
    );
  });

  test.each(['11.6.0700.00001', '11.6.0700', '11.5.9999.99999', '10.11'])('platform version %s is not', (version) => {
    expect(() => checkPlatformVersion(version, '11.6.0700.00001')).not.toThrow();
  });
});
