import type { CompletedPart } from '@aws-sdk/client-s3';
import type { S3Bucket, Upload } from './s3-bucket.ts';

/** How many parts are under way at a time; each is held in memory until the storage has it. */
const MOST_AT_ONCE = 2;

/**
 * A file on its way into the storage, part by part. Nothing can be read of it before `complete`. The first part that
 * fails stops the rest.
 */
export class S3MultipartUpload {
  readonly #bucket: S3Bucket;
  readonly #name: string;
  readonly #parts: CompletedPart[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #upload: Promise<Upload> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #started = 0;

  constructor(bucket: S3Bucket, name: string) {
    this.#bucket = bucket;
    this.#name = name;
  }

  /** Resolves when the next part may come. All parts but the last have the same size, 5 MiB at least. */
  async add(content: Buffer): Promise<void> {
    this.#upload ??= this.#bucket.startUpload(this.#name);
    const upload = await this.#upload;
    this.#started += 1;
    const number = this.#started;
    const sending = this.#bucket.uploadPart(upload, { number, content }, this.#stopping.signal).then(
      (part) => void this.#parts.push(part),
      (error: unknown) => {
        this.#failure ??= { error };
        this.#stopping.abort();
      },
    );
    this.#running.add(sending);
    void sending.finally(() => this.#running.delete(sending));
    while (this.#running.size >= MOST_AT_ONCE) await Promise.race(this.#running);
    if (this.#failure) throw this.#failure.error;
  }

  async complete(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
    if (!this.#upload) throw new Error('an upload needs a part');
    const parts = this.#parts.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    await this.#bucket.completeUpload(await this.#upload, parts);
  }

  /** Takes the parts away. A part that arrived after that would stay for ever, so all must have come to rest before. */
  async abort(): Promise<void> {
    this.#stopping.abort();
    const upload = await this.#upload?.catch(() => null);
    await Promise.all(this.#running);
    if (upload) await this.#bucket.abortUpload(upload);
  }
}
