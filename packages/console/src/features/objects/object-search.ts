/** The parts of an object's page; the address says which is shown. */
export const PARTS = ['overview', 'definition', 'access', 'translations', 'uses', 'usedBy', 'graph'] as const;
export type Part = (typeof PARTS)[number];

export interface ObjectSearch {
  readonly part?: Part | undefined;
  /** Library URL of the environment that the object is looked at in; absent: the current one. */
  readonly at?: string | undefined;
}

/** Takes from an address what it may hold; anything else is left out. */
export function readObjectSearch({ part, at }: Record<string, unknown>): ObjectSearch {
  const known = PARTS.find((one) => one === part);
  return { ...(known === undefined ? {} : { part: known }), ...(typeof at === 'string' && at !== '' ? { at } : {}) };
}
