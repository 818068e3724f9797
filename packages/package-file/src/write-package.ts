import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findManifestProblem } from '@longshore/contracts';
import type { PackageManifest } from '@longshore/contracts';
import { canonicalJson } from '@longshore/domain';
import type { JsonObject } from '@longshore/domain';
import { deflateChunk } from './chunk-codec.ts';
import { cutChunks } from './chunk-lines.ts';
import type { LinesBatch, RawChunk } from './chunk-lines.ts';
import { DIGESTS_NAME, DigestList, MANIFEST_NAME, chunkName, sha256 } from './digests.ts';
import { PackageInputInvalid, PackageTooLarge } from './errors.ts';
import { DEFAULT_LIMITS, MAX_CHUNKS, MAX_MANIFEST_BYTES } from './limits.ts';
import { END_OF_ARCHIVE, tarHeader, tarPadding } from './tar-members.ts';

export interface WriteProgress {
  /** Objects written so far. */
  readonly objects: number;
  /** Bytes of the file so far. */
  readonly bytes: number;
}

export interface WriteOptions {
  /** The largest file allowed, `MAX_PACKAGE_BYTES` unless an administrator set less. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Called after each chunk. */
  readonly onProgress?: (progress: WriteProgress) => void;
}

export interface WrittenPackage {
  readonly bytes: number;
  readonly objects: number;
}

/**
 * Writes a package or undo package to `out` and ends it. The lines go in as they are, in the order given. Equal input
 * gives equal bytes. When it throws, `batches` is closed, `out` is destroyed and what was written is worthless; nothing is thrown before
 * `out` is touched but `PackageInputInvalid` for a manifest that breaks its schema.
 * @throws PackageTooLarge, PackageInputInvalid, AbortError, and whatever `batches` or `out` fail with
 */
export async function writePackage(
  out: Writable,
  manifest: PackageManifest,
  batches: AsyncIterable<LinesBatch>,
  options: WriteOptions,
): Promise<WrittenPackage> {
  const content = manifestBytes(manifest);
  const archive = new ArchiveWriter(options.maxBytes);
  const members = writeMembers(archive, { content, expected: manifest.counts?.entries }, batches, options.onProgress);
  // It settles only when nothing pulls from `batches` any more; the caller may close its database next.
  await pipeline(members, out, options.signal ? { signal: options.signal } : {});
  return archive.finish();
}

function manifestBytes(manifest: PackageManifest): Buffer {
  const problem = findManifestProblem(manifest);
  if (problem !== undefined)
    throw new PackageInputInvalid(`The manifest of the package cannot be written: ${problem}.`);
  const bytes = Buffer.from(canonicalJson(manifest as unknown as JsonObject));
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new PackageInputInvalid(
      `The manifest of the package has ${bytes.length} bytes, of at most ${MAX_MANIFEST_BYTES}.`,
    );
  }
  return bytes;
}

/** Frames members as tar and keeps account of them: bytes and digests. */
class ArchiveWriter {
  readonly digests = new DigestList();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The buffers of one member, in order. */
  member(name: string, content: Buffer): Buffer[] {
    return this.#account([
      tarHeader({ name, size: content.length }),
      content,
      Buffer.alloc(tarPadding(content.length)),
    ]);
  }

  end(): Buffer[] {
    return this.#account([END_OF_ARCHIVE]);
  }

  finish(): WrittenPackage {
    return { bytes: this.#bytes, objects: this.digests.objects };
  }

  #account(buffers: Buffer[]): Buffer[] {
    for (const buffer of buffers) this.#bytes += buffer.length;
    if (this.#bytes > this.#maxBytes) {
      throw new PackageTooLarge(`The package would be larger than the limit of ${this.#maxBytes} bytes.`);
    }
    return buffers;
  }
}

async function* writeMembers(
  archive: ArchiveWriter,
  manifest: { readonly content: Buffer; readonly expected: number | undefined },
  batches: AsyncIterable<LinesBatch>,
  onProgress: WriteOptions['onProgress'],
): AsyncGenerator<Buffer, void, undefined> {
  const { content, expected } = manifest;
  yield* archive.member(MANIFEST_NAME, content);
  archive.digests.add({ name: MANIFEST_NAME, bytes: content.length, sha256: sha256(content) });
  let chunks = 0;
  for await (const { stored, objects, rawBytes } of deflateAhead(cutChunks(batches, DEFAULT_LIMITS.objectBytes))) {
    chunks += 1;
    const name = chunkName(chunks);
    archive.digests.add({ name, bytes: stored.length, sha256: sha256(stored), objects, rawBytes });
    checkChunkLimits(chunks, archive.digests.rawBytes);
    yield* archive.member(name, stored);
    onProgress?.({ objects: archive.digests.objects, bytes: archive.bytes });
  }
  if (expected !== undefined && expected !== archive.digests.objects) {
    throw new PackageInputInvalid(
      `The manifest announces ${expected} objects, and ${archive.digests.objects} were given to be written.`,
    );
  }
  yield* archive.member(DIGESTS_NAME, archive.digests.toBytes());
  yield* archive.end();
}

/** A writer must not make what its reader refuses. */
function checkChunkLimits(chunks: number, rawBytes: number): void {
  if (chunks > MAX_CHUNKS) throw new PackageTooLarge(`The package would have more than ${MAX_CHUNKS} chunks.`);
  if (rawBytes > DEFAULT_LIMITS.rawBytes) {
    throw new PackageTooLarge(`The objects of the package have more than ${DEFAULT_LIMITS.rawBytes} bytes in all.`);
  }
}

interface DeflatedChunk {
  readonly stored: Buffer;
  readonly objects: number;
  readonly rawBytes: number;
}

/** The lines are given back at once: left to the collector, those of many chunks would be in memory. */
async function deflate({ bytes, objects }: RawChunk): Promise<DeflatedChunk> {
  const rawBytes = bytes.length;
  const stored = await deflateChunk(bytes);
  (bytes.buffer as ArrayBuffer).transfer(0);
  return { stored, objects, rawBytes };
}

/** Compresses one chunk on the thread pool while the next one is gathered. */
async function* deflateAhead(chunks: AsyncIterable<RawChunk>): AsyncGenerator<DeflatedChunk, void, undefined> {
  let ahead: Promise<DeflatedChunk> | undefined;
  for await (const raw of chunks) {
    const ready = ahead ? await ahead : undefined;
    ahead = deflate(raw);
    // It is awaited one turn later; when the source fails before, its own failure must not count as unhandled.
    ahead.catch(() => undefined);
    if (ready) yield ready;
  }
  if (ahead) yield await ahead;
}
