/** What the address of the journal says: which entries are shown, and from which on. */
export interface JournalSearch {
  readonly kind?: string | undefined;
  readonly objectId?: string | undefined;
  readonly offset?: number | undefined;
}

/** Takes from an address what it may hold; anything else is left out. */
export function readJournalSearch({ kind, objectId, offset }: Record<string, unknown>): JournalSearch {
  return {
    ...(typeof kind === 'string' && kind !== '' ? { kind } : {}),
    ...(typeof objectId === 'string' && objectId !== '' ? { objectId } : {}),
    ...(typeof offset === 'number' && Number.isSafeInteger(offset) && offset > 0 ? { offset } : {}),
  };
}
