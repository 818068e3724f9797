import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAME_PATTERNS } from '@longshore/contracts';
import { matchesName, toNameQuery } from './name-pattern.ts';

describe('toNameQuery', () => {
  it.each([
    [0, 'day month', 'Month of Year', true],
    [0, 'day week', 'Month of Year', false],
    [1, 'MONTH', 'Month of Year', true],
    [1, 'of', 'Month of Year', false],
    [2, 'month of year', 'Month of Year', true],
    [3, 'of y', 'Month of Year', true],
    [3, 'ear', 'Month of Year', false],
    [4, 'TH OF', 'Month of Year', true],
    [5, 'year', 'Month of Year', true],
    [4, '100%', '1000 items', false],
    [4, 'a_c', 'abc', false],
    [4, 'MÄRZ', 'Umsatz märz', true],
  ] as const)('pattern %i: "%s" in "%s" is %s', (pattern, term, name, isFound) => {
    expect(matchesName(name, term, pattern)).toBe(isFound);
  });

  it('finds in the database exactly what the rule says', () => {
    const db = new DatabaseSync(':memory:');
    const like = db.prepare(String.raw`SELECT ? LIKE ? ESCAPE '\' AS found`);
    const text = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '%', '_', '\\', 'ä', 'Ä', '😀'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, fc.constantFrom(...NAME_PATTERNS), (name, term, pattern) => {
        const query = toNameQuery(term, pattern);
        if (query === undefined) return;
        const isLike = query.like.some((each) => like.get(name, each)?.['found'] === 1);
        expect(isLike && (query.matches?.(name) ?? true)).toBe(matchesName(name, term.trim(), pattern));
      }),
      { numRuns: 2000 },
    );
    db.close();
  });

  it('asks for everything when the term is blank', () => {
    expect(toNameQuery('  ')).toBeUndefined();
    expect(toNameQuery(undefined, 2)).toBeUndefined();
  });
});
