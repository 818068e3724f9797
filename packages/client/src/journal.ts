import type { ChangeJournalEntries, Journal } from '@longshore/contracts';
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
  /** The objects that one entry of the list is about, at most `limit` of them. */
  entries(
    transactionId: number,
    options: { readonly limit: number; readonly signal?: AbortSignal | undefined },
  ): Promise<ChangeJournalEntries['changeJournalEntries']>;
}

export function createJournalApi(transport: Transport): JournalApi {
  return {
    list: ({ signal, ...query } = {}) =>
      transport.json({ method: 'GET', path: '/longshore/journal', query: { ...query }, signal }),
    async entries(transactionId, { limit, signal }) {
      const json = { beginTransactionId: transactionId, endTransactionId: transactionId };
      const search = { method: 'POST', path: '/changeJournal', json, signal } as const;
      const { searchId } = await transport.json<{ searchId: string }>(search);
      const path = `/changeJournal/${searchId}`;
      const page = await transport.json<ChangeJournalEntries>({ method: 'GET', path, query: { limit }, signal });
      return page.changeJournalEntries;
    },
  };
}
