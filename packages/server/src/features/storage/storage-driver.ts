import type { StorageType } from '@longshore/contracts';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import type { PlainSettings, SecretName } from './storage-settings.ts';

/** A configuration as a driver sees it. */
export interface DriverSettings {
  readonly plain: PlainSettings;
  /** The secret in the clear; undefined when there is none. */
  secret(name: SecretName): Promise<string | undefined>;
}

/** One kind of place in which the shared file store can be. */
export interface StorageDriver {
  /** Tries the place for real; one sentence that names the field and says what to do, undefined when it can be used. */
  findProblem(settings: DriverSettings): Promise<string | undefined>;
  /** Where it is, for threads that open the store on their own. */
  place(settings: DriverSettings): Promise<StorePlace>;
  open(settings: DriverSettings): Promise<FileStore>;
}

export type StorageDrivers = Readonly<Partial<Record<StorageType, StorageDriver>>>;
