import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';

/** Bytes to read, and how many there are, null when nobody knows. */
export interface ByteSource {
  readonly bytes: Readable;
  readonly total: number | null;
}

/** A file, or standard input for `-`. */
export async function openSource(io: CliIo, file: string): Promise<ByteSource> {
  if (file === '-') return { bytes: io.stdin, total: null };
  const path = resolve(io.cwd, file);
  const info = await stat(path).catch((error: unknown) => {
    throw new UsageError(`The file ${path} cannot be read.`, error);
  });
  if (!info.isFile()) throw new UsageError(`${path} is not a file.`);
  return { bytes: createReadStream(path), total: info.size };
}

/** Passes bytes on and tells how many have passed. */
export async function* counting(
  bytes: AsyncIterable<Uint8Array | string>,
  onBytes: (total: number) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of bytes) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    total += part.length;
    yield part;
    onBytes(total);
  }
}

/**
 * Writes bytes to a file, or to standard output when there is none. A file appears whole or not at all: it is written
 * beside its place and renamed at the end.
 */
export async function writeOutput(
  io: CliIo,
  bytes: AsyncIterable<Uint8Array>,
  file: string | undefined,
): Promise<void> {
  const { signal } = io;
  if (file === undefined) {
    await pipeline(bytes, io.stdout, { end: false, signal });
    return;
  }
  const path = resolve(io.cwd, file);
  const partial = `${path}.partial`;
  try {
    await pipeline(bytes, createWriteStream(partial, { flush: true }), { signal });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw signal.aborted ? signal.reason : asWriteError(path, error);
  }
}

const WRONG_PLACE = new Set(['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR']);

/** A place where no file can be is a wrong call; what else goes wrong while writing stays as it is. */
function asWriteError(path: string, error: unknown): unknown {
  const isWrong = error instanceof Error && 'code' in error && WRONG_PLACE.has(String(error.code));
  return isWrong ? new UsageError(`The file ${path} cannot be written (${String(error.code)}).`, error) : error;
}
