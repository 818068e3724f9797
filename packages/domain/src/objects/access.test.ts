import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveRights, inheritedAcl } from './access.ts';
import { canonicalAcl, RIGHTS } from './acl.ts';
import type { AclEntry } from './metadata-object.ts';

const USER = 'A'.repeat(32);
const GROUP = 'B'.repeat(32);
const OTHER_GROUP = 'C'.repeat(32);
const STRANGER = 'D'.repeat(32);

const grant = (trusteeId: string, rights: number): AclEntry => ({ trusteeId, rights, deny: false, inheritable: false });
const deny = (trusteeId: string, rights: number): AclEntry => ({ trusteeId, rights, deny: true, inheritable: false });
const inheritable = (entry: AclEntry): AclEntry => ({ ...entry, inheritable: true });
const rightsOf = (acl: readonly AclEntry[]): number =>
  effectiveRights(acl, [USER, GROUP, OTHER_GROUP], { userId: USER });

const anyEntry = fc.record({
  trusteeId: fc.constantFrom(USER, GROUP, OTHER_GROUP, STRANGER),
  rights: fc.integer({ min: 0, max: 255 }),
  deny: fc.boolean(),
  inheritable: fc.boolean(),
});
const anyAcl = fc.array(anyEntry, { maxLength: 8 });

describe('effectiveRights', () => {
  it.each<[string, AclEntry[], number]>([
    ['an empty list gives no right', [], 0],
    ['a grant to a group counts', [grant(GROUP, 199)], 199],
    ['grants to several groups add up', [grant(GROUP, 1), grant(OTHER_GROUP, 4)], 5],
    ['between groups a deny beats a grant', [grant(GROUP, 255), deny(OTHER_GROUP, 8)], 247],
    ['a grant to the user beats a deny to a group', [grant(USER, 8), deny(GROUP, 255)], 8],
    ['a deny to the user beats a grant to a group', [deny(USER, 8), grant(GROUP, 255)], 247],
    ['a deny to the user beats a grant to the user', [deny(USER, 8), grant(USER, 15)], 7],
    ['an entry for the user leaves other rights to the groups', [grant(USER, 8), grant(GROUP, 5)], 13],
    ['entries of strangers do not count', [grant(STRANGER, 255), deny(STRANGER, 255)], 0],
    ['inheritable entries are not for the folder', [inheritable(grant(USER, 255)), grant(GROUP, 1)], 1],
  ])('%s', (_case, acl, rights) => {
    expect(rightsOf(acl)).toBe(rights);
  });

  it('does not depend on the order of the entries, nor on their canonical form', () => {
    fc.assert(
      fc.property(anyAcl, (acl) => {
        expect(rightsOf(acl.toReversed())).toBe(rightsOf(acl));
        expect(rightsOf(canonicalAcl(acl))).toBe(rightsOf(acl));
      }),
    );
  });

  it('grows with a grant and shrinks with a deny', () => {
    fc.assert(
      fc.property(anyAcl, fc.integer({ min: 0, max: 255 }), (acl, rights) => {
        expect(rightsOf([...acl, grant(GROUP, rights)]) & rightsOf(acl)).toBe(rightsOf(acl));
        expect(rightsOf([...acl, deny(USER, rights)]) & rights).toBe(0);
      }),
    );
  });
});

describe('inheritedAcl', () => {
  const folderAcl = [
    grant(USER, 255),
    grant(GROUP, 199),
    inheritable(grant(GROUP, 69)),
    inheritable(deny(STRANGER, 8)),
  ];

  it('gives an object the inheritable entries as its own, and its creator full control', () => {
    expect(inheritedAcl(folderAcl, USER, false)).toEqual(
      canonicalAcl([grant(GROUP, 69), deny(STRANGER, 8), grant(USER, RIGHTS.full)]),
    );
  });

  it('lets a folder pass on what it inherited', () => {
    const acl = inheritedAcl(folderAcl, USER, true);
    expect(acl.filter((entry) => entry.inheritable)).toEqual(
      canonicalAcl(folderAcl.filter((entry) => entry.inheritable)),
    );
    expect(inheritedAcl(acl, USER, true)).toEqual(acl);
  });

  it('always lets the creator do everything', () => {
    fc.assert(
      fc.property(anyAcl, fc.boolean(), (acl, isFolder) => {
        const inherited = inheritedAcl(acl, STRANGER, isFolder);
        const denied = acl.some((entry) => entry.trusteeId === STRANGER && entry.deny && entry.inheritable);
        if (!denied) expect(effectiveRights(inherited, [], { userId: STRANGER })).toBe(RIGHTS.full);
      }),
    );
  });
});
