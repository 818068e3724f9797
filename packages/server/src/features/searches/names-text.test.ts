import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NAME_PATTERNS } from '@longshore/contracts';
import { IdSieve, IndexBlock, isBefore } from './index-block.ts';
import { toNameQuery } from './name-pattern.ts';
import { partFinder } from './names-text.ts';
import { ObjectKinds } from './object-kinds.ts';
import { packIds } from './packed-ids.ts';

const LETTERS = [
  'a',
  'B',
  'b',
  ' ',
  '%',
  '_',
  '\\',
  '.',
  '*',
  'ä',
  'Ä',
  'İ',
  'K',
  'k',
  'ß',
  'Σ',
  'ς',
  '😀',
  '\n',
  '\0',
];
const name = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 5 });
const term = fc.string({ unit: fc.constantFrom(...LETTERS.slice(0, -1)), maxLength: 4 });
const idOf = (number: number): string => number.toString(16).toUpperCase().padStart(32, '0');

const KIND = { type: 4, subtype: 1024, hidden: 0, acl_id: 'list', owner_id: idOf(7) };

it('finds of many names those that SQLite finds one by one', () => {
  const db = new DatabaseSync(':memory:');
  const like = db.prepare(String.raw`SELECT ? LIKE ? ESCAPE '\' AS found`);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), term, fc.constantFrom(...NAME_PATTERNS), (names, asked, pattern) => {
      const query = toNameQuery(asked, pattern);
      if (query === undefined) return;
      const kinds = new ObjectKinds();
      const block = IndexBlock.of({
        names,
        ids: names.map((_, row) => idOf(row)),
        kinds: Uint32Array.from(names, () => kinds.numberOf(KIND)),
      });
      const found = block.rows(query.parts.map(partFinder), kinds.allowed({ aclIds: null }));
      const meant = found.filter((row) => query.matches?.(block.nameOf(row)) ?? true);
      const expected = [...names.keys()].filter((row) => {
        const each = names[row] ?? '';
        const isLike = query.like.some((text) => like.get(each, text)?.['found'] === 1);
        return isLike && (query.matches?.(each.split('\0')[0] ?? '') ?? true);
      });
      expect(meant).toEqual(expected);
    }),
    { numRuns: 4000 },
  );
  db.close();
});

it('orders places as SQLite does', () => {
  const db = new DatabaseSync(':memory:');
  const before = db.prepare('SELECT (?, ?) < (?, ?) AS found');
  const text = fc.string({ unit: fc.constantFrom('a', 'B', 'ä', '\uFFFD', '😀'), maxLength: 3 });
  const place = fc.record({ name: text, id: fc.nat(3).map(idOf) });
  fc.assert(
    fc.property(place, place, (one, other) => {
      expect(isBefore(one, other)).toBe(before.get(one.name, one.id, other.name, other.id)?.['found'] === 1);
    }),
  );
  db.close();
});

it('lets through what has one of the ids', () => {
  const number = fc.nat(5000);
  fc.assert(
    fc.property(fc.array(number, { maxLength: 20 }), fc.array(number, { maxLength: 20 }), (some, others) => {
      const sieve = new IdSieve(new Set(some.map(idOf)));
      expect(sieve.meets(packIds(others.map(idOf)))).toBe(others.some((each) => some.includes(each)));
    }),
  );
});
