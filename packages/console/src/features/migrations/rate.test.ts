import { describe, expect, it } from 'vitest';
import { rateBetween } from './use-rate.ts';

const at = (progress: number, seconds: number) => ({ phase: 'import', progress, at: seconds * 1000 });

describe('the rate of a piece of work', () => {
  it('is what was done between two looks, and says what is left', () => {
    expect(rateBetween(at(10, 0), at(30, 4))).toEqual({ percentPerSecond: 5, secondsLeft: 14 });
  });
  it.each([
    [null, null],
    [at(10, 0), null],
    [at(10, 0), at(10, 4)],
    [at(10, 4), at(30, 4)],
  ])('is not known from %j and %j', (first, last) => expect(rateBetween(first, last)).toBeNull());
});
