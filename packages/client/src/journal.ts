import type { Journal, JournalChange, JournalObjects } from '@longshore/contracts';
import type { Transport } from './transport.ts';

export interface JournalOptions {
  readonly offset?: number | undefined;
  /** Up to 1000; the server takes 100 when absent. */
  readonly limit?: number | undefined;
  /** Only what changed this object. */
  readonly objectId?: string | undefined;
  readonly packageId?: string | undefined;
  /** Only this import, and what was undone of it. */
  readonly importId?: string | undefined;
  /** `import`, `undo`, `load`, `edit` and others. */
  readonly kind?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface JournalObjectsOptions {
  readonly offset?: number | undefined;
  /** Up to 1000; the server takes 100 when absent. */
  readonly limit?: number | undefined;
  readonly change?: JournalChange | undefined;
  /** Part of the name, or an id. */
  readonly q?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was done to the metadata, newest first; for administrators. */
export interface JournalApi {
  list(options?: JournalOptions): Promise<Journal>;
  /** What one entry of the list did to each object, by name. */
  objects(transactionId: number, options?: JournalObjectsOptions): Promise<JournalObjects>;
}

export const createJournalApi = (transport: Transport): JournalApi => ({
  list: ({ signal, ...query } = {}) =>
    transport.json({ method: 'GET', path: '/longshore/journal', query: { ...query }, signal }),
  objects: (transactionId, { signal, ...query } = {}) =>
    transport.json({
      method: 'GET',
      path: `/longshore/journal/${transactionId}/objects`,
      query: { ...query },
      signal,
    }),
});
