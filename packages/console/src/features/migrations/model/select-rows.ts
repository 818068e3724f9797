import type { Sort } from '../../../design/index.ts';
import type { MigrationsSearch } from '../migrations-search.ts';
import type { RowFacts } from './row-facts.ts';

type Value = (facts: RowFacts) => string | number;

/** What each column is sorted by. */
export const SORT_VALUES = {
  name: (facts) => facts.name.toLowerCase(),
  status: (facts) => facts.status.word,
  kind: (facts) => facts.kind,
  places: (facts) => `${facts.source} ${facts.target}`.toLowerCase(),
  owner: (facts) => facts.owner.toLowerCase(),
  created: (facts) => facts.created,
  updated: (facts) => facts.updated,
  size: (facts) => facts.size ?? -1,
  certification: (facts) => facts.certification ?? '',
} as const satisfies Record<string, Value>;
export type SortColumn = keyof typeof SORT_VALUES;

const isSortColumn = (column: string): column is SortColumn => Object.hasOwn(SORT_VALUES, column);

/** Newest first, unless the address says otherwise. */
export function sortOf({ sort, order }: MigrationsSearch): Sort & { readonly column: SortColumn } {
  if (sort === undefined || !isSortColumn(sort)) return { column: 'created', order: order ?? 'descending' };
  return { column: sort, order: order ?? 'ascending' };
}

/** The rows that the address asks for, in its order; rows that sort alike keep theirs. */
export function selectRows(rows: readonly RowFacts[], search: MigrationsSearch): readonly RowFacts[] {
  const words = (search.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const { column, order } = sortOf(search);
  const value: Value = SORT_VALUES[column];
  const direction = order === 'ascending' ? 1 : -1;
  return rows
    .filter((facts) => matches(facts, search) && words.every((word) => textOf(facts).includes(word)))
    .toSorted((a, b) => direction * compare(value(a), value(b)));
}

function matches(facts: RowFacts, { status, type, environment }: MigrationsSearch): boolean {
  if (status !== undefined && facts.status.word !== status) return false;
  if (type !== undefined && facts.kind !== type) return false;
  return environment === undefined || facts.source === environment || facts.target === environment;
}

const textOf = (facts: RowFacts): string =>
  `${facts.name}\n${facts.owner}\n${facts.project}\n${facts.source}\n${facts.target}\n${facts.id}`.toLowerCase();

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Clicking a column sorts by it; clicking again turns the order. */
export function nextSort(current: Sort, column: string): Pick<MigrationsSearch, 'sort' | 'order'> {
  const isTurned = current.column === column && current.order === 'ascending';
  return { sort: column, order: isTurned ? 'descending' : 'ascending' };
}
