import { AppError, type ChangeJournalSearch, type JournalQuery } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId, projectOf } from '@longshore/domain';
import type { Caller } from '../../platform/http/access.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { parseJournalDate } from './journal-date.ts';
import { journalLists, type EntryFilter, type EntryRow, type TransactionRow } from './journal-lists.repository.ts';

/** An entry of the change journal as clients read it. */
export interface ChangeJournalEntry {
  readonly transactionId: string;
  readonly transactionType: string;
  readonly transactionSource: string;
  readonly timestamp: string;
  readonly changeType: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly userComments?: string;
  readonly object: { readonly id: string; readonly name: string; readonly type: number };
  readonly project?: { readonly id: string };
  readonly versionBefore?: string;
  readonly versionAfter?: string;
}

export interface JournalPage {
  readonly total: number;
  readonly data: JournalTransaction[];
}

export interface JournalTransaction {
  readonly id: number;
  readonly kind: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly date: string;
  readonly comment?: string;
  readonly packageId?: string;
  readonly importId?: string;
  readonly summary: Record<string, unknown>;
  readonly changes: number;
}

/** The change journal in two steps (spec/api.md 2.14), and the journal of transactions for administrators. */
export interface ChangeJournalService {
  start(caller: Caller, search: ChangeJournalSearch): Promise<{ searchId: string }>;
  entries(
    caller: Caller,
    searchId: string,
    page: { offset: number; limit: number },
  ): Promise<{ changeJournalEntries: ChangeJournalEntry[] }>;
  list(query: JournalQuery): Promise<JournalPage>;
}

/** Searches that are remembered; a search is its conditions, so little is lost when the oldest goes. */
const KEPT_SEARCHES = 1000;

export function createChangeJournalService({ platform, access }: ObjectContext): ChangeJournalService {
  const db = platform.metadata.reader;
  const searches = new Map<string, { sessionId: string; filter: Omit<EntryFilter, 'aclIds'> }>();
  return {
    async start(caller, search) {
      const searchId = platform.ids.objectId();
      // Pages are of one state of the journal: what is written later has greater numbers.
      const filter = toFilter(search, await journalLists(db).lastTransaction());
      searches.set(searchId, { sessionId: caller.sessionId, filter });
      const [oldest] = searches.keys();
      if (searches.size > KEPT_SEARCHES && oldest !== undefined) searches.delete(oldest);
      return { searchId };
    },

    async entries(caller, searchId, page) {
      const search = searches.get(searchId.toUpperCase());
      if (search?.sessionId !== caller.sessionId) {
        throw new AppError('notFound', `There is no journal search with the id ${searchId} in this session.`);
      }
      // Who bypasses security in the configuration also sees what is gone; others see what they may browse.
      const aclIds = await access.browsable(accessorOf(caller, CONFIGURATION_SCOPE));
      const rows = await journalLists(db).listEntries({ ...search.filter, aclIds }, page);
      return { changeJournalEntries: rows.map(toEntry) };
    },

    async list({ offset, limit, kind, ...ids }) {
      const filter = {
        kind,
        objectId: ids.objectId?.toUpperCase(),
        packageId: ids.packageId?.toUpperCase(),
        importId: ids.importId?.toUpperCase(),
      };
      const total = await journalLists(db).countTransactions(filter);
      const rows = await journalLists(db).listTransactions(filter, { offset, limit });
      return { total, data: rows.map(toTransaction) };
    },
  };
}

function toFilter(search: ChangeJournalSearch, last: number): Omit<EntryFilter, 'aclIds'> {
  const { beginTransactionId, endTransactionId } = search;
  return {
    objectIds: idsOf(search.affectedObjects),
    scopes: idsOf(search.affectedProjects),
    userIds: idsOf(search.users),
    changes: lowerCase(search.changeTypes),
    kinds: lowerCase(search.transactionTypes),
    firstTransaction: beginTransactionId === undefined ? undefined : toNumber(beginTransactionId),
    lastTransaction: endTransactionId === undefined ? last : Math.min(last, toNumber(endTransactionId)),
    beginDate: search.beginTime === undefined ? undefined : parseJournalDate(search.beginTime),
    endDate: search.endTime === undefined ? undefined : parseJournalDate(search.endTime),
  };
}

/** An id that is none stays in the list: it matches nothing, and leaving it out would match everything. */
const idsOf = (references: readonly { readonly id: string }[] | undefined): string[] | undefined =>
  references === undefined || references.length === 0 ? undefined : references.map(({ id }) => parseObjectId(id) ?? id);

const lowerCase = (words: readonly string[] | undefined): string[] | undefined =>
  words === undefined || words.length === 0 ? undefined : words.map((word) => word.toLowerCase());

function toNumber(value: number | string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new AppError('invalid', `Invalid value: ${value} is not the number of a transaction.`);
}

function toEntry(row: EntryRow): ChangeJournalEntry {
  const projectId = projectOf(row.scope);
  return {
    transactionId: String(row.transaction_id),
    transactionType: row.kind,
    transactionSource: 'library',
    timestamp: row.date,
    changeType: row.change,
    user: { id: row.user_id, name: row.user_name },
    ...(row.comment === '' ? {} : { userComments: row.comment }),
    object: { id: row.object_id, name: row.name, type: row.type },
    ...(projectId === null ? {} : { project: { id: projectId } }),
    ...(row.version_before === null ? {} : { versionBefore: row.version_before }),
    ...(row.version_after === null ? {} : { versionAfter: row.version_after }),
  };
}

function toTransaction(row: TransactionRow): JournalTransaction {
  return {
    id: row.id,
    kind: row.kind,
    user: { id: row.user_id, name: row.user_name },
    date: row.date,
    ...(row.comment === '' ? {} : { comment: row.comment }),
    ...(row.package_id === null ? {} : { packageId: row.package_id }),
    ...(row.import_id === null ? {} : { importId: row.import_id }),
    summary: JSON.parse(row.summary) as Record<string, unknown>,
    changes: row.changes,
  };
}
