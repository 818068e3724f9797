import { expect, it } from 'vitest';
import { aclText, type AclEntry } from '@longshore/domain';
import { KnownAcls } from './known-acls.ts';

const listOf = (entries: number, rights: number): AclEntry[] =>
  Array.from({ length: entries }, (_, at) => ({
    trusteeId: String(at).padStart(32, '0'),
    rights,
    deny: false,
    inheritable: true,
  }));

it('gives equal lists the same form, and makes it once', () => {
  const acls = new KnownAcls(10_000);
  const first = acls.of(listOf(3, 5));
  expect(first.text).toBe(aclText(listOf(3, 5)));
  expect(acls.of(listOf(3, 5))).toBe(first);
  expect(acls.of(listOf(3, 5).toReversed())).toEqual(first);
});

it('keeps no more text than it may, however long lists are', () => {
  const acls = new KnownAcls(10_000);
  for (let rights = 1; rights <= 50; rights += 1) {
    for (const entries of [1, 20, 200]) {
      expect(acls.of(listOf(entries, rights)).text).toBe(aclText(listOf(entries, rights)));
      expect(acls.characters).toBeLessThanOrEqual(10_000);
    }
  }
  expect(acls.characters).toBeGreaterThan(0);
});
