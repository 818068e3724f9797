import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { AppError } from '@longshore/contracts';

/** Lets an upload through, counts and hashes it, and stops it at the first byte that was not announced. */
export class UploadMeter extends Transform {
  readonly #hash = createHash('sha256');
  readonly #announced: number;
  #size = 0;

  constructor(announced: number) {
    super();
    this.#announced = announced;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** 64 lower-case hex digits over all bytes; once only. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size > this.#announced) {
      done(new AppError('invalid', `size is ${this.#announced} bytes, and the uploaded file has more than that.`));
      return;
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }
}
