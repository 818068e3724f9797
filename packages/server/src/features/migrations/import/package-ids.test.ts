import { array, assert, constantFrom, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { PackageIds } from './package-ids.ts';

const id = constantFrom(...Array.from({ length: 12 }, (_, n) => n.toString(16).toUpperCase().repeat(32)), 'no id');
const entries = array(record({ id, needs: array(id, { maxLength: 5 }) }), { maxLength: 12 });

it('tells what entries need, unless the package holds it, wherever it stands', () => {
  assert(
    property(array(entries, { maxLength: 4 }), (batches) => {
      const ids = new PackageIds();
      for (const batch of batches) {
        // Every second one is there without its needs.
        ids.hold(batch.map((entry) => entry.id));
        ids.need(batch.filter((_, at) => at % 2 === 0).flatMap(({ needs }) => needs));
      }
      const held = new Set(batches.flat().map((entry) => entry.id));
      const needed = batches.flatMap((batch) => batch.filter((_, at) => at % 2 === 0).flatMap((entry) => entry.needs));
      const expected = [...new Set(needed)].filter((need) => !held.has(need)).toSorted();
      expect([...ids.outside()].flat(2).toSorted()).toEqual(expected);
    }),
  );
});

it('tells it in parts', () => {
  const ids = new PackageIds();
  ids.need(Array.from({ length: 2_500 }, (_, n) => n.toString(16).padStart(32, '0').toUpperCase()));
  expect([...ids.outside()].map((part) => part.length)).toEqual([1_000, 1_000, 500]);
});

it('tells the first object that is there twice, wherever the two stand, and not one that is needed only', () => {
  assert(
    property(array(entries, { maxLength: 4 }), (batches) => {
      const ids = new PackageIds();
      const seen = new Set<string>();
      for (const batch of batches) {
        const twice = batch.filter((entry) => {
          const isThere = seen.has(entry.id);
          seen.add(entry.id);
          return isThere;
        });
        ids.need(batch.flatMap(({ needs }) => needs));
        expect(ids.hold(batch.map((entry) => entry.id))).toBe(twice[0]?.id);
      }
    }),
  );
});
