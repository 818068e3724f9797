/** What the address of the page says: which package is edited, or nothing for a new one. */
export interface NewPackageSearch {
  readonly edit?: string | undefined;
}

export function readNewPackageSearch({ edit }: Record<string, unknown>): NewPackageSearch {
  return typeof edit === 'string' && edit !== '' ? { edit } : {};
}
