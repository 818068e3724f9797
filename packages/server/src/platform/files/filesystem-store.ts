import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { lstat, open, readdir, realpath, rm, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FileStore, FileVersion, PendingFile, StoredFile, VersionedFile } from './file-store.ts';
import { readAt, readFrom } from './file-streams.ts';
import { FilesystemPendingFile } from './filesystem-pending-file.ts';
import { INCOMING, requireInstanceId } from './incoming.ts';
import { readWhole } from './read-whole.ts';
import { fileUnreadable, fileUnwritable, isMissing, locationUnusable } from './store-errors.ts';
import { assertInside, makeFolders } from './store-folders.ts';
import { findStorePath } from './store-path.ts';
import type { StoreFolder, StorePath } from './store-path.ts';
import { withVersionClaim } from './version-claim.ts';

export interface FilesystemStoreOptions {
  /** Absolute path of the folder that the environments share. It is never created: a missing one may be a lost mount. */
  readonly location: string;
  /** One per environment and stable across restarts: letters, digits, `.`, `_` and `-`, at most 64 characters. */
  readonly instanceId: string;
}

/** Missing on Windows, where 0 leaves the check to `realpath`. */
const NO_FOLLOW = (constants.O_NOFOLLOW as number | undefined) ?? 0;

interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly version: FileVersion;
}

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
    this.#location = options.location;
    this.#incoming = `${INCOMING}/${requireInstanceId(options.instanceId)}`;
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
    const root = await this.#root();
    try {
      const { handle, size } = await this.#open(root, path);
      return { stream: readFrom(handle), size };
    } catch (error) {
      throw fileUnreadable(error);
    }
  }

  async readRange(path: StorePath, { start, length }: { start: number; length: number }): Promise<Buffer> {
    const root = await this.#root();
    let handle: FileHandle | undefined;
    try {
      ({ handle } = await this.#open(root, path));
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

  async read(path: StorePath, limit: number): Promise<VersionedFile | null> {
    const root = await this.#root();
    try {
      const { handle, size, version } = await this.#open(root, path);
      const stream = readFrom(handle);
      if (size <= limit) return { content: await readWhole(stream), version };
      stream.destroy();
      return { content: null, version };
    } catch (error) {
      if (isMissing(error)) return null;
      throw fileUnreadable(error);
    }
  }

  async replace(path: StorePath, content: Buffer, seen: FileVersion | null): Promise<boolean> {
    const root = await this.#root();
    const pending = await this.create(path);
    try {
      pending.stream.end(content);
      await finished(pending.stream);
      const isCurrent = async (): Promise<boolean> => ((await this.read(path, 0))?.version ?? null) === seen;
      const replaceIt = async (): Promise<void> => void (await pending.commit());
      return await withVersionClaim({ root, name: `${path} ${seen ?? ''}`, isCurrent }, replaceIt);
    } catch (error) {
      throw fileUnwritable(error);
    } finally {
      await pending.discard();
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

  async #open(root: string, path: StorePath): Promise<OpenFile> {
    const real = await realpath(join(this.#location, path));
    assertInside(root, real);
    // Asked before it is opened: opening a pipe or a device would wait, or do something.
    assertFile((await lstat(real)).isFile(), path);
    const handle = await open(real, constants.O_RDONLY | NO_FOLLOW);
    try {
      const { size, ino, mtimeNs } = await handle.stat({ bigint: true });
      return { handle, size: Number(size), version: `${ino}.${mtimeNs}.${size}` as FileVersion };
    } catch (error) {
      await handle.close();
      throw error;
    }
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
