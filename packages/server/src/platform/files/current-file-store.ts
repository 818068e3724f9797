import type { Readable } from 'node:stream';
import type { FileStore, FileVersion, PendingFile, StoredFile, VersionedFile } from './file-store.ts';
import { locationUnusable } from './store-errors.ts';
import type { StoreFolder, StorePath } from './store-path.ts';

/**
 * The file store that is in use. The storage configuration can be changed while the server runs: whoever holds this one
 * asks, with each call, the store that is in use then. Streams and pending files stay with the store that gave them.
 */
export class CurrentFileStore implements FileStore {
  #store: FileStore;

  constructor(store: FileStore) {
    this.#store = store;
  }

  /** Takes another store into use, from the next call on. */
  use(store: FileStore): void {
    this.#store = store;
  }

  create(path: StorePath): Promise<PendingFile> {
    return this.#store.create(path);
  }

  openRead(path: StorePath): Promise<{ stream: Readable; size: number }> {
    return this.#store.openRead(path);
  }

  readRange(path: StorePath, range: { start: number; length: number }): Promise<Buffer> {
    return this.#store.readRange(path, range);
  }

  stat(path: StorePath): Promise<{ size: number } | null> {
    return this.#store.stat(path);
  }

  age(path: StorePath): Promise<number | null> {
    return this.#store.age(path);
  }

  read(path: StorePath, limit: number): Promise<VersionedFile | null> {
    return this.#store.read(path, limit);
  }

  replace(path: StorePath, content: Buffer, seen: FileVersion | null): Promise<boolean> {
    return this.#store.replace(path, content, seen);
  }

  remove(path: StorePath): Promise<boolean> {
    return this.#store.remove(path);
  }

  list(folder: StoreFolder): AsyncIterable<StoredFile> {
    return this.#store.list(folder);
  }

  check(): Promise<void> {
    return this.#store.check();
  }

  cleanIncoming(): Promise<number> {
    return this.#store.cleanIncoming();
  }
}

/** What is in use as long as no storage is configured: every call says so. */
export class UnconfiguredStore implements FileStore {
  readonly #why: string;

  constructor(why: string) {
    this.#why = why;
  }

  async create(): Promise<PendingFile> {
    throw this.#unusable();
  }

  async openRead(): Promise<{ stream: Readable; size: number }> {
    throw this.#unusable();
  }

  async readRange(): Promise<Buffer> {
    throw this.#unusable();
  }

  async stat(): Promise<{ size: number } | null> {
    throw this.#unusable();
  }

  async age(): Promise<number | null> {
    throw this.#unusable();
  }

  async read(): Promise<VersionedFile | null> {
    throw this.#unusable();
  }

  async replace(): Promise<boolean> {
    throw this.#unusable();
  }

  async remove(): Promise<boolean> {
    throw this.#unusable();
  }

  // oxlint-disable-next-line require-yield -- the first step is the refusal
  async *list(): AsyncGenerator<StoredFile, void, undefined> {
    throw this.#unusable();
  }

  async check(): Promise<void> {
    throw this.#unusable();
  }

  async cleanIncoming(): Promise<number> {
    throw this.#unusable();
  }

  #unusable(): Error {
    return locationUnusable(new Error(this.#why));
  }
}
