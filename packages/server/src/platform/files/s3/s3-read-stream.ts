import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { callbackify } from 'node:util';
import type { OpenObject, S3Bucket } from './s3-bucket.ts';
import { failureOf, objectUnreadable } from './s3-errors.ts';

/** A connection that breaks is made again so many times in a row without a byte between them. */
const MOST_RESUMES = 4;
const FIRST_PAUSE_MS = 200;

/**
 * The bytes of an object that was opened. A reader may be slow, and a connection may break: reading then goes on where
 * it stopped, and only as long as the object has not been replaced.
 */
export function readObject(bucket: S3Bucket, name: string, opened: OpenObject): Readable {
  const source = new ResumedObject(bucket, name, opened);
  const next = callbackify(() => source.next());
  return new Readable({
    read() {
      next((error, chunk) => {
        if (error) this.destroy(objectUnreadable(error));
        else this.push(chunk);
      });
    },
    destroy(error, done) {
      source.close();
      done(error);
    },
  });
}

class ResumedObject {
  readonly #bucket: S3Bucket;
  readonly #name: string;
  readonly #size: number;
  readonly #etag: string;
  #body: Readable;
  #chunks: AsyncIterator<Buffer>;
  #at = 0;
  #failures = 0;
  #isClosed = false;

  constructor(bucket: S3Bucket, name: string, { body, size, etag }: OpenObject) {
    this.#bucket = bucket;
    this.#name = name;
    this.#size = size;
    this.#etag = etag;
    this.#body = body;
    this.#chunks = this.#take(body);
  }

  /** null at the end. */
  async next(): Promise<Buffer | null> {
    for (;;) {
      try {
        const { done, value } = await this.#chunks.next();
        if (done && this.#at < this.#size) throw new Error(`${this.#name} ended after ${this.#at} bytes`);
        if (done) return null;
        this.#at += value.length;
        this.#failures = 0;
        return value;
      } catch (error) {
        await this.#resume(error);
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#body.destroy();
  }

  async #resume(error: unknown): Promise<void> {
    const isFinal = ['missingObject', 'conditionFailed', 'forbidden'].includes(failureOf(error));
    this.#failures += 1;
    if (this.#isClosed || isFinal || this.#failures > MOST_RESUMES) throw error;
    await delay(FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    const { body } = await this.#bucket.get(this.#name, { from: this.#at, etag: this.#etag });
    if (this.#isClosed) body.destroy();
    this.#body = body;
    this.#chunks = this.#take(body);
  }

  #take(body: Readable): AsyncIterator<Buffer> {
    // A failure reaches whoever reads. Without a listener one that comes after the reading would end the process.
    body.on('error', () => undefined);
    return body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }
}
