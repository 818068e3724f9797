import { describe, expect, it } from 'vitest';
import { aContext, aDate, anExisting, anId, anIncoming } from '../../test/builders.ts';
import { checkPostImage, danglingReferences } from './post-image.ts';
import { describeIssue } from './describe-issue.ts';
import type { ExistingObject, IncomingObject } from './plan-types.ts';
import { createPlanner } from './planner.ts';

const decide = (incoming: Partial<IncomingObject>, existing: Partial<ExistingObject> | null) =>
  createPlanner(aContext()).decide([{ incoming: anIncoming(incoming), existing: existing && anExisting(existing) }])[0];

describe('texts that an identical object is to get', () => {
  it.each(['use_existing', 'replace', 'use_newer', 'use_older'] as const)('are written under %s', (action) => {
    expect(decide({ action, changesTexts: true }, {})).toMatchObject({
      outcome: 'update_translations',
      conflict: 'SAME',
      name: 'Profit',
      parentId: anId(1),
    });
  });

  it('are written along with a move, which stays a move under the rule that moves', () => {
    const elsewhere = { parentId: anId(2), name: 'Own name' };
    expect(decide({ changesTexts: true }, elsewhere)).toMatchObject({
      outcome: 'update_translations',
      parentId: anId(1),
      name: 'Own name',
    });
    expect(decide({ changesTexts: true, action: 'use_existing' }, elsewhere)).toMatchObject({
      outcome: 'update_translations',
      parentId: anId(2),
    });
  });

  it('go with the whole object where that is written anyway', () => {
    expect(decide({ changesTexts: true, action: 'force_replace' }, {})?.outcome).toBe('replace');
    expect(decide({ changesTexts: true, action: 'delete' }, {})?.outcome).toBe('delete');
    expect(decide({ changesTexts: true }, null)?.outcome).toBe('create');
  });
});

describe('a system object in a project merge', () => {
  const subtotal = { role: 'ancestor', action: 'use_existing', subtype: 1026 } as const;

  it('is made where the target lacks it, as it is in the source', () => {
    expect(decide(subtotal, null)).toMatchObject({
      outcome: 'create',
      reason: 'The target lacks this system object.',
      dateModified: aDate(100),
    });
  });

  it('is never compared', () => {
    expect(decide(subtotal, { version: anId(5009), subtype: 1026 })?.outcome).toBe('keep');
  });
});

describe('needs that are not looked after', () => {
  const missing = { id: anId(7), type: 12 };
  const fact = { user: { id: anId(1), type: 4, name: 'Profit' }, missing, objectCount: 3 };

  it('are warnings that name who needs what', () => {
    const [warning] = danglingReferences([fact]);
    expect(warning).toMatchObject({ severity: 'warning', missing });
    expect(warning && describeIssue(warning)).toBe(
      `The attribute ${anId(7)} is not on the target, but 3 objects, such as the metric 'Profit' (${anId(1)}), need it. ` +
        'Import it, or change them.',
    );
  });

  it('stop the import otherwise', () => {
    const facts = { missingParents: [], usedDeletes: [], nonEmptyFolderDeletes: [], folderCycles: [] };
    expect(checkPostImage({ ...facts, missingDependencies: [fact] })).toMatchObject([{ severity: 'blocking' }]);
  });
});
