import { array, assert, constantFrom, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { NeedsOutside } from './needs-outside.ts';

const id = constantFrom(...Array.from({ length: 12 }, (_, n) => n.toString(16).toUpperCase().repeat(32)), 'no id');
const entries = array(record({ id, needs: array(id, { maxLength: 5 }) }), { maxLength: 12 });

it('are what entries need, unless the package holds it, wherever it stands', () => {
  assert(
    property(array(entries, { maxLength: 4 }), (batches) => {
      const needs = new NeedsOutside();
      for (const batch of batches) {
        const noted = batch.map((entry) => ({
          entry: { id: entry.id, references: entry.needs.map((need) => ({ id: need, type: null })) },
        }));
        // Every second one is there without its needs.
        needs.note(
          noted,
          noted.filter((_, at) => at % 2 === 0),
        );
      }
      const held = new Set(batches.flat().map((entry) => entry.id));
      const needed = batches.flatMap((batch) => batch.filter((_, at) => at % 2 === 0).flatMap((entry) => entry.needs));
      const expected = [...new Set(needed)].filter((need) => !held.has(need)).toSorted();
      expect([...needs.parts()].flat(2).toSorted()).toEqual(expected);
    }),
  );
});

it('come in parts', () => {
  const needs = new NeedsOutside();
  const references = Array.from({ length: 2_500 }, (_, n) => ({
    id: n.toString(16).padStart(32, '0').toUpperCase(),
    type: 4,
  }));
  needs.note([], [{ entry: { id: 'A'.repeat(32), references } }]);
  expect([...needs.parts()].map((part) => part.length)).toEqual([1_000, 1_000, 500]);
});
