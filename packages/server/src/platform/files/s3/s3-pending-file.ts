import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { callbackify } from 'node:util';
import type { PendingFile } from '../file-store.ts';
import type { StorePath } from '../store-path.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { objectUnreadable, objectUnwritable } from './s3-errors.ts';
import { S3MultipartUpload } from './s3-multipart-upload.ts';
import { readObject } from './s3-read-stream.ts';

/** A file up to this size is one request; a larger one goes in parts of it. In bytes. */
export const PART_BYTES = 8 * 2 ** 20;

export interface PendingNames {
  /** Where the file appears in the end. */
  readonly path: StorePath;
  /** Where a large file is put together; no file of the store. */
  readonly temporary: string;
}

type PendingState = 'writing' | 'committed' | 'discarded';

/**
 * A file that is written to object storage. A small one is kept in memory and written in one request. A large one is
 * uploaded in parts beside the store, where it can be checked, and copied to its path by the storage itself: what is
 * unfinished is then always under this environment's own name, and can be found and taken away after a crash.
 */
export class S3PendingFile implements PendingFile {
  readonly stream: Writable;
  readonly #bucket: S3Bucket;
  readonly #names: PendingNames;
  readonly #body: PendingBody;
  #state: PendingState = 'writing';

  constructor(bucket: S3Bucket, names: PendingNames) {
    this.#bucket = bucket;
    this.#names = names;
    this.#body = new PendingBody(new S3MultipartUpload(bucket, names.temporary));
    this.stream = writeTo(this.#body);
    // A failure reaches whoever writes, through the pipeline, and `commit`. Without a listener it would end the process.
    this.stream.on('error', () => undefined);
  }

  async openRead(): Promise<Readable> {
    if (this.#state !== 'writing') throw new Error(`the file is already ${this.#state}`);
    if (!this.stream.writableFinished) throw new Error('the file is still being written');
    if (this.#body.place === 'memory') return Readable.from([this.#body.held()], { objectMode: false });
    try {
      return readObject(this.#bucket, this.#names.temporary, await this.#bucket.get(this.#names.temporary));
    } catch (error) {
      throw objectUnreadable(error);
    }
  }

  async commit(): Promise<{ size: number }> {
    if (this.#state !== 'writing') throw new Error(`the file is already ${this.#state}`);
    try {
      if (!this.stream.writableEnded) this.stream.end();
      await finished(this.stream);
      await this.#appear();
      this.#state = 'committed';
    } catch (error) {
      await this.discard();
      throw objectUnwritable(error);
    }
    if (this.#body.place === 'storage') await this.#removeTemporary();
    return { size: this.#body.size };
  }

  async discard(): Promise<void> {
    if (this.#state !== 'writing') return;
    this.#state = 'discarded';
    this.stream.destroy();
    // What cannot be removed now is removed by `cleanIncoming` at the next start.
    await this.#body.abort().catch(() => undefined);
    if (this.#body.place === 'storage') await this.#removeTemporary();
  }

  async #appear(): Promise<void> {
    const { path, temporary } = this.#names;
    if (this.#body.place === 'memory') await this.#bucket.put(path, this.#body.held());
    else await this.#bucket.copy(temporary, path);
  }

  async #removeTemporary(): Promise<void> {
    await this.#bucket.remove(this.#names.temporary).catch(() => undefined);
  }
}

/** What was written so far: in memory as long as it is small, in the storage from then on. */
class PendingBody {
  readonly #upload: S3MultipartUpload;
  #chunks: Buffer[] = [];
  #held = 0;
  #size = 0;
  #work: Promise<void> = Promise.resolve();
  #place: 'memory' | 'storage' = 'memory';
  #isComplete = false;

  constructor(upload: S3MultipartUpload) {
    this.#upload = upload;
  }

  get place(): 'memory' | 'storage' {
    return this.#place;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  held(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  add(chunk: Buffer): Promise<void> {
    this.#work = this.#add(chunk);
    return this.#work;
  }

  end(): Promise<void> {
    this.#work = this.#end();
    return this.#work;
  }

  async abort(): Promise<void> {
    await this.#work.catch(() => undefined);
    if (this.#place === 'storage' && !this.#isComplete) await this.#upload.abort();
  }

  async #add(chunk: Buffer): Promise<void> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    this.#size += chunk.length;
    // A file of exactly one part stays in memory: more must come before it is known to be large.
    while (this.#held > PART_BYTES) {
      const held = this.held();
      this.#chunks = [held.subarray(PART_BYTES)];
      this.#held = held.length - PART_BYTES;
      this.#place = 'storage';
      await this.#upload.add(held.subarray(0, PART_BYTES));
    }
  }

  async #end(): Promise<void> {
    if (this.#place === 'memory') return;
    await this.#upload.add(this.held());
    this.#chunks = [];
    await this.#upload.complete();
    this.#isComplete = true;
  }
}

function writeTo(body: PendingBody): Writable {
  const write = callbackify((chunk: Buffer) => body.add(chunk));
  const end = callbackify(() => body.end());
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk, (error) => done(error ? objectUnwritable(error) : null));
    },
    final(done) {
      end((error) => done(error ? objectUnwritable(error) : null));
    },
  });
}
