import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { ZstdOptions } from 'node:zlib';
import { PackageDamaged } from './errors.ts';
import { CHUNK_RATIO_ALLOWANCE, CHUNK_RAW_BYTES, MAX_CHUNK_RATIO, MAX_WINDOW_LOG } from './limits.ts';

/** Level 1 keeps up with everything that feeds it; level 3 would save two percent for a third of the speed. */
const LEVEL = 1;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The most that a chunk of `storedBytes` may inflate to by the ratio rule. */
export function ratioLimit(storedBytes: number): number {
  return storedBytes * MAX_CHUNK_RATIO + CHUNK_RATIO_ALLOWANCE;
}

/** Compresses the lines of a chunk to one zstd frame, on the thread pool. */
export async function deflateChunk(raw: Buffer): Promise<Buffer> {
  const stored = await compress(raw);
  return raw.length > ratioLimit(stored.length) ? storeRaw(raw) : stored;
}

function compress(raw: Buffer): Promise<Buffer> {
  const options: ZstdOptions = {
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: raw.length,
    // One buffer that takes the usual result whole: every further one costs a turn through the thread pool.
    chunkSize: Math.max(64 * 1024, Math.ceil(raw.length / 3)),
  };
  return new Promise((resolve, reject) => {
    zstdCompress(raw, options, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** A valid zstd frame of uncompressed blocks (RFC 8878, 3.1.1): window descriptor of 128 KiB, no size, no checksum. */
function storeRaw(raw: Buffer): Buffer {
  const blockBytes = 128 * 1024;
  const parts: Buffer[] = [ZSTD_MAGIC, Buffer.from([0x00, 0x38])];
  for (let start = 0; start < raw.length; start += blockBytes) {
    const block = raw.subarray(start, start + blockBytes);
    const isLast = start + blockBytes >= raw.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

/** The answer of `zstdDecompress` with `info: true`, which the type declarations do not know. */
interface InflateInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * Inflates one chunk on the thread pool, and stops as soon as it passes a limit.
 * @throws PackageDamaged
 */
export async function inflateChunk(name: string, stored: Buffer, objectBytes: number): Promise<Buffer> {
  if (!stored.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC))
    throw new PackageDamaged(name, 'it is not a zstd frame');
  const largest = Math.max(objectBytes, CHUNK_RAW_BYTES);
  const limit = Math.min(largest, ratioLimit(stored.length));
  let info: InflateInfo;
  try {
    info = await inflate(stored, limit);
  } catch (error) {
    throw new PackageDamaged(name, inflateProblem(error, { limit, largest, stored: stored.length }), { cause: error });
  }
  if (info.engine.bytesWritten !== stored.length) {
    throw new PackageDamaged(name, `${stored.length - info.engine.bytesWritten} bytes follow its zstd frame`);
  }
  return info.buffer;
}

function inflate(stored: Buffer, limit: number): Promise<InflateInfo> {
  const options: ZstdOptions = {
    params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
    maxOutputLength: limit,
    chunkSize: Math.min(limit, CHUNK_RAW_BYTES, Math.max(64 * 1024, stored.length * 6)),
    info: true,
  };
  return new Promise((resolve, reject) => {
    zstdDecompress(stored, options, (error, result) =>
      error ? reject(error) : resolve(result as unknown as InflateInfo),
    );
  });
}

interface InflateSizes {
  readonly limit: number;
  readonly largest: number;
  readonly stored: number;
}

function inflateProblem(error: unknown, sizes: InflateSizes): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    const rule = sizes.limit < sizes.largest ? `, ${MAX_CHUNK_RATIO} times what it is allowed to shrink,` : '';
    return `its ${sizes.stored} bytes inflate to more than ${sizes.limit} bytes${rule} which no honest chunk does`;
  }
  if (code === 'Z_BUF_ERROR') return 'its zstd frame is cut short';
  return `it cannot be inflated (${(error as Error).message})`;
}
