import { array, assert, constantFrom, oneof, property, string, stringMatching } from 'fast-check';
import { expect, it } from 'vitest';
import { IdNumbers } from './id-numbers.ts';

const ids = oneof(
  stringMatching(/^[0-9A-F]{32}$/),
  // Ids that differ in few bits, and what is no id.
  stringMatching(/^0{30}[0-3]{2}$/),
  stringMatching(/^[0-3]{2}0{30}$/),
  constantFrom('', '0', 'a'.repeat(32), 'A'.repeat(31), `${'A'.repeat(32)}\n`, 'Ä'.repeat(32)),
  string(),
);

it('numbers ids in the order in which they are met, each once, and gives them back as they were', () => {
  assert(
    property(array(ids, { maxLength: 200 }), (given) => {
      const numbers = new IdNumbers();
      const expected = new Map<string, number>();
      for (const id of given) {
        if (!expected.has(id)) expected.set(id, expected.size);
        expect(numbers.of(id)).toBe(expected.get(id));
      }
      expect(numbers.size).toBe(expected.size);
      for (const [id, number] of expected) {
        expect(numbers.idOf(number)).toBe(id);
        expect(numbers.jsonOf(number)).toBe(JSON.stringify(id));
      }
      const inOrder = [...expected.keys()].toSorted().map((id) => expected.get(id));
      expect(numbers.sorted([...expected.values()])).toEqual(inOrder);
      expect(() => numbers.idOf(expected.size)).toThrow(RangeError);
    }),
  );
});

it('has room for many, some of which are no ids', () => {
  const numbers = new IdNumbers();
  const idAt = (n: number): string => (n % 1_000 === 0 ? `no id ${n}` : n.toString(16).toUpperCase().padStart(32, '0'));
  for (let n = 0; n < 50_000; n += 1) expect(numbers.of(idAt(n))).toBe(n);
  for (let n = 0; n < 50_000; n += 7) expect([numbers.of(idAt(n)), numbers.idOf(n)]).toEqual([n, idAt(n)]);
});
