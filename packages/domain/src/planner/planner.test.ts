import { describe, expect, it } from 'vitest';
import {
  aContext,
  aDate,
  aFolder,
  anAclBook,
  anEntry,
  anExisting,
  anId,
  anIncoming,
  IMPORTER,
  NOW,
  OWNER,
} from '../../test/builders.ts';
import type { ContextOptions } from '../../test/builders.ts';
import { aclText } from '../objects/acl.ts';
import { WELL_KNOWN } from '../objects/ids.ts';
import type { AclEntry } from '../objects/metadata-object.ts';
import type { Decision, PlanRow } from './plan-types.ts';
import { createPlanner } from './planner.ts';

const MISSING = anId(950);
const newer = { version: anId(5002), dateModified: aDate(50), bodyHash: 'body-0' };

function decideOne(row: PlanRow, options: ContextOptions = {}): Decision {
  const [decision] = createPlanner(aContext(options)).decide([row]);
  if (decision === undefined) throw new Error('no decision');
  return decision;
}

/** A context in whose book the lists are, with their ids. */
function withAcls<const T extends Record<string, readonly AclEntry[]>>(lists: T) {
  const acls = anAclBook();
  const ids = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, acls.put(list)]));
  return { acls, ids: ids as Record<keyof T, string> };
}

describe('what is written', () => {
  it('creates with the version, times and owner of the source', () => {
    expect(decideOne({ incoming: anIncoming(), existing: null })).toEqual({
      outcome: 'create',
      id: anId(100),
      type: 4,
      action: 'replace',
      conflict: 'NEW',
      role: 'content',
      reason: 'The target does not have the object.',
      name: 'Profit',
      parentId: anId(1),
      ownerId: OWNER,
      aclId: aclText([]),
      version: anId(5001),
      dateCreated: aDate(10),
      dateModified: aDate(100),
    });
  });

  it('replaces with the version and time of the source, but keeps the date of creation', () => {
    const existing = anExisting({ ...newer, parentId: anId(2), name: 'Old name' });
    expect(decideOne({ incoming: anIncoming(), existing })).toMatchObject({
      outcome: 'replace',
      conflict: 'DIFF',
      name: 'Profit',
      parentId: anId(1),
      version: anId(5001),
      dateCreated: aDate(5),
      dateModified: aDate(100),
      moved: true,
    });
    expect(decideOne({ incoming: anIncoming(), existing: anExisting(newer) })).toMatchObject({ moved: false });
  });

  it('moves under the name that the target has', () => {
    const existing = anExisting({ parentId: anId(2), name: 'Name of the target' });
    expect(decideOne({ incoming: anIncoming(), existing })).toMatchObject({
      outcome: 'move',
      parentId: anId(1),
      name: 'Name of the target',
    });
  });

  it('duplicates under a new id and version that depend on the import alone', () => {
    const row = { incoming: anIncoming({ action: 'keep_both' }), existing: anExisting(newer) };
    const decision = decideOne(row);
    expect(decision).toMatchObject({ outcome: 'duplicate', date: NOW, ownerId: OWNER, parentId: anId(1) });
    expect(decideOne(row)).toEqual(decision);
    const other = decideOne(row, { importId: 'import-2' });
    if (decision.outcome !== 'duplicate' || other.outcome !== 'duplicate') throw new Error('expected duplicates');
    expect(new Set([decision.newId, decision.newVersion, other.newId, other.newVersion]).size).toBe(4);
  });

  it('creates nothing from an entry without a body', () => {
    const incoming = anIncoming({ absent: true, action: 'delete' });
    expect(decideOne({ incoming, existing: null })).toMatchObject({ outcome: 'skip', conflict: 'NEW' });
    expect(decideOne({ incoming, existing: anExisting(newer) })).toMatchObject({ outcome: 'delete' });
    const odd = { ...incoming, action: 'replace' } as const;
    expect(decideOne({ incoming: odd, existing: null }).outcome).toBe('skip');
    expect(decideOne({ incoming: odd, existing: anExisting(newer) }).outcome).toBe('keep');
  });
});

describe('owners', () => {
  const stranger = anIncoming({ ownerId: MISSING });

  it('become the importing user where the target does not have them', () => {
    const planner = createPlanner(aContext());
    const rows = [3, 2, 1].map((number) => ({ incoming: { ...stranger, id: anId(number) }, existing: null }));
    expect(planner.decide(rows).map((decision) => 'ownerId' in decision && decision.ownerId)).toEqual(
      Array.from({ length: 3 }, () => IMPORTER),
    );
    const object = { id: anId(1), type: 4, name: 'Profit' };
    expect(planner.warnings()).toEqual([
      { type: 'missing-owner', severity: 'warning', ownerId: MISSING, object, objectCount: 3 },
    ]);
  });

  it.each([
    ['use_existing', anId(901), anId(902), 0],
    [null, anId(901), anId(902), 0],
    ['keep_both', anId(901), anId(902), 0],
    ['replace', anId(901), anId(901), 0],
    ['replace', MISSING, anId(902), 1],
  ] as const)('of replaced objects follow the ACL setting %s', (aclOnReplacingObjects, ownerId, expected, warnings) => {
    const planner = createPlanner(aContext({ settings: { aclOnReplacingObjects } }));
    const existing = anExisting({ ...newer, ownerId: anId(902) });
    expect(planner.decide([{ incoming: anIncoming({ ownerId }), existing }])).toMatchObject([{ ownerId: expected }]);
    expect(planner.warnings()).toHaveLength(warnings);
  });
});

describe('access control lists', () => {
  const { acls, ids } = withAcls({
    incoming: [anEntry({ trusteeId: anId(901), rights: 5 }), anEntry({ trusteeId: MISSING })],
    incomingKnown: [anEntry({ trusteeId: anId(901), rights: 5 })],
    existing: [anEntry({ trusteeId: anId(902), rights: 1 })],
    parent: [anEntry({ trusteeId: anId(903), rights: 64, inheritable: true })],
  });

  it('of replaced objects follow the setting, and dropped trustees are reported once', () => {
    const rows = [1, 2].map((number) => ({
      incoming: anIncoming({ id: anId(number), aclId: ids.incoming }),
      existing: anExisting({ ...newer, id: anId(number), aclId: ids.existing }),
    }));
    const planner = createPlanner(aContext({ acls, settings: { aclOnReplacingObjects: 'replace' } }));
    expect(planner.decide(rows)).toMatchObject([{ aclId: ids.incomingKnown }, { aclId: ids.incomingKnown }]);
    expect(planner.warnings()).toMatchObject([{ type: 'missing-trustee', trusteeId: MISSING, objectCount: 2 }]);
    expect(decideOne(rows[0] ?? { incoming: anIncoming(), existing: null }, { acls })).toMatchObject({
      aclId: ids.existing,
    });
  });

  it('of moved and kept objects are not touched, and nothing is reported', () => {
    const planner = createPlanner(aContext({ acls, settings: { aclOnReplacingObjects: 'replace' } }));
    const incoming = anIncoming({ aclId: ids.incoming });
    planner.decide([
      { incoming, existing: anExisting({ aclId: ids.existing, parentId: anId(2) }) },
      { incoming: { ...incoming, action: 'use_existing' }, existing: anExisting(newer) },
    ]);
    expect(planner.warnings()).toEqual([]);
  });

  it('are inherited from the folder on the target', () => {
    const existingFolderAcl = (id: string): string | null => (id === anId(1) ? ids.parent : null);
    const settings = { aclOnNewObjects: ['inherit_acl_as_dest_folder'] } as const;
    const expected = acls.put([
      anEntry({ trusteeId: anId(903), rights: 64 }),
      anEntry({ trusteeId: OWNER, rights: 255 }),
    ]);
    const incoming = anIncoming({ aclId: ids.incoming });
    const row = { incoming, existing: null };
    expect(decideOne(row, { acls, existingFolderAcl, settings })).toMatchObject({ aclId: expected });
    const duplicate = { incoming: { ...incoming, action: 'keep_both' } as const, existing: anExisting(newer) };
    expect(decideOne(duplicate, { acls, existingFolderAcl, settings })).toMatchObject({ aclId: expected });
  });

  it('are inherited from a folder that the same import writes, whatever the order in the chunk', () => {
    const settings = { aclOnReplacingObjects: 'replace', aclOnNewObjects: ['inherit_acl_as_dest_folder'] } as const;
    const top = anIncoming({ ...aFolder, id: anId(30), aclId: ids.parent, hasContents: true });
    const middle = anIncoming({ ...aFolder, id: anId(29), parentId: top.id, hasContents: true });
    const leaf = anIncoming({ parentId: middle.id });
    const rows: PlanRow[] = [
      { incoming: leaf, existing: null },
      { incoming: middle, existing: null },
      { incoming: top, existing: anExisting({ ...aFolder, id: top.id, aclId: ids.existing, version: anId(7) }) },
    ];
    const [leafDecision, middleDecision, topDecision] = createPlanner(aContext({ acls, settings })).decide(rows);
    expect(topDecision).toMatchObject({ outcome: 'replace', aclId: ids.parent });
    const inherited = [anEntry({ trusteeId: anId(903), rights: 64 }), anEntry({ trusteeId: OWNER, rights: 255 })];
    const handedDown = anEntry({ trusteeId: anId(903), rights: 64, inheritable: true });
    expect(middleDecision).toMatchObject({ outcome: 'create', aclId: aclText([...inherited, handedDown]) });
    expect(leafDecision).toMatchObject({ outcome: 'create', aclId: aclText(inherited) });
  });
});

describe('folders', () => {
  it('that the package holds are not looked up a second time for what is created in them', () => {
    const asked: string[] = [];
    const existingFolderAcl = (id: string): string | null => {
      asked.push(id);
      return null;
    };
    const planner = createPlanner(
      aContext({ existingFolderAcl, settings: { aclOnNewObjects: ['inherit_acl_as_dest_folder'] } }),
    );
    planner.decide([{ incoming: anIncoming(aFolder), existing: anExisting(aFolder) }]);
    planner.decide([
      { incoming: anIncoming({ parentId: aFolder.id }), existing: null },
      { incoming: anIncoming({ id: anId(101), parentId: anId(2) }), existing: null },
      { incoming: anIncoming({ id: anId(102), parentId: anId(2) }), existing: null },
    ]);
    expect(asked).toEqual([anId(2)]);
  });

  const folder = anIncoming({ ...aFolder, hasContents: true });
  const existing = anExisting({ ...aFolder, version: anId(7), dateModified: NOW });

  it('keep version and time of the source only while they are empty', () => {
    const own = { version: folder.version, dateModified: folder.dateModified };
    expect(decideOne({ incoming: { ...folder, hasContents: false }, existing: null })).toMatchObject(own);
    const full = decideOne({ incoming: folder, existing: null });
    expect(full).toMatchObject({ outcome: 'create', dateModified: NOW, dateCreated: folder.dateCreated });
    expect(full).not.toMatchObject({ version: folder.version });
    const renamed = { ...existing, name: 'Other' };
    expect(decideOne({ incoming: folder, existing: renamed })).toMatchObject({ outcome: 'replace', dateModified: NOW });
  });

  it.each(['replace', 'use_older', 'keep_both'] as const)(
    'are left alone under %s when only what they hold differs',
    (action) => {
      expect(decideOne({ incoming: { ...folder, action }, existing })).toMatchObject({
        outcome: 'keep',
        conflict: 'DIFF',
      });
    },
  );

  it.each([
    ['name', { name: 'Other' }],
    ['parent', { parentId: anId(2) }],
    ['description', { description: 'x' }],
    ['abbreviation', { abbreviation: 'x' }],
    ['hidden', { hidden: true }],
    ['body', { bodyHash: 'x' }],
  ])('are replaced when their own %s differs', (_, difference) => {
    expect(decideOne({ incoming: folder, existing: { ...existing, ...difference } }).outcome).toBe('replace');
  });

  it('are replaced when the setting gives them another list or owner', () => {
    const acls = anAclBook();
    const incoming = { ...folder, aclId: acls.put([anEntry({ rights: 5 })]) };
    const settings = { aclOnReplacingObjects: 'replace' } as const;
    expect(decideOne({ incoming, existing }, { acls, settings }).outcome).toBe('replace');
    expect(decideOne({ incoming, existing }, { acls }).outcome).toBe('keep');
    const owned = { ...folder, ownerId: anId(901) };
    expect(decideOne({ incoming: owned, existing }, { settings }).outcome).toBe('replace');
    expect(decideOne({ incoming: { ...folder, ownerId: MISSING }, existing }, { settings }).outcome).toBe('keep');
  });

  it('are always written by force_replace', () => {
    expect(decideOne({ incoming: { ...folder, action: 'force_replace' }, existing }).outcome).toBe('replace');
  });

  it('on the way to an object are made where they are missing and used where they are', () => {
    const ancestor = { ...folder, role: 'ancestor', action: 'delete' } as const;
    const made = decideOne({ incoming: ancestor, existing: null });
    expect(made).toMatchObject({ outcome: 'create', conflict: 'NEW', dateModified: NOW });
    expect(made.reason).toContain('parent folder');
    const elsewhere = { ...existing, parentId: anId(2), name: 'Other' };
    expect(decideOne({ incoming: ancestor, existing: elsewhere })).toMatchObject({ outcome: 'keep', role: 'ancestor' });
  });

  it('that are predefined keep their name and place, even by force', () => {
    const root = { ...aFolder, id: WELL_KNOWN.projectRoot, parentId: null };
    const row = {
      incoming: anIncoming({ ...root, name: 'Source project', action: 'force_replace', hasContents: true }),
      existing: anExisting({ ...root, name: 'Target project', version: anId(7) }),
    };
    expect(decideOne(row)).toMatchObject({ outcome: 'replace', name: 'Target project', parentId: null, moved: false });
  });
});

describe('what is refused', () => {
  it.each(['use_existing', 'replace', 'keep_both', 'delete'] as const)('the id of another type, under %s', (action) => {
    const planner = createPlanner(aContext());
    const rows = [
      { incoming: anIncoming({ action }), existing: anExisting({ type: 12, subtype: 3072, name: 'Year' }) },
    ];
    expect(planner.decide(rows)).toMatchObject([{ outcome: 'keep', conflict: 'DIFF' }]);
    expect(planner.issues()).toEqual([
      {
        type: 'type-mismatch',
        severity: 'blocking',
        object: { id: anId(100), type: 4, name: 'Profit' },
        existing: { id: anId(100), type: 12, name: 'Year' },
      },
    ]);
  });

  it('a group in the place of a user', () => {
    const planner = createPlanner(aContext());
    const [user, group] = [
      { type: 34, subtype: 8704 },
      { type: 34, subtype: 8705 },
    ];
    planner.decide([{ incoming: anIncoming(group), existing: anExisting(user) }]);
    planner.decide([
      { incoming: anIncoming({ ...group, absent: true, action: 'delete' }), existing: anExisting(user) },
    ]);
    expect(planner.issues()).toHaveLength(1);
  });

  it.each([
    ['Administrator', { id: WELL_KNOWN.administrator, type: 34, subtype: 8704 }],
    ['Everyone', { id: WELL_KNOWN.everyone, type: 34, subtype: 8705 }],
    ['the importing user', { id: IMPORTER, type: 34, subtype: 8704 }],
    ['a predefined folder', { id: WELL_KNOWN.sharedReports, type: 8, subtype: 2048 }],
    ['a system subtotal', { id: anId(5), type: 4, subtype: 1026 }],
  ])('deleting %s', (_, object) => {
    const planner = createPlanner(aContext());
    const rows = [{ incoming: anIncoming({ ...object, action: 'delete' }), existing: anExisting(object) }];
    expect(planner.decide(rows)).toMatchObject([{ outcome: 'keep', action: 'delete' }]);
    expect(planner.issues()).toMatchObject([{ type: 'protected-object', object: { id: object.id } }]);
  });
});

describe('what a plan says at the end', () => {
  it('counts outcomes over all chunks', () => {
    const planner = createPlanner(aContext());
    planner.decide([{ incoming: anIncoming(), existing: null }]);
    planner.decide([
      { incoming: anIncoming(), existing: anExisting() },
      { incoming: anIncoming({ id: anId(7) }), existing: null },
    ]);
    expect(planner.counts()).toEqual({
      create: 2,
      replace: 0,
      move: 0,
      update_contacts: 0,
      update_translations: 0,
      duplicate: 0,
      keep: 1,
      delete: 0,
      skip: 0,
    });
  });

  it('has no undo for entries under keep_both, whatever becomes of them, but for ancestors', () => {
    const planner = createPlanner(aContext());
    const incoming = anIncoming({ action: 'keep_both' });
    planner.decide([
      { incoming: { ...incoming, ...aFolder, role: 'ancestor' }, existing: null },
      { incoming: anIncoming(), existing: null },
    ]);
    expect(planner.undoSuppressedBy()).toBe(0);
    planner.decide([
      { incoming, existing: anExisting() },
      { incoming: { ...incoming, role: 'dependent' }, existing: null },
    ]);
    expect(planner.undoSuppressedBy()).toBe(2);
  });
});
