import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { findManifestProblem, PACKAGE_FORMAT_VERSION } from '@longshore/contracts';
import type { PackageManifest } from '@longshore/contracts';
import { ArchiveReader } from './archive-reader.ts';
import type { ArchiveMember } from './archive-reader.ts';
import { inflateChunk } from './chunk-codec.ts';
import { ChunkLines } from './chunk-lines.ts';
import type { ObjectLines } from './chunk-lines.ts';
import { DIGESTS_NAME, DigestList, MANIFEST_NAME, chunkName, isChunkName, sha256 } from './digests.ts';
import { findDigestProblem } from './digest-check.ts';
import { ARCHIVE, PackageDamaged, PackageTooLarge, PackageTooNew } from './errors.ts';
import { CHUNK_RAW_BYTES, DEFAULT_LIMITS, MAX_CHUNKS, MAX_MANIFEST_BYTES } from './limits.ts';
import type { PackageLimits } from './limits.ts';
import { release } from './release.ts';

export interface ReadOptions {
  readonly limits?: Partial<PackageLimits>;
  readonly signal?: AbortSignal;
}

/** What was read, known once every byte is verified. */
export interface PackageTotals {
  /** Bytes of the whole file. */
  readonly bytes: number;
  readonly objects: number;
  /** Bytes of all lines. */
  readonly rawBytes: number;
  /** SHA-256 of `digests.json`, in hex: equal for files that are equal byte for byte, and for no others. */
  readonly digest: string;
}

export interface OpenPackage {
  /** Well formed, but not yet verified: it is only once `batches()` has come to its end. */
  readonly manifest: PackageManifest;
  /**
   * The objects in the order of the file, in batches of at most 100 objects, and of at most 4 MiB unless a single object
   * is larger. May be called once. It ends normally only when every digest is verified and nothing follows;
   * whatever was taken from it before is to be thrown away when it throws. Leaving it early destroys the input.
   * @throws PackageDamaged, PackageTooLarge, AbortError, and whatever the input fails with
   */
  readonly batches: () => AsyncGenerator<readonly ObjectLines[], PackageTotals, undefined>;
  /** The same in whole chunks, in the place of `batches()`. A chunk's memory is its taker's. */
  readonly chunks: () => AsyncGenerator<ChunkLines, PackageTotals, undefined>;
}

/**
 * Opens a package or undo package and reads its manifest. Nothing is read ahead of what is asked for but one chunk.
 * The input is destroyed when reading ends or fails; who opens a package and never calls `batches()` destroys it.
 * @throws NotAPackage, PackageDamaged, PackageTooNew, PackageTooLarge, AbortError, and whatever the input fails with
 */
export async function readPackage(input: Readable, options: ReadOptions = {}): Promise<OpenPackage> {
  if (options.signal) addAbortSignal(options.signal, input);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const archive = new ArchiveReader(input, limits.packageBytes, options.signal);
  try {
    const member = await archive.first(MANIFEST_NAME, MAX_MANIFEST_BYTES);
    const manifest = parseManifest(member.content);
    const digests = new DigestList();
    digests.add({ name: member.name, bytes: member.content.length, sha256: sha256(member.content) });
    let isTaken = false;
    const chunks = (): AsyncGenerator<ChunkLines, PackageTotals, undefined> => {
      if (isTaken) throw new Error('batches() of a package can be read once only');
      isTaken = true;
      return oneAhead(readChunks(archive, manifest, digests, limits));
    };
    return { manifest, chunks, batches: () => inParts(chunks()) };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

function parseManifest(content: Buffer): PackageManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    throw new PackageDamaged(MANIFEST_NAME, 'it is not JSON', { cause: error });
  }
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === 'number' && Number.isInteger(version) && version > PACKAGE_FORMAT_VERSION) {
    throw new PackageTooNew(
      `The package has format version ${version}, and this server reads up to version ${PACKAGE_FORMAT_VERSION}.`,
    );
  }
  const problem = findManifestProblem(value);
  if (problem !== undefined) throw new PackageDamaged(MANIFEST_NAME, problem);
  return value as PackageManifest;
}

async function* readChunks(
  archive: ArchiveReader,
  manifest: PackageManifest,
  digests: DigestList,
  limits: PackageLimits,
): AsyncGenerator<ChunkLines, PackageTotals, undefined> {
  // A chunk that is stored uncompressed is a little larger than its lines.
  const storedLimit = Math.max(limits.objectBytes, CHUNK_RAW_BYTES) + 64 * 1024;
  try {
    for (let number = 1; ; number += 1) {
      const member = await archive.next(storedLimit);
      if (member.name === DIGESTS_NAME) {
        verifyDigests(member, digests, manifest);
        await archive.finish();
        const { objects, rawBytes } = digests;
        return { bytes: archive.bytes, objects, rawBytes, digest: sha256(member.content) };
      }
      checkOrder(member.name, number);
      const raw = await inflateChunk(member.name, member.content, limits.objectBytes);
      const chunk = ChunkLines.split(member.name, raw);
      const { name, content } = member;
      const { objects, bytes: rawBytes } = chunk;
      const digest = { bytes: content.length, sha256: sha256(content), objects, rawBytes };
      digests.add({ name, ...digest });
      release(content);
      if (digests.rawBytes > limits.rawBytes) {
        throw new PackageTooLarge(`The objects of the package have more than ${limits.rawBytes} bytes in all.`);
      }
      yield chunk;
    }
  } finally {
    await archive.close();
  }
}

function checkOrder(name: string, number: number): void {
  if (number > MAX_CHUNKS) throw new PackageTooLarge(`The package has more than ${MAX_CHUNKS} chunks.`);
  const expected = chunkName(number);
  if (name === expected) return;
  const shown = JSON.stringify(name);
  throw new PackageDamaged(
    ARCHIVE,
    isChunkName(name)
      ? `member ${shown} is out of order: ${expected} is missing before it`
      : `member ${shown} does not belong where ${expected} or ${DIGESTS_NAME} was expected`,
  );
}

function verifyDigests(member: ArchiveMember, digests: DigestList, manifest: PackageManifest): void {
  const expected = digests.toBytes();
  if (!member.content.equals(expected)) {
    const problem = findDigestProblem(member.content, { members: digests.members, bytes: expected.length });
    throw new PackageDamaged(problem.member, problem.reason);
  }
  const announced = manifest.counts?.entries;
  if (announced !== undefined && announced !== digests.objects) {
    throw new PackageDamaged(
      MANIFEST_NAME,
      `it announces ${announced} objects, and the package holds ${digests.objects}`,
    );
  }
}

async function* inParts(
  chunks: AsyncGenerator<ChunkLines, PackageTotals, undefined>,
): AsyncGenerator<readonly ObjectLines[], PackageTotals, undefined> {
  try {
    for (;;) {
      const chunk = await chunks.next();
      if (chunk.done === true) return chunk.value;
      yield* chunk.value.parts();
    }
  } finally {
    await chunks.return(undefined as never);
  }
}

/** Inflates the next chunk on the thread pool while the caller works on the one before. */
async function* oneAhead<T, R>(source: AsyncGenerator<T, R, undefined>): AsyncGenerator<T, R, undefined> {
  const pull = (): Promise<IteratorResult<T, R>> => {
    const next = source.next();
    // It is awaited when the caller asks for it; until then a failure must not count as unhandled.
    next.catch(() => undefined);
    return next;
  };
  try {
    let ahead = pull();
    for (;;) {
      const result = await ahead;
      if (result.done === true) return result.value;
      ahead = pull();
      yield result.value;
    }
  } finally {
    await source.return(undefined as never);
  }
}
