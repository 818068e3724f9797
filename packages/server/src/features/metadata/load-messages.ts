import type { ErrorKind, LoadResult } from '@longshore/contracts';
import type { LoadOrder } from './metadata-load.ts';

/** What the load's thread is started with. */
export interface LoadWorkerData {
  /** Where the metadata is; see `openConnection`. */
  readonly location: string;
  readonly order: LoadOrder;
  /** How long it waits for another writer to end, in milliseconds. */
  readonly lockPatience: number;
}

export type LoadCommand =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'abort' };

export type LoadReport =
  | { readonly kind: 'consumed'; readonly bytes: number }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly error: ErrorKind; readonly message: string };
