import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import type { PackageManifest } from '@longshore/contracts';
import { readPackage, writePackage } from '../src/index.ts';
import type { ObjectLines, PackageTotals, ReadOptions, WriteOptions, WrittenPackage } from '../src/index.ts';
import { END_OF_ARCHIVE, tarHeader, tarPadding } from '../src/tar-members.ts';

export function manifestOf(overrides: Partial<PackageManifest> = {}): PackageManifest {
  return {
    formatVersion: 1,
    platformVersion: '11.6.0700.00001',
    packageId: '35958BEB7C56491C9A43F7661501E177',
    kind: 'package',
    type: 'project',
    purpose: 'object_migration',
    name: 'Year with dependents',
    createdAt: '2026-03-16T07:38:40.125+0000',
    creator: { id: '54F3D26011D2896560009A8E67019608', name: 'Administrator' },
    environment: { id: 'http://127.0.0.1:8080/MicroStrategyLibrary', name: 'dev' },
    project: { id: 'B19DEDCC11D4E0EFC000EB9495D0F44F', name: 'MicroStrategy Tutorial' },
    settings: {
      updateSchema: ['recal_table_logical_size'],
      aclOnReplacingObjects: 'replace',
      aclOnNewObjects: ['inherit_acl_as_dest_folder'],
      defaultAction: 'replace',
    },
    ...overrides,
  };
}

/** Objects that differ from each other, as real ones do: about `bodyBytes` each. */
export function objectsOf(count: number, bodyBytes = 40): ObjectLines[] {
  return Array.from({ length: count }, (_, i) => ({
    header: `{"id":"${String(i).padStart(32, '0')}"}`,
    body: `{"n":${i},"text":"${textOf(i, bodyBytes)}"}`,
  }));
}

/** Text that hardly compresses; the same for the same seed. */
function textOf(seed: number, length: number): string {
  const digest = createHash('shake256', { outputLength: Math.ceil((length * 3) / 4) }).update(String(seed));
  return digest.digest('base64url').slice(0, length);
}

export async function* batchesOf(objects: readonly ObjectLines[], size = 100): AsyncGenerator<ObjectLines[]> {
  for (let i = 0; i < objects.length; i += size) yield await Promise.resolve(objects.slice(i, i + size));
}

export interface PackedFile {
  readonly file: Buffer;
  readonly written: WrittenPackage;
}

export async function pack(
  objects: readonly ObjectLines[],
  manifest = manifestOf(),
  options: Partial<WriteOptions> = {},
): Promise<PackedFile> {
  const out = new PassThrough();
  const file = out.toArray() as Promise<Buffer[]>;
  file.catch(() => undefined);
  const written = await writePackage(out, manifest, batchesOf(objects), { maxBytes: 2 ** 31, ...options });
  return { file: Buffer.concat(await file), written };
}

export interface UnpackedFile {
  readonly manifest: PackageManifest;
  readonly objects: ObjectLines[];
  readonly batchSizes: number[];
  readonly totals: PackageTotals;
}

export async function unpack(file: Buffer, options: ReadOptions = {}, portion = 64 * 1024): Promise<UnpackedFile> {
  const { manifest, batches } = await readPackage(Readable.from(portionsOf(file, portion)), options);
  const iterator = batches();
  const objects: ObjectLines[] = [];
  const batchSizes: number[] = [];
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return { manifest, objects, batchSizes, totals: next.value };
    objects.push(...next.value);
    batchSizes.push(next.value.length);
  }
}

function* portionsOf(file: Buffer, size: number): Generator<Buffer> {
  for (let i = 0; i < file.length; i += size) yield file.subarray(i, i + size);
}

/** An archive of any members, framed as the format frames them. */
export function archiveOf(members: readonly { name: string; content: Buffer }[], end = END_OF_ARCHIVE): Buffer {
  const parts = members.flatMap(({ name, content }) => [
    tarHeader({ name, size: content.length }),
    content,
    Buffer.alloc(tarPadding(content.length)),
  ]);
  return Buffer.concat([...parts, end]);
}

/** Takes a well-formed archive apart. */
export function membersOf(file: Buffer): { name: string; content: Buffer }[] {
  const members: { name: string; content: Buffer }[] = [];
  let at = 0;
  while (file[at] !== 0) {
    const name = file.toString('latin1', at, file.indexOf(0, at));
    const size = Number.parseInt(file.toString('latin1', at + 124, at + 135), 8);
    members.push({ name, content: file.subarray(at + 512, at + 512 + size) });
    at += 512 + size + tarPadding(size);
  }
  return members;
}
