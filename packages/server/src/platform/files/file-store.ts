import type { Readable, Writable } from 'node:stream';
import type { StoreFolder, StorePath } from './store-path.ts';

/** A file of the store that is being written. Until `commit` nobody can see it; without it, it never was. */
export interface PendingFile {
  readonly stream: Writable;
  /**
   * What was written, from its start, so that it can be checked before anybody sees it. Only once the stream has ended;
   * the caller reads to the end or destroys it before `commit` or `discard`.
   */
  openRead(): Promise<Readable>;
  /**
   * Ends the stream if that was not done, brings the bytes to disk and lets the file appear under its path, whole,
   * in place of one that was there. After a crash it is there whole or not at all.
   */
  commit(): Promise<{ size: number }>;
  /** Throws away what was written; does nothing after `commit` or a second time. Never fails. */
  discard(): Promise<void>;
}

export interface StoredFile {
  readonly path: StorePath;
  readonly size: number;
}

declare const isFileVersion: unique symbol;

/** Names one content of a file: another one has another version. Only for `replace` on the same store. */
export type FileVersion = string & { readonly [isFileVersion]: true };

/** A small file as it was read; `content` is null when it has more bytes than were asked for. */
export interface VersionedFile {
  readonly content: Buffer | null;
  readonly version: FileVersion;
}

/**
 * The shared file store (spec/api.md 2.9): one location that several environments use. All failures are
 * `AppError('storageMisconfigured')`, with the text that clients know for the case: the location is missing or
 * unusable, a file cannot be written, a file cannot be read (spec/api.md 5.4).
 */
export interface FileStore {
  create(path: StorePath): Promise<PendingFile>;
  /** The caller reads the stream to its end or destroys it. Fails when the file is missing. */
  openRead(path: StorePath): Promise<{ stream: Readable; size: number }>;
  /**
   * The bytes of a file from `start` on, fewer than `length` where it ends before. Fails when the file is missing.
   * The caller bounds `length`: the bytes are held in memory.
   */
  readRange(path: StorePath, range: { start: number; length: number }): Promise<Buffer>;
  /** `null` when there is no such file. */
  stat(path: StorePath): Promise<{ size: number } | null>;
  /**
   * How long ago a file was written, in milliseconds by the store's own clock, whatever the clocks of the environments
   * say; `null` when there is no such file.
   */
  age(path: StorePath): Promise<number | null>;
  /** A small file, of at most `limit` bytes; `null` when there is no such file. */
  read(path: StorePath, limit: number): Promise<VersionedFile | null>;
  /**
   * Puts a small file in place of the version that was seen, or of none. False when the file is another one by then:
   * of several environments that replace the same version one succeeds, and the others look again.
   */
  replace(path: StorePath, content: Buffer, seen: FileVersion | null): Promise<boolean>;
  /** False when there was no such file. */
  remove(path: StorePath): Promise<boolean>;
  /** The files under a folder, ordered by path; what is not a file of the store is passed over. */
  list(folder: StoreFolder): AsyncIterable<StoredFile>;
  /** Resolves when the location exists and can be read and written. */
  check(): Promise<void>;
  /** Removes what this environment was writing when it last stopped; tells how many files that were. Call it at start. */
  cleanIncoming(): Promise<number>;
}
