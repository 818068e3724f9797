import type { PackageEntry } from '@longshore/domain';

/** What some entries of a package refer to, in few values that another thread can be sent. */
export interface NeededObjects {
  /** Ids of the entries themselves, and of those between them of which nothing is staged. */
  readonly held: readonly string[];
  /** For each reference: the position of the entry, the id and the type of the other object; NaN where it has none. */
  readonly positions: Float64Array<ArrayBuffer>;
  readonly ids: readonly string[];
  readonly types: Float64Array<ArrayBuffer>;
  /** Of objects that the package does not hold. */
  readonly names: readonly (readonly [id: string, name: string])[];
}

interface Placed {
  readonly entry: Pick<PackageEntry, 'references'>;
  readonly position: number;
}

/** @param held ids as in `NeededObjects` */
export function neededObjects(held: readonly string[], entries: readonly Placed[]): NeededObjects {
  const references = entries.flatMap(({ entry }) => entry.references);
  const positions = new Float64Array(references.length);
  let at = 0;
  for (const { entry, position } of entries) positions.fill(position, at, (at += entry.references.length));
  return {
    held,
    positions,
    ids: references.map(({ id }) => id),
    types: Float64Array.from(references, ({ type }) => type ?? Number.NaN),
    names: references.flatMap(({ id, name }): [string, string][] => (name === undefined ? [] : [[id, name]])),
  };
}
