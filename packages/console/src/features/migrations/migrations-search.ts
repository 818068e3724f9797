/** What the address of the migrations page says: which rows are shown, and in which order. */
export interface MigrationsSearch {
  readonly text?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
  readonly environment?: string | undefined;
  readonly sort?: string | undefined;
  readonly order?: 'ascending' | 'descending' | undefined;
}

const WORDS = ['text', 'status', 'type', 'environment', 'sort'] as const;

/** Takes from an address what it may hold; anything else is left out. */
export function readMigrationsSearch(search: Record<string, unknown>): MigrationsSearch {
  const words = WORDS.flatMap((key) => {
    const value = search[key];
    return typeof value === 'string' && value !== '' ? [[key, value] as const] : [];
  });
  const { order } = search;
  const isOrder = order === 'ascending' || order === 'descending';
  return { ...Object.fromEntries(words), ...(isOrder ? { order } : {}) };
}
