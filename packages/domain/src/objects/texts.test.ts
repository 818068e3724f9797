import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDate, anId } from '../../test/builders.ts';
import { canonicalJson, JsonTooDeepError, MAX_JSON_DEPTH } from './canonical-json.ts';
import { contactsText, mergeContacts, NO_CONTACTS } from './contacts.ts';
import { dumpLine, projectLine } from './dump-line.ts';
import type { StoredObject } from './dump-line.ts';
import {
  addToFingerprint,
  bodyHashText,
  combineFingerprint,
  EMPTY_FINGERPRINT,
  objectFingerprintText,
  removeFromFingerprint,
} from './fingerprint.ts';
import type { JsonObject, JsonValue } from './metadata-object.ts';

const json = fc.jsonValue().map((value) => value as JsonValue);
const jsonObject = fc.dictionary(fc.string(), json).map((value): JsonObject => value);

/** The same value with the keys of every object in reverse order. */
function withReversedKeys(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withReversedKeys);
  return Object.fromEntries(
    Object.keys(value)
      .toReversed()
      .map((key) => [key, withReversedKeys(value[key] ?? null)]),
  );
}

const nested = (levels: number): JsonValue => {
  let value: JsonValue = 0;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

describe('canonicalJson', () => {
  it('sorts keys by code unit and writes no white space', () => {
    expect(canonicalJson({ b: 1, a: [true, null, { z: 'x', Z: 'y' }], '': '' })).toBe(
      '{"":"","a":[true,null,{"Z":"y","z":"x"}],"b":1}',
    );
  });

  it('is read back as the same value, and written again as the same text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[\n\r]/);
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(fc.property(json, (value) => canonicalJson(withReversedKeys(value)) === canonicalJson(value)));
  });

  it('accepts the deepest allowed value and refuses one level more', () => {
    expect(JSON.parse(canonicalJson(nested(MAX_JSON_DEPTH)))).toEqual(nested(MAX_JSON_DEPTH));
    expect(() => canonicalJson(nested(MAX_JSON_DEPTH + 1))).toThrow(JsonTooDeepError);
    expect(() => canonicalJson(nested(100_000))).toThrow(/500 levels/);
  });

  it('keeps a key named __proto__', () => {
    const text = '{"__proto__":{"objectId":"x"},"a":1}';
    expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
  });
});

const scalars = fc.record({
  projectId: fc.option(fc.constant(anId(1))),
  id: fc.constant(anId(2)),
  type: fc.integer({ min: 1, max: 255 }),
  subtype: fc.integer({ min: 256, max: 65535 }),
  name: fc.string({ unit: 'binary' }),
  description: fc.string(),
  abbreviation: fc.string(),
  parentId: fc.option(fc.constant(anId(3))),
  ownerId: fc.constant(anId(4)),
  version: fc.constant(anId(5)),
  dateCreated: fc.constant(aDate(1)),
  dateModified: fc.constant(aDate(2)),
  hidden: fc.boolean(),
});
const canonicalObject = jsonObject.map(canonicalJson);
const stored = fc
  .tuple(scalars, canonicalObject, canonicalObject)
  .map(([fields, definition, translations]): StoredObject => ({
    ...fields,
    acl: '[]',
    uses: '[]',
    definition,
    translations,
  }));

describe('dumpLine', () => {
  it('is the canonical text of the object, on one line', () => {
    fc.assert(
      fc.property(stored, (object) => {
        const line = dumpLine(object);
        const { acl, uses, definition, translations, ...fields } = object;
        const parsed = { acl, uses, definition, translations };
        const parts = Object.fromEntries(
          Object.entries(parsed).map(([key, text]) => [key, JSON.parse(text) as JsonValue]),
        );
        expect(line).toBe(canonicalJson({ ...fields, ...parts, kind: 'object' }));
        expect(line).not.toContain('\n');
      }),
    );
  });

  it('writes projects with sorted keys too', () => {
    expect(projectLine({ id: anId(1), name: 'Tutorial "1"', description: '' })).toBe(
      `{"description":"","id":"${anId(1)}","kind":"project","name":"Tutorial \\"1\\""}`,
    );
  });
});

const HEX_DIGITS = '0123456789abcdef'.split('');
const hash = fc
  .array(fc.constantFrom(...HEX_DIGITS), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.join(''));

const textOf = (object: StoredObject): string => objectFingerprintText({ ...object, bodyHash: bodyHashText(object) });

describe('fingerprints', () => {
  it('do not depend on the order, and can be added up piece by piece', () => {
    fc.assert(
      fc.property(fc.array(hash), (hashes) => {
        const whole = combineFingerprint(hashes);
        expect(whole).toMatch(/^[0-9a-f]{64}$/);
        expect(combineFingerprint(hashes.toReversed())).toBe(whole);
        expect(hashes.reduce(addToFingerprint, EMPTY_FINGERPRINT)).toBe(whole);
        expect(hashes.reduce(removeFromFingerprint, whole)).toBe(EMPTY_FINGERPRINT);
      }),
    );
  });

  it('notice one object more, also one that is there already', () => {
    fc.assert(
      fc.property(fc.array(hash), hash, (hashes, more) => {
        fc.pre(more !== EMPTY_FINGERPRINT);
        expect(combineFingerprint([...hashes, more])).not.toBe(combineFingerprint(hashes));
      }),
    );
  });

  it('wrap around at 256 bits', () => {
    expect(combineFingerprint(['f'.repeat(64), `${'0'.repeat(63)}2`])).toBe(`${'0'.repeat(63)}1`);
    expect(removeFromFingerprint(EMPTY_FINGERPRINT, `${'0'.repeat(63)}1`)).toBe('f'.repeat(64));
    expect(() => combineFingerprint(['abc'])).toThrow(/64 hex digits/);
  });

  it('cover everything that a dump line shows', () => {
    fc.assert(
      fc.property(stored, stored, (a, b) => {
        expect(textOf(a) === textOf(b)).toBe(dumpLine(a) === dumpLine(b));
      }),
    );
    fc.assert(
      fc.property(
        stored,
        fc.constantFrom('name', 'description', 'abbreviation', 'version', 'acl', 'uses'),
        (a, field) => {
          expect(textOf({ ...a, [field]: '["other"]' })).not.toBe(textOf(a));
        },
      ),
    );
  });
});

const strip = ({ addresses: _a, contacts: _c, contactGroups: _g, ...rest }: JsonObject): JsonObject => rest;

describe('contacts of users', () => {
  const addresses: JsonObject[] = [{ id: '1', value: 'a@x' }, { id: '2' }];
  const ann: JsonObject = { username: 'ann', addresses, contacts: [] };

  it('compare equal whatever the order, with empty lists as good as missing ones', () => {
    const same = { username: 'other', addresses: addresses.toReversed(), contactGroups: null };
    expect(contactsText(same)).toBe(contactsText(ann));
    expect(contactsText({ ...ann, addresses: [{ id: '1' }] })).not.toBe(contactsText(ann));
    expect(contactsText({ ...ann, contactGroups: ['g'] })).not.toBe(contactsText(ann));
  });

  it('have a constant text when there are none', () => {
    expect(contactsText({ username: 'bob', addresses: [] })).toBe(NO_CONTACTS);
    expect(contactsText({})).toBe(NO_CONTACTS);
  });

  it('are all that a merge takes from the incoming user', () => {
    const contacts = fc.option(fc.array(json, { maxLength: 3 }), { nil: undefined });
    const definition = fc.tuple(jsonObject, contacts, contacts).map(([rest, addresses, groups]): JsonObject => ({
      ...rest,
      ...(addresses && { addresses }),
      ...(groups && { contactGroups: groups }),
    }));
    fc.assert(
      fc.property(definition, definition, (existing, incoming) => {
        const merged = mergeContacts(existing, incoming);
        expect(contactsText(merged)).toBe(contactsText(incoming));
        expect(strip(merged)).toEqual(strip(existing));
      }),
    );
  });
});
