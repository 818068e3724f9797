import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { PendingFile } from './file-store.ts';
import { readFrom, writeTo } from './file-streams.ts';
import { fileUnreadable, fileUnwritable } from './store-errors.ts';
import { makeFolders, syncFolder } from './store-folders.ts';
import type { StorePath } from './store-path.ts';

export interface PendingPlaces {
  /** The store's location after links are followed. */
  readonly root: string;
  /** Where the file appears in the end. */
  readonly path: StorePath;
  /** Where the bytes are written: absolute, and inside the root, so that a rename suffices. */
  readonly temporary: string;
}

type PendingState = 'writing' | 'committed' | 'discarded';

/** A file that is written beside the store and renamed into it. */
export class FilesystemPendingFile implements PendingFile {
  readonly stream: Writable;
  readonly #handle: FileHandle;
  readonly #places: PendingPlaces;
  #state: PendingState = 'writing';

  constructor(handle: FileHandle, places: PendingPlaces) {
    this.#handle = handle;
    this.#places = places;
    this.stream = writeTo(handle);
    // A failure reaches whoever writes, through the pipeline, and `commit`. Without a listener it would end the process.
    this.stream.on('error', () => undefined);
  }

  async openRead(): Promise<Readable> {
    if (this.#state !== 'writing') throw new Error(`the file is already ${this.#state}`);
    if (!this.stream.writableFinished) throw new Error('the file is still being written');
    try {
      return readFrom(await open(this.#places.temporary, 'r'));
    } catch (error) {
      throw fileUnreadable(error);
    }
  }

  async commit(): Promise<{ size: number }> {
    if (this.#state !== 'writing') throw new Error(`the file is already ${this.#state}`);
    try {
      if (!this.stream.writableEnded) this.stream.end();
      await finished(this.stream);
      await this.#handle.sync();
      const { size } = await this.#handle.stat();
      await this.#handle.close();
      const { root, path, temporary } = this.#places;
      const folder = await makeFolders(root, dirname(path));
      await rename(temporary, join(folder, basename(path)));
      await syncFolder(folder);
      this.#state = 'committed';
      return { size };
    } catch (error) {
      await this.discard();
      throw fileUnwritable(error);
    }
  }

  async discard(): Promise<void> {
    if (this.#state !== 'writing') return;
    this.#state = 'discarded';
    this.stream.destroy();
    // What cannot be removed now is removed by `cleanIncoming` at the next start.
    await this.#handle.close().catch(() => undefined);
    await rm(this.#places.temporary, { force: true }).catch(() => undefined);
  }
}
