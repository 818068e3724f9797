import type { PackageManifest } from '@longshore/contracts';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { StorePath } from '../../platform/files/store-path.ts';
import type { Platform } from '../../platform/platform.ts';
import type { JobProgress } from './job-progress.ts';
import type { JobRunner, NamedRef } from './migration-jobs.ts';
import type { PackageRule } from './package-rules.ts';

/** How this environment runs migrations; from the server's configuration. */
export interface MigrationOptions {
  /** This environment as clients know it: `{id: <Library URL>, name}`. */
  readonly environment: NamedRef;
  /** Largest package in bytes. */
  readonly maxPackageBytes: number;
  /** What an import does when another object already has the name in the target folder. */
  readonly nameClash: 'rename' | 'fail';
}

/** Looks into package files without importing them. */
export interface PackageInspector {
  /**
   * @throws AppError `invalid` when the file is no package, is damaged, or comes from a newer platform;
   * `storageMisconfigured` and the like when the store cannot be read.
   */
  readManifest(path: StorePath): Promise<PackageManifest>;
  /**
   * The effective rule of every object of the content list, by object id. Reads the whole file, digests included.
   * @throws as `readManifest`
   */
  readRules(path: StorePath): Promise<ReadonlyMap<string, PackageRule>>;
}

/** What the use cases on migration records are made from. */
export interface MigrationDeps {
  readonly platform: Platform;
  readonly files: FileStore;
  readonly runner: JobRunner;
  readonly progress: JobProgress;
  readonly inspector: PackageInspector;
  readonly options: MigrationOptions;
}
