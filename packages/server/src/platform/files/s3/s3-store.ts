import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FileStore, FileVersion, PendingFile, StoredFile, VersionedFile } from '../file-store.ts';
import { readWhole } from '../read-whole.ts';
import { locationUnusable } from '../store-errors.ts';
import { INCOMING, requireInstanceId } from '../incoming.ts';
import { findStorePath } from '../store-path.ts';
import type { StoreFolder, StorePath } from '../store-path.ts';
import { S3Bucket, type PutCondition, type S3Patience } from './s3-bucket.ts';
import { attemptsOf, failureOf, objectUnreadable, objectUnwritable } from './s3-errors.ts';
import { S3PendingFile } from './s3-pending-file.ts';
import type { S3Place } from './s3-place.ts';
import { readObject } from './s3-read-stream.ts';

export interface S3StoreOptions {
  readonly place: S3Place;
  /** One per process and stable across restarts: letters, digits, `.`, `_` and `-`, at most 64 characters. */
  readonly instanceId: string;
  /** Five tries of half a minute when it is left out. */
  readonly patience?: S3Patience;
  /** A name that no other thread gives; random when it is left out. */
  readonly newName?: () => string;
}

const PATIENCE: S3Patience = { attempts: 5, requestMs: 30_000 };
const READ_TRIES = 10;

/** The shared file store in a bucket of an S3-compatible object storage. */
export class S3Store implements FileStore {
  readonly #bucket: S3Bucket;
  readonly #newName: () => string;
  /** This environment's own, for what is not finished. */
  readonly #incoming: string;

  constructor({ place, instanceId, patience = PATIENCE, newName = randomUUID }: S3StoreOptions) {
    this.#incoming = `${INCOMING}/${requireInstanceId(instanceId)}/`;
    this.#bucket = new S3Bucket(place, patience);
    this.#newName = newName;
  }

  async create(path: StorePath): Promise<PendingFile> {
    return new S3PendingFile(this.#bucket, { path, temporary: this.#temporary() });
  }

  async openRead(path: StorePath): Promise<{ stream: Readable; size: number }> {
    try {
      const opened = await this.#bucket.get(path);
      return { stream: readObject(this.#bucket, path, opened), size: opened.size };
    } catch (error) {
      throw objectUnreadable(error);
    }
  }

  async readRange(path: StorePath, range: { start: number; length: number }): Promise<Buffer> {
    try {
      if (range.length > 0) return await this.#bucket.getRange(path, range);
    } catch (error) {
      throw objectUnreadable(error);
    }
    // There is no such thing as a range of no bytes.
    (await this.openRead(path)).stream.destroy();
    return Buffer.alloc(0);
  }

  async stat(path: StorePath): Promise<{ size: number } | null> {
    const found = await this.#head(path);
    return found && { size: found.size };
  }

  async age(path: StorePath): Promise<number | null> {
    const found = await this.#head(path);
    return found && found.ageMs;
  }

  async remove(path: StorePath): Promise<boolean> {
    try {
      // A removal is never refused, so that only a look before it tells whether there was something.
      if ((await this.#bucket.head(path)) === null) {
        await this.#bucket.requireBucket();
        return false;
      }
      await this.#bucket.remove(path);
      return true;
    } catch (error) {
      throw objectUnwritable(error);
    }
  }

  async *list(folder: StoreFolder): AsyncGenerator<StoredFile, void, undefined> {
    try {
      for await (const { name, size } of this.#bucket.list(`${folder}/`)) {
        const path = findStorePath(name);
        if (path !== undefined) yield { path, size };
      }
    } catch (error) {
      throw objectUnreadable(error);
    }
  }

  async read(path: StorePath, limit: number): Promise<VersionedFile | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#readOnce(path, limit);
      } catch (error) {
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        const failure = failureOf(cause);
        if (failure === 'missingObject') return null;
        // It was replaced while it was read: the next try reads the new one.
        if (failure !== 'conditionFailed' || tries === READ_TRIES) throw objectUnreadable(error);
      }
    }
  }

  async replace(path: StorePath, content: Buffer, seen: FileVersion | null): Promise<boolean> {
    const condition: PutCondition = seen === null ? { ifAbsent: true } : { ifEtag: seen };
    try {
      await this.#bucket.put(path, content, condition);
      return true;
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'missingObject' && seen !== null) return false;
      if (failure !== 'conditionFailed') throw objectUnwritable(error);
      if (attemptsOf(error) === 1) return false;
    }
    // The answer to a try that succeeded may have been lost, and the next try then met what it had written itself.
    const now = await this.read(path, content.length);
    return now?.content?.equals(content) === true;
  }

  async check(): Promise<void> {
    const probe = this.#temporary();
    try {
      await this.#bucket.put(probe, Buffer.from('x'));
      await this.#bucket.head(probe);
      await this.#bucket.remove(probe);
    } catch (error) {
      throw locationUnusable(error);
    }
  }

  async cleanIncoming(): Promise<number> {
    let removed = 0;
    try {
      for await (const upload of this.#bucket.uploads(this.#incoming)) {
        await this.#bucket.abortUpload(upload);
        removed += 1;
      }
      for await (const { name } of this.#bucket.list(this.#incoming)) {
        await this.#bucket.remove(name);
        removed += 1;
      }
    } catch (error) {
      throw objectUnwritable(error);
    }
    return removed;
  }

  async #readOnce(path: StorePath, limit: number): Promise<VersionedFile> {
    const opened = await this.#bucket.get(path);
    const version = opened.etag as FileVersion;
    if (opened.size <= limit) return { content: await readWhole(readObject(this.#bucket, path, opened)), version };
    opened.body.destroy();
    return { content: null, version };
  }

  async #head(path: StorePath): Promise<{ readonly size: number; readonly ageMs: number } | null> {
    try {
      const found = await this.#bucket.head(path);
      // A bucket that is gone must not look like a store whose files are gone.
      if (found === null) await this.#bucket.requireBucket();
      return found;
    } catch (error) {
      throw objectUnreadable(error);
    }
  }

  #temporary(): string {
    return `${this.#incoming}${this.#newName()}.part`;
  }
}
