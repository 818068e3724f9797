import { AppError } from '@longshore/contracts';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';

export interface SharedFileOptions {
  /** Largest package in bytes. */
  readonly maxPackageBytes: number;
  /** How many uploaded packages are kept at most, announced ones included. */
  readonly maxUploadedPackages: number;
  /** How long an upload may bring nothing before its connection is cut, in milliseconds. */
  readonly uploadIdleMs: number;
  /** Version of this server: packages of a newer one are refused. */
  readonly platformVersion: string;
}

/** What the use cases on uploaded files are made from. */
export interface SharedFileDeps {
  readonly platform: Platform;
  readonly files: FileStore;
  readonly held: HeldFiles;
  readonly options: SharedFileOptions;
}

/**
 * The files that this process is uploading or deleting: who comes second is told at once. Other processes are kept apart
 * by the transactions of the two.
 */
export class HeldFiles {
  readonly #guids = new Set<string>();

  /**
   * Keeps a file to oneself until what is returned is called.
   * @throws AppError `busy`
   */
  hold(guid: string): () => void {
    if (this.#guids.has(guid)) {
      throw new AppError(
        'busy',
        `The file ${guid} is being uploaded or deleted. Wait until that has ended, and retry.`,
      );
    }
    this.#guids.add(guid);
    return () => void this.#guids.delete(guid);
  }
}
