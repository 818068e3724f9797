import { sql, type ExpressionBuilder } from 'kysely';
import { NO_LIMIT } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { JournalEntryTable, JournalTransactionTable, MetadataTables } from '../../platform/db/metadata-schema.ts';

/** Which entries a search of the change journal shows; a condition that is absent filters nothing. */
export interface EntryFilter {
  /** Lists whose objects may be shown; null shows all, also of objects that are gone. */
  readonly aclIds: readonly string[] | null;
  readonly objectIds?: readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly userIds?: readonly string[] | undefined;
  readonly changes?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly firstTransaction?: number | undefined;
  readonly lastTransaction: number;
  readonly beginDate?: string | undefined;
  readonly endDate?: string | undefined;
}

export interface EntryRow extends JournalEntryTable {
  readonly kind: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly date: string;
  readonly comment: string;
}

export interface TransactionRow extends Omit<JournalTransactionTable, 'id'> {
  readonly id: number;
  readonly changes: number;
}

export interface TransactionFilter {
  readonly objectId?: string | undefined;
  readonly packageId?: string | undefined;
  readonly importId?: string | undefined;
  readonly kind?: string | undefined;
}

/** Reads the journal, newest first. */
export function journalLists(db: Executor<MetadataTables>) {
  return {
    async lastTransaction(): Promise<number> {
      const row = await db
        .selectFrom('journal_transaction')
        .select((eb) => eb.fn.max('id').as('last'))
        .executeTakeFirst();
      return row?.last ?? 0;
    },

    listEntries: (filter: EntryFilter, page: { offset: number; limit: number }): Promise<EntryRow[]> =>
      db
        .selectFrom('journal_entry as e')
        .innerJoin('journal_transaction as t', 't.id', 'e.transaction_id')
        .where((eb) => eb.and(entryConditions(eb, filter)))
        .selectAll('e')
        .select(['t.kind', 't.user_id', 't.user_name', 't.date', 't.comment'])
        .orderBy('e.transaction_id', 'desc')
        .orderBy('e.scope')
        .orderBy('e.object_id')
        .limit(page.limit < 0 ? NO_LIMIT : page.limit)
        .offset(page.offset)
        .execute(),

    async countTransactions(filter: TransactionFilter): Promise<number> {
      const row = await transactions(db, filter)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return row.total;
    },

    async listTransactions(
      filter: TransactionFilter,
      page: { offset: number; limit: number },
    ): Promise<TransactionRow[]> {
      const rows = await transactions(db, filter)
        .selectAll('t')
        .select((eb) =>
          eb
            .selectFrom('journal_entry as e')
            .whereRef('e.transaction_id', '=', 't.id')
            .select((each) => each.fn.countAll<number>().as('n'))
            .as('changes'),
        )
        .orderBy('t.id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return rows.map((row) => ({ ...row, changes: row.changes ?? 0 }));
    },
  };
}

function transactions(db: Executor<MetadataTables>, { objectId, packageId, importId, kind }: TransactionFilter) {
  let query = db.selectFrom('journal_transaction as t');
  if (kind !== undefined) query = query.where('t.kind', '=', kind);
  if (packageId !== undefined) query = query.where('t.package_id', '=', packageId);
  if (importId !== undefined) query = query.where('t.import_id', '=', importId);
  if (objectId === undefined) return query;
  return query.where('t.id', 'in', (eb) =>
    eb.selectFrom('journal_entry').select('transaction_id').where('object_id', '=', objectId),
  );
}

type EntryTables = MetadataTables & { e: JournalEntryTable; t: MetadataTables['journal_transaction'] };
const textList = (texts: readonly string[]) => sql<string>`(SELECT value FROM json_each(${JSON.stringify(texts)}))`;

function entryConditions(eb: ExpressionBuilder<EntryTables, 'e' | 't'>, filter: EntryFilter) {
  return [
    eb('e.transaction_id', '<=', filter.lastTransaction),
    ...given(filter.firstTransaction, (first) => eb('e.transaction_id', '>=', first)),
    ...given(filter.objectIds, (ids) => eb('e.object_id', 'in', textList(ids))),
    ...given(filter.scopes, (scopes) => eb('e.scope', 'in', textList(scopes))),
    ...given(filter.userIds, (ids) => eb('t.user_id', 'in', textList(ids))),
    ...given(filter.changes, (changes) => eb('e.change', 'in', textList(changes))),
    ...given(filter.kinds, (kinds) => eb('t.kind', 'in', textList(kinds))),
    ...given(filter.beginDate, (date) => eb('t.date', '>=', date)),
    ...given(filter.endDate, (date) => eb('t.date', '<=', date)),
    ...given(filter.aclIds, (aclIds) =>
      eb.exists(
        eb
          .selectFrom('object as o')
          .select('o.id')
          .whereRef('o.scope', '=', 'e.scope')
          .whereRef('o.id', '=', 'e.object_id')
          .where('o.acl_id', 'in', textList(aclIds)),
      ),
    ),
  ];
}

const given = <V, C>(value: V | null | undefined, condition: (value: V) => C): C[] =>
  value === undefined || value === null ? [] : [condition(value)];
