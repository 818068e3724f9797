import { describe, expect, it } from 'vitest';
import { aContext, aDate, aFolder, anExisting, anId, anIncoming, NOW } from '../../test/builders.ts';
import type { StoredHeader } from '../objects/dump-line.ts';
import type { Decision, PlanRow } from '../planner/plan-types.ts';
import { createPlanner } from '../planner/planner.ts';
import { checkUndo, driftOf, undoOfDecision } from './undo-record.ts';
import type { BeforeImage, UndoRecord } from './undo-record.ts';

const header: StoredHeader = {
  projectId: anId(1),
  id: anId(100),
  type: 4,
  subtype: 1024,
  name: 'Profit',
  description: '',
  abbreviation: '',
  parentId: anId(2),
  ownerId: anId(3),
  version: anId(5002),
  dateCreated: aDate(1),
  dateModified: aDate(2),
  hidden: false,
  acl: '[]',
  translations: '{}',
  uses: '[]',
};
const before: BeforeImage = { header, bodyHash: 'body-before' };

function decisionOn(row: PlanRow): Decision {
  const [decision] = createPlanner(aContext()).decide([row]);
  if (decision === undefined) throw new Error('no decision');
  return decision;
}

const older = { version: anId(5002), bodyHash: 'body-before' };
const DECISIONS = {
  create: decisionOn({ incoming: anIncoming(), existing: null }),
  replace: decisionOn({ incoming: anIncoming(), existing: anExisting(older) }),
  move: decisionOn({ incoming: anIncoming(), existing: anExisting({ parentId: anId(2) }) }),
  update_contacts: decisionOn({
    incoming: anIncoming({ type: 34, subtype: 8704, contactsHash: 'x' }),
    existing: anExisting({ type: 34, subtype: 8704, contactsHash: 'y' }),
  }),
  update_translations: decisionOn({ incoming: anIncoming({ changesTexts: true }), existing: anExisting() }),
  duplicate: decisionOn({ incoming: anIncoming({ action: 'keep_both' }), existing: anExisting(older) }),
  delete: decisionOn({ incoming: anIncoming({ action: 'delete' }), existing: anExisting(older) }),
  keep: decisionOn({ incoming: anIncoming(), existing: anExisting() }),
  skip: decisionOn({ incoming: anIncoming({ action: 'delete' }), existing: null }),
} as const;

describe('undoOfDecision', () => {
  it('deletes what was created, as it was written', () => {
    expect(undoOfDecision(DECISIONS.create, null, 'body-1')).toEqual({
      op: 'delete',
      id: anId(100),
      type: 4,
      name: 'Profit',
      version: anId(5001),
      bodyHash: 'body-1',
    });
  });

  it('remembers the version that a folder with contents really got', () => {
    const folder = decisionOn({ incoming: anIncoming({ ...aFolder, hasContents: true }), existing: null });
    if (folder.outcome !== 'create') throw new Error('expected a folder to be created');
    expect(folder).toMatchObject({ dateModified: NOW });
    expect(undoOfDecision(folder, null, 'body-1')).toMatchObject({ op: 'delete', version: folder.version });
  });

  it('deletes a duplicate under its new id', () => {
    const { duplicate } = DECISIONS;
    if (duplicate.outcome !== 'duplicate') throw new Error('expected a duplicate');
    expect(undoOfDecision(duplicate, before, 'body-1')).toMatchObject({
      op: 'delete',
      id: duplicate.newId,
      version: duplicate.newVersion,
    });
  });

  it.each([
    ['replace', anId(5001)],
    ['move', header.version],
    ['update_contacts', header.version],
    ['update_translations', header.version],
    ['delete', null],
  ] as const)('restores what there was before a %s, and knows the version that was left', (outcome, writtenVersion) => {
    const decision = DECISIONS[outcome];
    expect(decision.outcome).toBe(outcome);
    expect(undoOfDecision(decision, before, 'body-1')).toEqual({
      op: 'restore',
      header,
      bodyHash: 'body-before',
      writtenVersion,
    });
    expect(() => undoOfDecision(decision, null, 'body-1')).toThrow(/defect/);
  });

  it.each(['keep', 'skip'] as const)('has nothing to undo for %s', (outcome) => {
    expect(DECISIONS[outcome].outcome).toBe(outcome);
    expect(undoOfDecision(DECISIONS[outcome], before, 'body-1')).toBeNull();
  });
});

describe('driftOf', () => {
  const made: UndoRecord = {
    op: 'delete',
    id: anId(100),
    type: 4,
    name: 'Profit',
    version: anId(5001),
    bodyHash: 'body-1',
  };
  const replaced: UndoRecord = { op: 'restore', header, bodyHash: 'body-before', writtenVersion: anId(5001) };
  const deleted: UndoRecord = { ...replaced, writtenVersion: null };
  const asWritten = { version: anId(5001), bodyHash: 'body-1' };

  it.each([
    ['created, untouched', made, asWritten, null],
    ['created, edited', made, { ...asWritten, version: anId(5003) }, { change: 'edited', undo: 'deletes' }],
    ['created, body changed', made, { ...asWritten, bodyHash: 'x' }, { change: 'edited', undo: 'deletes' }],
    ['created, deleted', made, null, { change: 'deleted', undo: 'nothing' }],
    ['replaced, untouched', replaced, asWritten, null],
    ['replaced, edited', replaced, { ...asWritten, version: anId(5003) }, { change: 'edited', undo: 'restores' }],
    ['replaced, deleted', replaced, null, { change: 'deleted', undo: 'restores' }],
    ['deleted, still gone', deleted, null, null],
    ['deleted, made again', deleted, asWritten, { change: 'recreated', undo: 'restores' }],
  ] as const)('%s', (_, record, current, expected) => {
    const warning = driftOf(record, current);
    if (expected === null) expect(warning).toBeNull();
    else {
      expect(warning).toEqual({
        type: 'changed-since-import',
        severity: 'warning',
        object: { id: anId(100), type: 4, name: 'Profit' },
        ...expected,
      });
    }
  });

  it.each(['create', 'replace', 'delete'] as const)('finds none right after a %s', (outcome) => {
    const record = undoOfDecision(DECISIONS[outcome], outcome === 'create' ? null : before, 'body-1');
    if (record === null) throw new Error('expected a record');
    expect(driftOf(record, outcome === 'delete' ? null : asWritten)).toBeNull();
  });
});

describe('checkUndo', () => {
  it('stops for objects in use, what is missing, folders in themselves and taken names, and only warns of folders that stay', () => {
    const [metric, report] = [
      { id: anId(1), type: 4, name: 'Profit' },
      { id: anId(2), type: 3, name: 'Report' },
    ];
    const folder = { id: anId(3), type: 8, name: 'Sales' };
    const holder = { id: anId(4), type: 8, name: 'Time' };
    const issues = checkUndo({
      createdInUse: [{ created: metric, user: report }],
      keptFolders: [folder],
      missingNeeds: [{ object: report, missing: { id: anId(6), type: 13 } }],
      missingFolders: [{ object: report, parentId: anId(7) }],
      folderCircles: [{ folder, holder }],
      takenNames: [{ object: report, holder: { ...report, id: anId(5) }, folder }],
    });
    expect(issues).toEqual([
      { type: 'created-object-in-use', severity: 'blocking', object: metric, user: report },
      { type: 'restored-folder-cycle', severity: 'blocking', object: folder, holder },
      { type: 'restored-folder-missing', severity: 'blocking', object: report, parentId: anId(7) },
      { type: 'restored-name-taken', severity: 'blocking', object: report, holder: { ...report, id: anId(5) }, folder },
      { type: 'restored-need-missing', severity: 'blocking', object: report, missing: { id: anId(6), type: 13 } },
      { type: 'created-folder-kept', severity: 'warning', object: folder },
    ]);
    expect(
      checkUndo({
        createdInUse: [],
        keptFolders: [],
        missingNeeds: [],
        missingFolders: [],
        folderCircles: [],
        takenNames: [],
      }),
    ).toEqual([]);
  });
});
