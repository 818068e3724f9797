/** Longest line of the load format, in bytes; what is longer is refused before it is all in memory. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

export class LineTooLongError extends Error {
  constructor() {
    super(`is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`);
    this.name = 'LineTooLongError';
  }
}

/** Cuts bytes that come in chunks of any size into lines of UTF-8 text. Holds one unfinished line. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(maxBytes = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The lines that this chunk completes, without their ends.
   * @throws LineTooLongError, or TypeError for bytes that are not UTF-8, at the line where it is found
   */
  *push(chunk: Uint8Array): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield this.#complete(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The last line, when it has no end of its own. */
  *end(): Generator<string> {
    if (this.#pendingBytes > 0) yield this.#complete(new Uint8Array(0));
  }

  #keep(part: Uint8Array): void {
    this.#pending.push(part);
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > this.#maxBytes) throw new LineTooLongError();
  }

  #complete(last: Uint8Array): string {
    if (this.#pendingBytes === 0) return this.#decode(last);
    this.#keep(last);
    const line = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return this.#decode(line);
  }

  #decode(line: Uint8Array): string {
    if (line.length > this.#maxBytes) throw new LineTooLongError();
    return this.#decoder.decode(line.at(-1) === 0x0d ? line.subarray(0, -1) : line);
  }
}
