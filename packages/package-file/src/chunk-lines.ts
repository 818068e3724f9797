import { isUtf8 } from 'node:buffer';
import { PackageDamaged, PackageInputInvalid, PackageTooLarge } from './errors.ts';
import { CHUNK_OBJECTS, CHUNK_RAW_BYTES } from './limits.ts';

const LINE_END = 0x0a;

/** One object of a package: its header line and its definition line, both without the line end. */
export interface ObjectLines {
  readonly header: string;
  readonly body: string;
}

/** The lines of one chunk as bytes, ready to be compressed. */
export interface RawChunk {
  readonly bytes: Buffer;
  readonly objects: number;
}

/**
 * Cuts objects into chunks. Where a chunk ends depends on the objects alone, not on how they were batched, so that
 * equal content gives equal files.
 */
export async function* cutChunks(
  batches: AsyncIterable<readonly ObjectLines[]>,
  objectBytes: number,
): AsyncGenerator<RawChunk, void, undefined> {
  let lines: string[] = [];
  let size = 0;
  let seen = 0;
  for await (const batch of batches) {
    for (const object of batch) {
      seen += 1;
      const bytes = measure(object, seen, objectBytes);
      if (lines.length > 0 && (size + bytes > CHUNK_RAW_BYTES || lines.length === 2 * CHUNK_OBJECTS)) {
        yield toRawChunk(lines, size);
        lines = [];
        size = 0;
      }
      lines.push(object.header, object.body);
      size += bytes;
    }
  }
  if (lines.length > 0) yield toRawChunk(lines, size);
}

/** Writes the lines straight into their buffer: a joined string would be a second and third copy of the chunk. */
function toRawChunk(lines: readonly string[], size: number): RawChunk {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const line of lines) {
    at += bytes.write(line, at);
    bytes[at] = LINE_END;
    at += 1;
  }
  return { bytes, objects: lines.length / 2 };
}

/** Bytes of the two lines with their ends, once it is sure that they can be read back as they are. */
function measure(object: ObjectLines, number: number, objectBytes: number): number {
  checkLine(object.header, 'header', number);
  checkLine(object.body, 'definition', number);
  const bytes = Buffer.byteLength(object.header) + Buffer.byteLength(object.body) + 2;
  if (bytes > objectBytes) {
    throw new PackageTooLarge(
      `Object ${number} of the package (${object.header.slice(0, 200)}) has ${bytes} bytes, ` +
        `and one object may have at most ${objectBytes}.`,
    );
  }
  return bytes;
}

function checkLine(line: string, part: string, number: number): void {
  const fault =
    line === ''
      ? 'is empty'
      : line.includes('\n')
        ? 'holds a line end'
        : line.isWellFormed()
          ? undefined
          : 'holds half a surrogate pair, which has no UTF-8 form';
  if (fault === undefined) return;
  throw new PackageInputInvalid(`The ${part} line of object ${number} of the package ${fault}: ${line.slice(0, 200)}`);
}

/**
 * Splits the inflated bytes of a chunk into objects; the lines are not parsed.
 * @throws PackageDamaged
 */
export function splitChunk(name: string, bytes: Buffer): ObjectLines[] {
  if (!isUtf8(bytes)) throw new PackageDamaged(name, 'its text is not UTF-8');
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') throw new PackageDamaged(name, 'its last line has no end');
  if (lines.length === 0) throw new PackageDamaged(name, 'it holds no object');
  if (lines.length % 2 !== 0) {
    throw new PackageDamaged(name, `it has ${lines.length} lines, an odd number, so an object lacks a line`);
  }
  const objects: ObjectLines[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    const header = lines[i] ?? '';
    const body = lines[i + 1] ?? '';
    if (header === '' || body === '') throw new PackageDamaged(name, `line ${header === '' ? i + 1 : i + 2} is empty`);
    objects.push({ header, body });
  }
  if (objects.length > CHUNK_OBJECTS) {
    throw new PackageDamaged(name, `it holds ${objects.length} objects, and a chunk holds at most ${CHUNK_OBJECTS}`);
  }
  if (bytes.length > CHUNK_RAW_BYTES && objects.length > 1) {
    throw new PackageDamaged(name, `it holds ${bytes.length} bytes of lines, and only a single object may be so large`);
  }
  return objects;
}
