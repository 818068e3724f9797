import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

export interface PurgedEntries {
  /** Null for every scope, that of the configuration included. */
  readonly scopes: readonly string[] | null;
  /** Wire date; null for all entries so far. */
  readonly before: string | null;
}

/** Transactions that prove what an import or undo came to; settling after a crash looks for them. */
const KEPT_KINDS = ['import', 'undo', 'purge'];

/** Takes entries out of the journal, and with them the transactions of which nothing is left. */
export function journalPurge(tx: Executor<MetadataTables>) {
  return {
    /** @returns the number of entries removed */
    async remove({ scopes, before }: PurgedEntries): Promise<number> {
      let entries = tx.deleteFrom('journal_entry');
      let transactions = tx.deleteFrom('journal_transaction').where('kind', 'not in', KEPT_KINDS);
      if (scopes !== null) entries = entries.where('scope', 'in', [...scopes]);
      if (before !== null) {
        entries = entries.where('transaction_id', 'in', (eb) =>
          eb.selectFrom('journal_transaction').select('id').where('date', '<', before),
        );
        transactions = transactions.where('date', '<', before);
      }
      const { numDeletedRows } = await entries.executeTakeFirstOrThrow();
      await transactions
        .where('id', 'not in', (eb) => eb.selectFrom('journal_entry').select('transaction_id'))
        .execute();
      return Number(numDeletedRows);
    },
  };
}
