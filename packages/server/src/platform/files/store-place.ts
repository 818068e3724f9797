import type { FileStore } from './file-store.ts';
import { FilesystemStore } from './filesystem-store.ts';
import type { S3Place } from './s3/s3-place.ts';

/** A folder that this machine has, for example of a network drive. */
export interface FolderPlace {
  readonly kind: 'folder';
  /** Absolute. */
  readonly location: string;
}

/**
 * Where the shared file store is, with all that is needed to open it: plain data for other threads of this process. It
 * holds keys in the clear, so it is never logged and never written anywhere.
 */
export type StorePlace = FolderPlace | S3Place;

export interface OpenStoreOptions {
  /** Names what this process has not finished; see the stores. */
  readonly instanceId: string;
  /** How long an object storage is waited for: jobs may wait, people may not. */
  readonly patience: 'request' | 'job';
}

/** A job outlasts a storage that is away for half a minute or so. */
const PATIENCE = {
  request: { attempts: 4, requestMs: 30_000 },
  job: { attempts: 9, requestMs: 120_000 },
} as const;

/** Opens the store at a place. What speaks S3 is loaded only where it is used. */
export async function openFileStore(place: StorePlace, { instanceId, patience }: OpenStoreOptions): Promise<FileStore> {
  if (place.kind === 'folder') return new FilesystemStore({ location: place.location, instanceId });
  const { S3Store } = await import('./s3/s3-store.ts');
  return new S3Store({ place, instanceId, patience: PATIENCE[patience] });
}
