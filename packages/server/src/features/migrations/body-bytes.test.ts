import { array, assert, nat, property } from 'fast-check';
import { expect, it } from 'vitest';
import { fittingBodies } from './body-bytes.ts';

const MB = 1024 * 1024;
const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

it('takes as many bodies as fit, and one that does not fit alone', () => {
  expect(fittingBodies([])).toBe(0);
  expect(fittingBodies([64 * MB, 1])).toBe(1);
  expect(fittingBodies([4 * MB, 4 * MB, 1])).toBe(2);
  assert(
    property(array(nat(3 * MB), { minLength: 1 }), (sizes) => {
      const count = fittingBodies(sizes);
      expect(count).toBeGreaterThan(0);
      expect(sum(sizes.slice(0, count))).toBeLessThanOrEqual(8 * MB);
      if (count < sizes.length) expect(sum(sizes.slice(0, count + 1))).toBeGreaterThan(8 * MB);
    }),
  );
});
