import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { lstat, open, readdir, realpath, rm, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FileStore, PendingFile, StoredFile } from './file-store.ts';
import { readAt, readFrom } from './file-streams.ts';
import { FilesystemPendingFile } from './filesystem-pending-file.ts';
import { fileUnreadable, fileUnwritable, isMissing, locationUnusable } from './store-errors.ts';
import { assertInside, makeFolders } from './store-folders.ts';
import { findStorePath } from './store-path.ts';
import type { StoreFolder, StorePath } from './store-path.ts';

export interface FilesystemStoreOptions {
  /** Absolute path of the folder that the environments share. It is never created: a missing one may be a lost mount. */
  readonly location: string;
  /** One per environment and stable across restarts: letters, digits, `.`, `_` and `-`, at most 64 characters. */
  readonly instanceId: string;
}

const INCOMING = 'mstr/.incoming';
const INSTANCE_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
/** Missing on Windows, where 0 leaves the check to `realpath`. */
const NO_FOLLOW = (constants.O_NOFOLLOW as number | undefined) ?? 0;

/** The shared file store in a folder of a local or network file system. */
export class FilesystemStore implements FileStore {
  readonly #location: string;
  /** Relative, this environment's own. */
  readonly #incoming: string;
  #created = 0;

  constructor(options: FilesystemStoreOptions) {
    if (!isAbsolute(options.location)) {
      throw locationUnusable(new Error(`the storage location "${options.location}" is not an absolute path`));
    }
    if (!INSTANCE_ID.test(options.instanceId)) {
      throw new Error(`"${options.instanceId}" cannot name the folder of an environment's unfinished files`);
    }
    this.#location = options.location;
    this.#incoming = `${INCOMING}/${options.instanceId}`;
  }

  async create(path: StorePath): Promise<PendingFile> {
    const root = await this.#root();
    try {
      const { handle, temporary } = await this.#openTemporary(root);
      return new FilesystemPendingFile(handle, { root, path, temporary });
    } catch (error) {
      throw fileUnwritable(error);
    }
  }

  async openRead(path: StorePath): Promise<{ stream: Readable; size: number }> {
    let handle: FileHandle | undefined;
    const root = await this.#root();
    try {
      handle = await this.#open(root, path);
      const { size } = await handle.stat();
      return { stream: readFrom(handle), size };
    } catch (error) {
      await handle?.close();
      throw fileUnreadable(error);
    }
  }

  async readRange(path: StorePath, { start, length }: { start: number; length: number }): Promise<Buffer> {
    const root = await this.#root();
    let handle: FileHandle | undefined;
    try {
      handle = await this.#open(root, path);
      return await readAt(handle, start, length);
    } catch (error) {
      throw fileUnreadable(error);
    } finally {
      await handle?.close();
    }
  }

  async stat(path: StorePath): Promise<{ size: number } | null> {
    const root = await this.#root();
    try {
      const real = await realpath(join(this.#location, path));
      assertInside(root, real);
      const found = await lstat(real);
      return found.isFile() ? { size: found.size } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw fileUnreadable(error);
    }
  }

  async age(path: StorePath): Promise<number | null> {
    const root = await this.#root();
    let writtenAt: number;
    try {
      const real = await realpath(join(this.#location, path));
      assertInside(root, real);
      writtenAt = (await lstat(real)).mtimeMs;
    } catch (error) {
      if (isMissing(error)) return null;
      throw fileUnreadable(error);
    }
    try {
      return (await this.#writeProbe(root)) - writtenAt;
    } catch (error) {
      throw fileUnwritable(error);
    }
  }

  async remove(path: StorePath): Promise<boolean> {
    const root = await this.#root();
    const file = join(this.#location, path);
    try {
      assertInside(root, await realpath(join(file, '..')));
      await unlink(file);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw fileUnwritable(error);
    }
  }

  async *list(folder: StoreFolder): AsyncGenerator<StoredFile, void, undefined> {
    await this.#root();
    yield* this.#walk(folder);
  }

  async check(): Promise<void> {
    const root = await this.#root();
    try {
      await readdir(this.#location);
      await this.#writeProbe(root);
    } catch (error) {
      throw locationUnusable(error);
    }
  }

  async cleanIncoming(): Promise<number> {
    const root = await this.#root();
    try {
      const folder = await realpath(join(root, this.#incoming));
      assertInside(root, folder);
      const left = await readdir(folder);
      await rm(folder, { recursive: true, force: true });
      return left.length;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw fileUnwritable(error);
    }
  }

  async #open(root: string, path: StorePath): Promise<FileHandle> {
    const real = await realpath(join(this.#location, path));
    assertInside(root, real);
    // Asked before it is opened: opening a pipe or a device would wait, or do something.
    assertFile((await lstat(real)).isFile(), path);
    return open(real, constants.O_RDONLY | NO_FOLLOW);
  }

  /** The location after links are followed, once it is sure that it is there. */
  async #root(): Promise<string> {
    try {
      const root = await realpath(this.#location);
      if (!(await stat(root)).isDirectory()) throw new Error(`the storage location ${this.#location} is not a folder`);
      return root;
    } catch (error) {
      throw locationUnusable(error);
    }
  }

  /** Writes a file and takes it away again; the time that the file system gave it, in milliseconds. */
  async #writeProbe(root: string): Promise<number> {
    const { handle, temporary } = await this.#openTemporary(root);
    try {
      await handle.write('x');
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
      await unlink(temporary);
    }
  }

  /** A new file in this environment's own folder. Several threads may share it: a taken name leads to the next one. */
  async #openTemporary(root: string): Promise<{ handle: FileHandle; temporary: string }> {
    const folder = await makeFolders(root, this.#incoming);
    for (;;) {
      this.#created += 1;
      const temporary = join(folder, `${this.#created}.part`);
      try {
        return { handle: await open(temporary, 'wx'), temporary };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  async *#walk(folder: string): AsyncGenerator<StoredFile, void, undefined> {
    for (const entry of await this.#readFolder(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.#walk(path);
      const file = entry.isFile() ? findStorePath(path) : undefined;
      const found = file === undefined ? null : await this.stat(file);
      if (file !== undefined && found !== null) yield { path: file, size: found.size };
    }
  }

  async #readFolder(folder: string): Promise<Dirent[]> {
    try {
      const entries = await readdir(join(this.#location, folder), { withFileTypes: true });
      return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (isMissing(error)) return [];
      throw fileUnreadable(error);
    }
  }
}

function assertFile(isFile: boolean, path: StorePath): void {
  if (!isFile) throw new Error(`${path} is not a file`);
}
