import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, MAX_JSON_DEPTH, type JsonValue } from '@longshore/domain';
import { canonicalText } from './canonical-text.ts';

const throughJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

it('gives the text of canonicalJson for every value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = throughJson(value);
      expect(canonicalText(json)).toBe(canonicalJson(json));
    }),
  );
});

it('gives it for values in canonical order, and for keys that look like numbers', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const ordered = JSON.parse(canonicalJson(throughJson(value))) as JsonValue;
      expect(canonicalText(ordered)).toBe(canonicalJson(ordered));
    }),
  );
  expect(canonicalText({ 10: 'ten', 9: 'nine' })).toBe('{"10":"ten","9":"nine"}');
});

it('refuses what is nested too deeply', () => {
  const deep = JSON.parse('['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1)) as JsonValue;
  expect(() => canonicalText(deep)).toThrow(/nested deeper/);
});
