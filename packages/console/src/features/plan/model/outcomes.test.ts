import { expect, it } from 'vitest';
import { OUTCOMES } from '@longshore/domain';
import { countsOf, isOutcome, SHOWN_OUTCOMES } from './outcomes.ts';

const NONE = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<(typeof OUTCOMES)[number], number>;

it('every outcome is shown, deletions first', () => {
  expect([...SHOWN_OUTCOMES].toSorted()).toEqual([...OUTCOMES].toSorted());
  expect(SHOWN_OUTCOMES[0]).toBe('delete');
});

it('counts leave out what there is none of, and add up', () => {
  const counts = countsOf({ ...NONE, keep: 5, create: 2, delete: 1 });
  expect(counts.map(({ id }) => id)).toEqual(['delete', 'create', 'keep']);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(8);
});

it('an address can hold anything', () => {
  expect([isOutcome('move'), isOutcome('nothing'), isOutcome(7)]).toEqual([true, false, false]);
});
