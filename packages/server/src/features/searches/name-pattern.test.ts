import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAME_PATTERNS } from '@longshore/contracts';
import { matchesName, toDescriptionQuery, toNameQuery } from './name-pattern.ts';

const LETTERS = ['a', 'B', ' ', '%', '_', '\\', 'ä', 'Ä', 'Σ', 'σ', 'ς', '😀'];

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
    [4, 'ΑΣ', 'ΑΣΑ', true],
    [4, 'ας', 'ΑΣΑ', true],
    [1, 'λόγος', 'ΛΌΓΟΣ ΤΟΥ ΠΕΛΆΤΗ', true],
    [5, 'ΠΕΛΆΤΗΣ', 'πελάτης', true],
    [0, 'έσοδα πελάτησ', 'ΠΕΛΆΤΗΣ', true],
  ] as const)('pattern %i: "%s" in "%s" is %s', (pattern, term, name, isFound) => {
    expect(matchesName(name, term, pattern)).toBe(isFound);
  });

  it('finds in the database exactly what the rule says', () => {
    const db = new DatabaseSync(':memory:');
    const like = db.prepare(String.raw`SELECT ? LIKE ? ESCAPE '\' AS found`);
    const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 });
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

  it('takes words once, and refuses more than can be asked for', () => {
    const words = Array.from({ length: 50 }, (_, at) => `w${at}`).join(' ');
    expect(toNameQuery(`${words} ${words}`, 0)?.like).toHaveLength(50);
    expect(() => toNameQuery(`${words} one`, 0)).toThrow(
      'name may have 50 different words at most, and this one has 51. Search for fewer, or with another pattern.',
    );
    expect(toNameQuery(`${words} one`, 4)?.like).toHaveLength(1);
  });

  it('asks for everything when the term is blank', () => {
    expect(toNameQuery('  ')).toBeUndefined();
    expect(toNameQuery(undefined, 2)).toBeUndefined();
  });
});

describe('toDescriptionQuery', () => {
  it('finds in the database exactly the descriptions that contain the term, whatever the case of its letters', () => {
    const db = new DatabaseSync(':memory:');
    const like = db.prepare(String.raw`SELECT ? LIKE ? ESCAPE '\' AS found`);
    const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 });
    fc.assert(
      fc.property(text, text, (description, term) => {
        const query = toDescriptionQuery(term);
        if (query === undefined) return;
        const isLike = like.get(description, query.like)?.['found'] === 1;
        expect(isLike && (query.matches?.(description) ?? true)).toBe(matchesName(description, term, 4));
      }),
      { numRuns: 1000 },
    );
    db.close();
  });

  it('asks for everything when there is no term', () => {
    expect([toDescriptionQuery(undefined), toDescriptionQuery('')]).toEqual([undefined, undefined]);
  });
});
