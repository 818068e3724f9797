import type { FileHandle } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { callbackify } from 'node:util';
import { fileUnreadable, fileUnwritable } from './store-errors.ts';

const READ_BYTES = 256 * 1024;

/** Reads a file from its start; the handle is closed with the stream. Failures have the text that clients know. */
export function readFrom(handle: FileHandle): Readable {
  const read = callbackify(() => readSome(handle));
  const close = callbackify(() => handle.close());
  return new Readable({
    highWaterMark: READ_BYTES,
    read() {
      read((error, bytes) => {
        if (error) this.destroy(fileUnreadable(error));
        else this.push(bytes.length === 0 ? null : bytes);
      });
    },
    destroy(error, done) {
      close((failure) => done(error ?? (failure ? fileUnreadable(failure) : null)));
    },
  });
}

async function readSome(handle: FileHandle): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, null);
  return buffer.subarray(0, bytesRead);
}

/** Bytes from a place on; fewer than asked for where the file ends. */
export async function readAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(buffer, at, length - at, start + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}

/** Writes to a file, which stays open for its owner to sync and close. Failures have the text that clients know. */
export function writeTo(handle: FileHandle): Writable {
  const write = callbackify((bytes: Buffer) => writeAll(handle, bytes));
  return new Writable({
    highWaterMark: READ_BYTES,
    write(chunk: Buffer, _encoding, done) {
      write(chunk, (error) => done(error ? fileUnwritable(error) : null));
    },
  });
}

/** A full disk shows as a short write before it shows as an error. */
async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, null);
    at += bytesWritten;
  }
}
