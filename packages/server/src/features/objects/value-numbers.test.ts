import { array, assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { ValueNumbers } from './value-numbers.ts';

it('numbers values in the order in which they are met, each once, and gives them back', () => {
  assert(
    property(array(string({ maxLength: 2 })), (given) => {
      const numbers = new ValueNumbers<string>();
      const distinct = [...new Set(given)];
      for (const value of given) expect(numbers.of(value)).toBe(distinct.indexOf(value));
      expect(numbers.values).toEqual(distinct);
      for (const [number, value] of distinct.entries()) {
        expect(numbers.find(value)).toBe(number);
        expect(numbers.at(number)).toBe(value);
      }
      expect(numbers.find('longer')).toBeUndefined();
      expect(numbers.at(distinct.length)).toBeUndefined();
    }),
  );
});
