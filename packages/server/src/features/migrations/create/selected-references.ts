import type { IdNumbers } from '../id-numbers.ts';
import type { ChosenObjects } from './chosen-objects.ts';
import type { KeptReferences } from './kept-references.ts';
import type { SelectedReferences } from './package-selection.ts';

/** What chosen objects use, for those who know objects by their ids. */
export function selectedReferences(
  numbers: IdNumbers,
  chosen: ChosenObjects,
  references: KeptReferences,
): SelectedReferences {
  const usedOutside = (objects: readonly number[]): Set<string> => {
    const outside = new Set<string>();
    for (const object of objects) {
      for (const used of references.usedBy(object)) if (!chosen.has(used)) outside.add(numbers.idOf(used));
    }
    return outside;
  };
  const texts = (objects: readonly number[], names: ReadonlyMap<string, string>): string[] => {
    const byNumber = new Map([...names].map(([id, name]) => [numbers.of(id), name]));
    const nameOf = byNumber.size === 0 ? () => undefined : (used: number) => byNumber.get(used);
    return objects.map((object) => references.textOf(object, nameOf));
  };
  return {
    async of(ids) {
      const objects = ids.map((id) => numbers.of(id));
      await references.load(objects);
      return { outside: usedOutside(objects), texts: (names) => texts(objects, names) };
    },
  };
}
