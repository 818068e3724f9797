/** What the address of the journal says: whose, which entries are shown, and from which on. */
export interface JournalSearch {
  readonly kind?: string | undefined;
  readonly objectId?: string | undefined;
  /** `packageId:importId`, or a package's id alone. */
  readonly migration?: string | undefined;
  readonly offset?: number | undefined;
  /** Library URL of the environment whose journal it is; absent: the current one. */
  readonly at?: string | undefined;
}

/** Takes from an address what it may hold; anything else is left out. */
export function readJournalSearch({ kind, objectId, migration, offset, at }: Record<string, unknown>): JournalSearch {
  return {
    ...(isText(kind) ? { kind } : {}),
    ...(isText(objectId) ? { objectId } : {}),
    ...(isText(migration) ? { migration } : {}),
    ...(typeof offset === 'number' && Number.isSafeInteger(offset) && offset > 0 ? { offset } : {}),
    ...(isText(at) ? { at } : {}),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** What the server is asked for. */
export function journalQueryOf({ kind, objectId, migration = '', offset }: JournalSearch) {
  const [packageId, importId] = migration.split(':');
  return {
    kind,
    objectId,
    offset,
    packageId: isText(packageId) ? packageId : undefined,
    importId: isText(importId) ? importId : undefined,
  };
}
