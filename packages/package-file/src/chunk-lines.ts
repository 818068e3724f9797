import { isAscii, isUtf8 } from 'node:buffer';
import { PackageDamaged, PackageInputInvalid, PackageTooLarge } from './errors.ts';
import { CHUNK_OBJECTS, CHUNK_RAW_BYTES, DEFAULT_LIMITS } from './limits.ts';
import { release } from './release.ts';

const LINE_END = 0x0a;

/** One object of a package: its header line and its definition line, both without the line end. */
export interface ObjectLines {
  readonly header: string;
  readonly body: string;
}

/** Lines of several objects as bytes, which may have been made in another thread. Whoever is given them takes them over. */
export interface PackedLines {
  /** The lines of all objects, each with its line end. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the lines of each object end. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Objects as they are given to a writer. */
export type LinesBatch = readonly ObjectLines[] | PackedLines;

/** Where objects stand in a package, and how large one may be. */
export interface PackedPlace {
  /** Number of the first object in the package, from 1: errors name it. */
  readonly first: number;
  /** Absent: what every reader accepts. */
  readonly objectBytes?: number;
}

/**
 * Makes bytes of objects; they are checked as a writer checks them.
 * @throws PackageTooLarge, PackageInputInvalid
 */
export function packLines(
  objects: readonly ObjectLines[],
  { first, objectBytes = DEFAULT_LIMITS.objectBytes }: PackedPlace,
): PackedLines {
  const ends = new Uint32Array(objects.length);
  let size = 0;
  for (const [index, object] of objects.entries()) ends[index] = size += measure(object, first + index, objectBytes);
  // Not from the pool of small buffers: the memory is handed from thread to thread.
  const buffer = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const object of objects) at = writeLines(buffer, at, object);
  return { bytes: buffer, ends };
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
  batches: AsyncIterable<LinesBatch>,
  objectBytes: number,
): AsyncGenerator<RawChunk, void, undefined> {
  let chunk: OpenChunk | undefined;
  let seen = 0;
  for await (const batch of batches) {
    const whole = 'bytes' in batch ? wholeOf(batch) : undefined;
    const parts = whole && chunk?.hasRoom(whole) ? [whole] : sized(batch, { first: seen + 1, objectBytes });
    for (const part of parts) {
      seen += part.objects;
      if (chunk && !chunk.hasRoom(part)) {
        yield chunk.close();
        chunk = undefined;
      }
      chunk ??= new OpenChunk(part.size);
      chunk.add(part);
    }
    // Left to the collector, the bytes of many batches would be in memory.
    if ('bytes' in batch) release(batch.bytes);
  }
  if (chunk) yield chunk.close();
}

/** Lines that go into one chunk, and how many bytes they have with their line ends. */
interface SizedLines {
  readonly size: number;
  readonly objects: number;
  readonly lines: ObjectLines | Uint8Array;
}

/** Most batches go into a chunk as they are. */
const wholeOf = ({ bytes, ends }: PackedLines): SizedLines => ({
  size: bytes.length,
  objects: ends.length,
  lines: bytes,
});

/** One object after another. */
function* sized(
  batch: LinesBatch,
  { first, objectBytes }: Required<PackedPlace>,
): Generator<SizedLines, void, undefined> {
  if ('bytes' in batch) {
    let start = 0;
    for (const end of batch.ends) {
      yield { size: end - start, objects: 1, lines: batch.bytes.subarray(start, end) };
      start = end;
    }
    return;
  }
  for (const [index, lines] of batch.entries()) {
    yield { size: measure(lines, first + index, objectBytes), objects: 1, lines };
  }
}

/** Lines become bytes at once: kept as strings until their chunk is full, they would grow old before they are let go of. */
class OpenChunk {
  readonly #bytes: Buffer;
  #size = 0;
  #objects = 0;

  constructor(firstBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK_RAW_BYTES, firstBytes));
  }

  hasRoom({ size, objects }: SizedLines): boolean {
    return this.#size + size <= CHUNK_RAW_BYTES && this.#objects + objects <= CHUNK_OBJECTS;
  }

  add({ lines, size, objects }: SizedLines): void {
    if (lines instanceof Uint8Array) this.#bytes.set(lines, this.#size);
    else writeLines(this.#bytes, this.#size, lines);
    this.#size += size;
    this.#objects += objects;
  }

  close(): RawChunk {
    return { bytes: this.#bytes.subarray(0, this.#size), objects: this.#objects };
  }
}

/** Writes the two lines of an object; returns where they end. */
function writeLines(target: Buffer, start: number, { header, body }: ObjectLines): number {
  return writeLine(target, writeLine(target, start, header), body);
}

function writeLine(target: Buffer, start: number, line: string): number {
  const end = start + target.write(line, start);
  target[end] = LINE_END;
  return end + 1;
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
 * Objects that become text at a time. What is made of them is to be gone before the next collection of young objects:
 * what outlives that fills the memory until the next large one.
 */
const PART_OBJECTS = 100;

/** From this size on, the memory of a chunk is given back as soon as it is read, and not some time later. */
const RELEASED_FROM_BYTES = 64 * 1024;

/** The lines of a chunk as they go to another thread: the memory behind `bytes` and `ends` is to be moved. */
export interface MovedLines {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly isAscii: boolean;
}

/** The inflated bytes of one chunk, cut into lines that become text only when they are asked for. */
export class ChunkLines {
  readonly #buffer: Buffer;
  /** Where each line ends. */
  readonly #ends: Uint32Array<ArrayBuffer>;
  readonly #isAscii: boolean;

  private constructor(buffer: Buffer, ends: Uint32Array<ArrayBuffer>, isAsciiText: boolean) {
    this.#buffer = buffer;
    this.#ends = ends;
    this.#isAscii = isAsciiText;
  }

  /**
   * Takes over `buffer`, which nobody else may use any more; the lines are not parsed.
   * @throws PackageDamaged
   */
  static split(name: string, buffer: Buffer): ChunkLines {
    if (!isUtf8(buffer)) throw new PackageDamaged(name, 'its text is not UTF-8');
    const ends = lineEnds(name, buffer);
    return new ChunkLines(buffer, Uint32Array.from(ends), isAscii(buffer));
  }

  /** The lines that another thread has given away. */
  static arrived({ bytes, ends, isAscii }: MovedLines): ChunkLines {
    return new ChunkLines(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), ends, isAscii);
  }

  /** What to move to another thread; from then on nothing can be asked of these lines any more. */
  leave(): MovedLines {
    const bytes = this.#hasOwnMemory() ? (this.#buffer as Buffer<ArrayBuffer>) : new Uint8Array(this.#buffer);
    return { bytes, ends: this.#ends, isAscii: this.#isAscii };
  }

  /** Of all lines with their ends. */
  get bytes(): number {
    const last = this.#ends.at(-1);
    return last === undefined ? 0 : last + 1;
  }

  get objects(): number {
    return this.#ends.length / 2;
  }

  /** The object at a place, of which the first is 0. */
  at(place: number): ObjectLines | undefined {
    if (place < 0 || place >= this.objects) return undefined;
    return { header: this.headerAt(place), body: this.bodyAt(place) };
  }

  headerAt(place: number): string {
    return this.#textOf(2 * place);
  }

  bodyAt(place: number): string {
    return this.#textOf(2 * place + 1);
  }

  /** A view of the bytes of the definition line. */
  bodyBytesAt(place: number): Buffer {
    return this.#buffer.subarray(this.#startOf(2 * place + 1), this.#ends[2 * place + 1]);
  }

  /** All objects in their order, in parts. May be called once: at its end the bytes are gone. */
  *parts(): Generator<readonly ObjectLines[], void, undefined> {
    for (const { start, end } of this.partBounds()) {
      const part: ObjectLines[] = [];
      for (let place = start; place < end; place += 1) {
        part.push({ header: this.headerAt(place), body: this.bodyAt(place) });
      }
      if (end === this.objects) this.release();
      yield part;
    }
  }

  /** Where the parts begin, and where they end. */
  *partBounds(): Generator<{ readonly start: number; readonly end: number }, void, undefined> {
    for (let start = 0; start < this.objects; start += PART_OBJECTS) {
      yield { start, end: Math.min(start + PART_OBJECTS, this.objects) };
    }
  }

  /** Gives the memory back; nothing can be asked of these lines any more. */
  release(): void {
    if (this.#hasOwnMemory()) (this.#buffer.buffer as ArrayBuffer).transfer(0);
  }

  #textOf(line: number): string {
    return this.#buffer.toString(this.#isAscii ? 'latin1' : 'utf8', this.#startOf(line), this.#ends[line]);
  }

  #startOf(line: number): number {
    return line === 0 ? 0 : (this.#ends[line - 1] ?? 0) + 1;
  }

  /** Small buffers may share theirs with others. */
  #hasOwnMemory(): boolean {
    return this.#buffer.length >= RELEASED_FROM_BYTES;
  }
}

/** Gives up at the first line that is too many: who sends short lines for long ones would have millions of them counted. */
function lineEnds(name: string, bytes: Buffer): number[] {
  const most = bytes.length > CHUNK_RAW_BYTES ? 2 : 2 * CHUNK_OBJECTS;
  const ends: number[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_END, start);
    if (end < 0) throw new PackageDamaged(name, 'its last line has no end');
    if (end === start) throw new PackageDamaged(name, `line ${ends.length + 1} is empty`);
    if (ends.length === most) throw tooManyLines(name, bytes.length);
    ends.push(end);
    start = end + 1;
  }
  if (ends.length === 0) throw new PackageDamaged(name, 'it holds no object');
  if (ends.length % 2 !== 0) {
    throw new PackageDamaged(name, `it has ${ends.length} lines, an odd number, so an object lacks a line`);
  }
  return ends;
}

function tooManyLines(name: string, size: number): PackageDamaged {
  return new PackageDamaged(
    name,
    size > CHUNK_RAW_BYTES
      ? `it holds ${size} bytes of lines, and only a single object may be so large`
      : `it holds more objects than a chunk may, which are at most ${CHUNK_OBJECTS}`,
  );
}
