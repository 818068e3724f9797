import type { Journal } from '@longshore/contracts';
import type { Transport } from './transport.ts';

export interface JournalOptions {
  readonly offset?: number | undefined;
  /** Up to 1000; the server takes 100 when absent. */
  readonly limit?: number | undefined;
  /** Only what changed this object. */
  readonly objectId?: string | undefined;
  /** `import`, `undo`, `load`, `edit` and others. */
  readonly kind?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was done to the metadata, newest first; for administrators. */
export interface JournalApi {
  list(options?: JournalOptions): Promise<Journal>;
}

export function createJournalApi(transport: Transport): JournalApi {
  return {
    list: ({ signal, ...query } = {}) =>
      transport.json({ method: 'GET', path: '/longshore/journal', query: { ...query }, signal }),
  };
}
