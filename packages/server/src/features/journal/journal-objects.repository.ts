import { sql } from 'kysely';
import type { JournalChange } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { JournalEntryTable, MetadataTables } from '../../platform/db/metadata-schema.ts';

/** Which objects of a transaction are shown; a condition that is absent filters nothing. */
export interface JournalObjectFilter {
  readonly transactionId: number;
  readonly change?: JournalChange | undefined;
  /** Part of the name, or an id. */
  readonly q?: string | undefined;
}

/** Reads what one transaction did to each object, by name. */
export function journalObjects(db: Executor<MetadataTables>) {
  return {
    async hasTransaction(id: number): Promise<boolean> {
      const row = await db.selectFrom('journal_transaction').select('id').where('id', '=', id).executeTakeFirst();
      return row !== undefined;
    },

    async countChanges(transactionId: number): Promise<ReadonlyMap<string, number>> {
      const rows = await db
        .selectFrom('journal_entry')
        .select((eb) => ['change', eb.fn.countAll<number>().as('n')])
        .where('transaction_id', '=', transactionId)
        .groupBy('change')
        .execute();
      return new Map(rows.map(({ change, n }) => [change, n]));
    },

    async countObjects(filter: JournalObjectFilter): Promise<number> {
      const row = await objectsOf(db, filter)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return row.n;
    },

    listObjects: (filter: JournalObjectFilter, page: { offset: number; limit: number }): Promise<JournalEntryTable[]> =>
      objectsOf(db, filter)
        .selectAll()
        .orderBy('name')
        .orderBy('scope')
        .orderBy('object_id')
        .limit(page.limit)
        .offset(page.offset)
        .execute(),
  };
}

function objectsOf(db: Executor<MetadataTables>, { transactionId, change, q = '' }: JournalObjectFilter) {
  let query = db.selectFrom('journal_entry').where('transaction_id', '=', transactionId);
  if (change !== undefined) query = query.where('change', '=', change);
  if (q === '') return query;
  const pattern = `%${q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const hasInName = sql<boolean>`lower(name) LIKE ${pattern} ESCAPE '\\'`;
  return query.where((eb) => eb.or([hasInName, eb('object_id', '=', q.toUpperCase())]));
}
