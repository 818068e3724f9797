import type { Readable } from 'node:stream';
import { AppError } from '@longshore/contracts';
import type { FileStore, FileVersion, PendingFile, StoredFile, VersionedFile } from './file-store.ts';
import { locationUnusable } from './store-errors.ts';
import type { StoreFolder, StorePath } from './store-path.ts';

export type StoreOperation = 'create' | 'read' | 'write' | 'stat' | 'remove' | 'check' | 'clean';

export interface StoreHooks {
  /** Awaited before each call but those to list; it may take another store into use. Must not throw. */
  readonly beforeCall?: () => Promise<void>;
  /** Told of each call that the storage has failed. */
  readonly onFailure?: (operation: StoreOperation) => void;
}

/**
 * The file store that is in use. The storage configuration can be changed while the server runs: whoever holds this one
 * asks, with each call, the store that is in use then. Streams and pending files stay with the store that gave them.
 */
export class CurrentFileStore implements FileStore {
  #store: FileStore;
  readonly #hooks: StoreHooks;

  constructor(store: FileStore, hooks: StoreHooks = {}) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Takes another store into use, from the next call on. */
  use(store: FileStore): void {
    this.#store = store;
  }

  create(path: StorePath): Promise<PendingFile> {
    return this.#watch('create', async (store) => this.#watched(await store.create(path)));
  }

  openRead(path: StorePath): Promise<{ stream: Readable; size: number }> {
    return this.#watch('read', async (store) => {
      const opened = await store.openRead(path);
      opened.stream.on('error', (error) => this.#note('read', error));
      return opened;
    });
  }

  stat(path: StorePath): Promise<{ size: number } | null> {
    return this.#watch('stat', (store) => store.stat(path));
  }

  age(path: StorePath): Promise<number | null> {
    return this.#watch('stat', (store) => store.age(path));
  }

  read(path: StorePath, limit: number): Promise<VersionedFile | null> {
    return this.#watch('read', (store) => store.read(path, limit));
  }

  readRange(path: StorePath, range: { start: number; length: number }): Promise<Buffer> {
    return this.#watch('read', (store) => store.readRange(path, range));
  }

  replace(path: StorePath, content: Buffer, seen: FileVersion | null): Promise<boolean> {
    return this.#watch('write', (store) => store.replace(path, content, seen));
  }

  remove(path: StorePath): Promise<boolean> {
    return this.#watch('remove', (store) => store.remove(path));
  }

  list(folder: StoreFolder): AsyncIterable<StoredFile> {
    return this.#store.list(folder);
  }

  check(): Promise<void> {
    return this.#watch('check', (store) => store.check());
  }

  cleanIncoming(): Promise<number> {
    return this.#watch('clean', (store) => store.cleanIncoming());
  }

  async #watch<Result>(operation: StoreOperation, call: (store: FileStore) => Promise<Result>): Promise<Result> {
    try {
      await this.#hooks.beforeCall?.();
      return await call(this.#store);
    } catch (error) {
      this.#note(operation, error);
      throw error;
    }
  }

  /** Failures of a pending file are those of its writing, whether the stream or the commit tells of them. */
  #watched(pending: PendingFile): PendingFile {
    return {
      stream: pending.stream,
      openRead: () => this.#watch('read', () => pending.openRead()),
      commit: () => this.#watch('write', () => pending.commit()),
      discard: () => pending.discard(),
    };
  }

  /** What a caller has done wrong, or has broken off, is no failure of the storage. */
  #note(operation: StoreOperation, error: unknown): void {
    if (error instanceof AppError && error.kind === 'storageMisconfigured') this.#hooks.onFailure?.(operation);
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
