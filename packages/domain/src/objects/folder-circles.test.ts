import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldersOnCircles } from './folder-circles.ts';

describe('foldersOnCircles', () => {
  it('finds the members of each circle, and not what lies below', () => {
    const parentOf = new Map([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['below', 'a'],
      ['deeper', 'below'],
      ['own', 'own'],
      ['x', 'root'],
      ['y', 'x'],
    ]);
    expect([...foldersOnCircles(parentOf)].toSorted()).toEqual(['a', 'b', 'c', 'own']);
    expect(foldersOnCircles(new Map())).toEqual(new Set());
  });

  it('finds exactly the folders from which the way up comes back', () => {
    const edges = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 11 })), {
      selector: ([folder]) => folder,
    });
    fc.assert(
      fc.property(edges, (pairs) => {
        const parentOf = new Map(pairs.map(([folder, parent]) => [`${folder}`, `${parent}`]));
        const comesBack = (start: string): boolean => {
          let at = parentOf.get(start);
          for (let steps = 0; at !== undefined && at !== start && steps < 12; steps += 1) at = parentOf.get(at);
          return at === start;
        };
        expect(foldersOnCircles(parentOf)).toEqual(new Set([...parentOf.keys()].filter(comesBack)));
      }),
    );
  });
});
