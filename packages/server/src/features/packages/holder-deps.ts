import type { FileStore } from '../../platform/files/file-store.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import type { JobRunner, NamedRef } from '../migrations/migration-jobs.ts';
import type { HolderProgress } from './holder-progress.ts';

export interface HolderOptions {
  /** This environment as packages name it. */
  readonly environment: NamedRef;
  /** Largest package in bytes. */
  readonly maxPackageBytes: number;
  /** What an import does when another object already has the name in the target folder. */
  readonly nameClash: 'rename' | 'fail';
  /** Version of this server: packages of a newer one are refused. */
  readonly platformVersion: string;
}

/** What the use cases on packages of sessions are made from. */
export interface HolderDeps {
  readonly platform: Platform;
  readonly files: FileStore;
  readonly runner: JobRunner;
  readonly progress: HolderProgress;
  readonly options: HolderOptions;
}

/** Who calls, and what the project header says; null when there is none. */
export interface HolderCall {
  readonly caller: Caller;
  readonly projectId: string | null;
}
