import type { Readable } from 'node:stream';

/** The input ended before the bytes that were asked for. */
export class InputEnded extends Error {
  /** How many of the bytes asked for were there. */
  readonly available: number;

  constructor(available: number) {
    super('The input ended');
    this.available = available;
  }
}

/** Reads a stream in exact portions. Nothing is pulled from the stream before it is asked for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #current: Buffer = Buffer.alloc(0);
  #consumed = 0;

  constructor(input: Readable) {
    this.#chunks = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Bytes handed out so far. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Exactly `size` bytes. @throws InputEnded */
  async read(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      if (this.#current.length === 0 && !(await this.#pull())) throw new InputEnded(size - missing);
      const part = this.#current.subarray(0, missing);
      this.#current = this.#current.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    this.#consumed += size;
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /** True when no byte is left. */
  async isAtEnd(): Promise<boolean> {
    return this.#current.length === 0 && !(await this.#pull());
  }

  /** Lets go of the stream, which destroys it. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Fetches the next bytes that are not empty; false at the end. */
  async #pull(): Promise<boolean> {
    while (this.#current.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#current = next.value;
    }
    return true;
  }
}
