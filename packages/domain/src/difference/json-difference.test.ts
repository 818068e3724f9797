import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../objects/canonical-json.ts';
import type { JsonValue } from '../objects/metadata-object.ts';
import { applyJsonDifference, jsonDifference } from './json-difference.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const member = fc.oneof(
  fc.record({ id: fc.constantFrom('A', 'B', 'C', 'D', 'E'), value: json }),
  fc.constantFrom<JsonValue>(1, 2, 3, 'x', null),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }),
  fc.record({ text: fc.string({ maxLength: 2 }) }),
) as fc.Arbitrary<JsonValue>;
/** Lists that have much in common, as two versions of one definition have. */
const list = fc.array(member, { maxLength: 8 }) as fc.Arbitrary<JsonValue>;
const value = fc.oneof(json, list, fc.record({ forms: list, rest: json })) as fc.Arbitrary<JsonValue>;

/** Like definitions from a file: no `undefined`, no negative zero, no prototypes. */
const plain = (from: JsonValue): JsonValue => JSON.parse(JSON.stringify(from)) as JsonValue;

describe('a difference of two JSON values', () => {
  it('makes the one out of the other', () => {
    fc.assert(
      fc.property(value.map(plain), value.map(plain), (from, to) => {
        const before = canonicalJson(from);
        const made = applyJsonDifference(from, jsonDifference(from, to));
        expect(canonicalJson(made)).toBe(canonicalJson(to));
        expect(canonicalJson(from)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it('is empty for equal values, whatever the order of their keys', () => {
    fc.assert(
      fc.property(value.map(plain), (from) => {
        expect(jsonDifference(from, JSON.parse(canonicalJson(from)) as JsonValue)).toEqual([]);
      }),
    );
    expect(jsonDifference({ a: 1, b: [{ id: 'A', n: 1 }] }, { b: [{ n: 1, id: 'A' }], a: 1 })).toEqual([]);
  });

  it('names the path of each change, with its special characters escaped', () => {
    expect(jsonDifference({ 'a/b': { 'c~d': 1 }, gone: null }, { 'a/b': { 'c~d': 2 }, come: [] })).toEqual([
      { change: 'changed', path: '/a~1b/c~0d', from: 1, to: 2 },
      { change: 'added', path: '/come', to: [] },
      { change: 'removed', path: '/gone', from: null },
    ]);
    expect(jsonDifference(1, 'one')).toEqual([{ change: 'changed', path: '', from: 1, to: 'one' }]);
  });

  it('knows the members of a list by their ids, wherever they stand', () => {
    const from = [
      { id: 'A', n: 1 },
      { id: 'B', n: 2 },
      { id: 'C', n: 3 },
    ];
    const to = [
      { id: 'B', n: 2 },
      { id: 'C', n: 4 },
      { id: 'D', n: 5 },
    ];
    expect(jsonDifference(from, to)).toEqual([
      { change: 'removed', path: '/0', from: { id: 'A', n: 1 } },
      { change: 'changed', path: '/1/n', from: 3, to: 4 },
      { change: 'added', path: '/2', to: { id: 'D', n: 5 } },
    ]);
  });

  it('tells a changed member without an id as changed', () => {
    expect(jsonDifference([{ text: 'a' }, 7, { text: 'b' }], [{ text: 'c' }, 7, { text: 'b' }])).toEqual([
      { change: 'changed', path: '/0/text', from: 'a', to: 'c' },
    ]);
  });

  it('comes to an end with long lists that have nothing in common', () => {
    const from = Array.from({ length: 3000 }, (_, n) => n);
    const to = Array.from({ length: 3000 }, (_, n) => -n - 1);
    const changes = jsonDifference(from, to);
    expect(applyJsonDifference(from, changes)).toEqual(to);
  });

  it('keeps a key that is named like a prototype', () => {
    const to = JSON.parse('{"__proto__": {"x": 1}}') as JsonValue;
    expect(canonicalJson(applyJsonDifference({}, jsonDifference({}, to)))).toBe('{"__proto__":{"x":1}}');
  });
});
