import { assert, constantFrom, nat, property, record, stringMatching, uniqueArray } from 'fast-check';
import { expect, it } from 'vitest';
import { ChosenObjects } from './chosen-objects.ts';
import type { Choice } from './package-selection.ts';
import { IdNumbers } from '../id-numbers.ts';

const FOLDER = 8;
const CHOICES: readonly Choice[] = [
  { role: 'content', action: 'replace', explicitIncluded: true, includeDependents: true },
  { role: 'dependent', action: 'use_existing', explicitIncluded: false, includeDependents: false },
  { role: 'ancestor', action: 'use_existing', explicitIncluded: false, includeDependents: false },
];

const objects = uniqueArray(
  record({
    id: stringMatching(/^[0-9A-F]{4}$/),
    type: constantFrom(1, 3, 4, FOLDER, 55),
    /** Among the folders that come before it, by position; none where there is none. */
    folder: nat(20),
    choice: constantFrom(...CHOICES),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 60 },
);

it('keeps each choice, and puts folders before what is in them and the rest by type and id', () => {
  assert(
    property(objects, (given) => {
      const numbers = new IdNumbers();
      const chosen = new ChosenObjects(numbers);
      const folders: string[] = [];
      const parents = new Map<string, string | null>();
      for (const { id, type, folder, choice } of given) {
        const parentId = folders[folder] ?? null;
        parents.set(id, parentId);
        chosen.set(numbers.of(id), { type, parentId }, choice);
        if (type === FOLDER) folders.push(id);
      }
      for (const { id, choice } of given) expect(chosen.entryOf(numbers.of(id))).toEqual({ id, choice });
      for (const { role } of CHOICES) {
        expect(chosen.countOf(role)).toBe(given.filter(({ choice }) => choice.role === role).length);
      }
      const order = Array.from(chosen.inPackageOrder(), (object) => numbers.idOf(object));
      expect(order.toSorted()).toEqual(given.map(({ id }) => id).toSorted());
      for (const [at, id] of order.entries()) {
        const parent = parents.get(id) ?? null;
        if (parent !== null) expect(order.indexOf(parent)).toBeLessThan(at);
      }
      const others = given.filter(({ type }) => type !== FOLDER);
      const expected = others.toSorted((a, b) => a.type - b.type || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
      expect(order.slice(folders.length)).toEqual(expected);
    }),
  );
});

it('orders folders that lie in one another in a circle, each once', () => {
  const numbers = new IdNumbers();
  const chosen = new ChosenObjects(numbers);
  const [choice] = CHOICES;
  if (!choice) throw new Error('There is no choice.');
  chosen.set(numbers.of('B'), { type: FOLDER, parentId: 'A' }, choice);
  chosen.set(numbers.of('A'), { type: FOLDER, parentId: 'B' }, choice);
  chosen.set(numbers.of('C'), { type: FOLDER, parentId: 'C' }, choice);
  expect(Array.from(chosen.inPackageOrder(), (object) => numbers.idOf(object)).toSorted()).toEqual(['A', 'B', 'C']);
});
