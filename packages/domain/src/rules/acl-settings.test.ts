import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEntry, anId } from '../../test/builders.ts';
import { aclText, canonicalAcl, RIGHTS } from '../objects/acl.ts';
import type { AclEntry } from '../objects/metadata-object.ts';
import { aclForNew, aclForReplaced } from './acl-settings.ts';
import { ACL_ON_NEW, ACL_ON_REPLACING } from './actions.ts';

const known = anId(1);
const unknown = anId(2);
const owner = anId(3);
const exists = (id: string): boolean => id !== unknown;

const entries = fc.array(
  fc.record({
    trusteeId: fc.constantFrom(known, unknown, owner, anId(4)),
    rights: fc.integer({ min: 0, max: 255 }),
    deny: fc.boolean(),
    inheritable: fc.boolean(),
  }),
  { maxLength: 8 },
);

const keys = (acl: readonly AclEntry[]): string[] => acl.map((e) => `${e.trusteeId} ${e.deny} ${e.inheritable}`);

describe('aclForReplaced', () => {
  const existing = [anEntry({ trusteeId: known, rights: 1 }), anEntry({ trusteeId: owner, rights: 255 })];
  const incoming = [
    anEntry({ trusteeId: known, rights: 199 }),
    anEntry({ trusteeId: known, rights: 8, deny: true }),
    anEntry({ trusteeId: unknown, rights: 255 }),
  ];

  it.each([null, 'use_existing'] as const)('keeps the list of the target under %s', (setting) => {
    expect(aclForReplaced(setting, existing, incoming, exists)).toEqual({
      acl: canonicalAcl(existing),
      droppedTrustees: [],
    });
  });

  it('takes the list of the package under replace, without unknown trustees', () => {
    expect(aclForReplaced('replace', existing, incoming, exists)).toEqual({
      acl: canonicalAcl(incoming.slice(0, 2)),
      droppedTrustees: [unknown],
    });
  });

  it('joins both under keep_both, the entry of the target winning', () => {
    const { acl, droppedTrustees } = aclForReplaced('keep_both', existing, incoming, exists);
    expect(droppedTrustees).toEqual([unknown]);
    expect(acl).toEqual(canonicalAcl([...existing, anEntry({ trusteeId: known, rights: 8, deny: true })]));
  });

  it('keep_both holds every entry of the target as it is and every known key of the package', () => {
    fc.assert(
      fc.property(entries, entries, (existing, incoming) => {
        const { acl } = aclForReplaced('keep_both', existing, incoming, exists);
        expect(acl).toEqual(expect.arrayContaining(canonicalAcl(existing)));
        const knownIncoming = canonicalAcl(incoming).filter((entry) => exists(entry.trusteeId));
        expect(new Set(keys(acl))).toEqual(new Set([...keys(canonicalAcl(existing)), ...keys(knownIncoming)]));
        expect(acl.length).toBe(new Set(keys(acl)).size);
      }),
    );
  });

  it('gives the same list whatever the order of the entries, and stays the same when done again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ACL_ON_REPLACING), entries, entries, (setting, existing, incoming) => {
        const once = aclForReplaced(setting, existing, incoming, exists);
        const reversed = aclForReplaced(setting, existing.toReversed(), incoming.toReversed(), exists);
        expect(reversed).toEqual(once);
        expect(aclForReplaced(setting, once.acl, incoming, exists).acl).toEqual(once.acl);
      }),
    );
  });
});

describe('aclForNew', () => {
  const incoming = [anEntry({ trusteeId: known, rights: 5 }), anEntry({ trusteeId: unknown })];
  const parent = [
    anEntry({ trusteeId: known, rights: 255 }),
    anEntry({ trusteeId: known, rights: 64, inheritable: true }),
    anEntry({ trusteeId: known, rights: 16, deny: true, inheritable: true }),
  ];
  const object = { incoming, parent, isFolder: false, ownerId: owner };
  const fullControl = anEntry({ trusteeId: owner, rights: RIGHTS.full });

  it.each([[[]], [['keep_acl_as_source_object'] as const]])('keeps the list of the source under %j', (settings) => {
    expect(aclForNew(settings, object, exists)).toEqual({
      acl: [anEntry({ trusteeId: known, rights: 5 })],
      droppedTrustees: [unknown],
    });
  });

  it('inherits what the folder hands down, as entries of its own, with full control for the owner', () => {
    const { acl, droppedTrustees } = aclForNew(['inherit_acl_as_dest_folder'], object, exists);
    expect(droppedTrustees).toEqual([]);
    expect(acl).toEqual(
      canonicalAcl([
        anEntry({ trusteeId: known, rights: 64 }),
        anEntry({ trusteeId: known, rights: 16, deny: true }),
        fullControl,
      ]),
    );
  });

  it('lets a new folder hand down what it inherits', () => {
    const { acl } = aclForNew(['inherit_acl_as_dest_folder'], { ...object, isFolder: true }, exists);
    expect(acl.filter((entry) => entry.inheritable)).toEqual(canonicalAcl(parent.slice(1)));
    expect(acl.filter((entry) => !entry.inheritable)).toHaveLength(3);
  });

  it('joins both lists when both flags are set, whatever their order', () => {
    const both = aclForNew(ACL_ON_NEW, object, exists);
    expect(aclForNew(ACL_ON_NEW.toReversed(), object, exists)).toEqual(both);
    expect(both.acl).toContainEqual(anEntry({ trusteeId: known, rights: 64 | 5 }));
    expect(both.acl).toContainEqual(fullControl);
    expect(both.droppedTrustees).toEqual([unknown]);
  });

  it('never lets an unknown trustee of the package through, and does not depend on order', () => {
    const cleanParent = entries.map((list) => list.filter((entry) => exists(entry.trusteeId)));
    fc.assert(
      fc.property(
        fc.subarray([...ACL_ON_NEW]),
        entries,
        cleanParent,
        fc.boolean(),
        (settings, list, above, isFolder) => {
          const object = { incoming: list, parent: above, isFolder, ownerId: owner };
          const reversed = { ...object, incoming: list.toReversed(), parent: above.toReversed() };
          const resolved = aclForNew(settings, object, exists);
          expect(aclForNew(settings, reversed, exists)).toEqual(resolved);
          expect(resolved.acl.some((entry) => entry.trusteeId === unknown)).toBe(false);
          expect(aclText(resolved.acl)).toBe(aclText(canonicalAcl(resolved.acl)));
          if (!isFolder && settings.length === 1 && settings[0] === 'inherit_acl_as_dest_folder') {
            expect(resolved.acl.some((entry) => entry.inheritable)).toBe(false);
          }
        },
      ),
    );
  });
});
