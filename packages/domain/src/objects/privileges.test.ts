import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findPrivilege,
  parsePrivilege,
  PRIVILEGE,
  PRIVILEGE_CATEGORIES,
  privilegeName,
  PRIVILEGES,
} from './privileges.ts';

describe('the table of privileges', () => {
  it('has one row per id and name, in the order of the ids', () => {
    const ids = PRIVILEGES.map((privilege) => privilege.id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    expect(new Set(PRIVILEGES.map((privilege) => privilege.name)).size).toBe(PRIVILEGES.length);
  });

  it('has every privilege that is checked, under the numbers that clients know', () => {
    for (const id of Object.values(PRIVILEGE)) expect(findPrivilege(id)).toMatchObject({ id });
    expect(privilegeName(16)).toBe('Bypass all object security access checks');
    expect(privilegeName(295)).toBe('Create package');
    expect(privilegeName(296)).toBe('Apply package');
    expect(privilegeName(4711)).toBe('number 4711');
  });

  it('uses every category, and no other', () => {
    expect(new Set(PRIVILEGES.flatMap((privilege) => privilege.categories))).toEqual(new Set(PRIVILEGE_CATEGORIES));
  });
});

describe('parsePrivilege', () => {
  it('reads a number however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (id) => {
        for (const written of [id, String(id), { id }, { id: String(id), name: 'x' }]) {
          expect(parsePrivilege(written)).toBe(id);
        }
      }),
    );
  });

  it.each([undefined, null, '', ' 16', '1e2', '-1', 0, 1.5, Number.NaN, true, [], {}, { id: null }, '123456'])(
    'reads nothing from %j',
    (value) => {
      expect(parsePrivilege(value)).toBeUndefined();
    },
  );
});
