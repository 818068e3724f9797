import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anId } from '../../test/builders.ts';
import { describeIssue, describeSuppressedUndo, summariseIssues } from './describe-issue.ts';
import { compareIssues } from './issues.ts';
import type { Issue, ObjRef } from './issues.ts';
import { checkPostImage } from './post-image.ts';
import type { PostImageFacts } from './post-image.ts';

const profit: ObjRef = { id: anId(0xa), type: 4, name: 'Profit' };
const year: ObjRef = { id: anId(0xb), type: 12, name: 'Year' };
const sales: ObjRef = { id: anId(0xc), type: 8, name: 'Sales' };
const ann: ObjRef = { id: anId(0xd), type: 34, name: 'Ann' };

const ONE_OF_EACH: readonly Issue[] = [
  { type: 'type-mismatch', severity: 'blocking', object: profit, existing: year },
  { type: 'protected-object', severity: 'blocking', object: ann },
  { type: 'missing-dependency', severity: 'blocking', object: profit, missing: { id: anId(0xe), type: 13 } },
  { type: 'used-delete', severity: 'blocking', object: year, user: profit },
  { type: 'missing-parent', severity: 'blocking', object: profit, parentId: anId(0xe) },
  { type: 'folder-not-empty', severity: 'blocking', object: sales, child: profit },
  { type: 'folder-cycle', severity: 'blocking', object: sales },
  { type: 'name-clash', severity: 'blocking', object: profit, parentId: sales.id, holderId: anId(0xe) },
  { type: 'login-name-clash', severity: 'blocking', object: ann, loginName: 'ann', holder: { ...ann, id: anId(0xe) } },
  { type: 'created-object-in-use', severity: 'blocking', object: year, user: profit },
  { type: 'restored-need-missing', severity: 'blocking', object: profit, missing: { id: anId(0xe), type: 13 } },
  { type: 'restored-folder-missing', severity: 'blocking', object: profit, parentId: anId(0xe) },
  {
    type: 'restored-folder-cycle',
    severity: 'blocking',
    object: sales,
    holder: { ...sales, id: anId(0xe), name: 'Time' },
  },
  {
    type: 'restored-name-taken',
    severity: 'blocking',
    object: profit,
    holder: { ...profit, id: anId(0xe) },
    folder: sales,
  },
  {
    type: 'restored-name-taken',
    severity: 'blocking',
    object: profit,
    holder: { ...profit, id: anId(0xf) },
    folder: null,
  },
  { type: 'missing-trustee', severity: 'warning', object: profit, trusteeId: anId(0xe), objectCount: 3 },
  { type: 'missing-owner', severity: 'warning', object: profit, ownerId: anId(0xe), objectCount: 1 },
  { type: 'renamed', severity: 'warning', object: profit, newName: 'Profit (1)' },
  { type: 'changed-since-import', severity: 'warning', object: profit, change: 'edited', undo: 'restores' },
  { type: 'created-folder-kept', severity: 'warning', object: sales },
];

describe('describeIssue', () => {
  it.each(ONE_OF_EACH)('names the objects of $type, and says what to do or what happens next', (issue) => {
    const text = describeIssue(issue);
    expect(text).toContain(issue.object.id);
    expect(text).toContain(`'${issue.object.name}'`);
    expect(text).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
    for (const id of Object.values(issue).filter((value) => typeof value === 'string' && value.length === 32)) {
      if (issue.type !== 'name-clash' || id !== issue.parentId) expect(text).toContain(id);
    }
  });

  it('reads as a sentence', () => {
    expect(describeIssue(ONE_OF_EACH[2] as Issue)).toBe(
      `The metric 'Profit' (${profit.id}) needs the fact ${anId(0xe)}, which the target would not have. ` +
        'Add it to the package (includeDependents), or import it first.',
    );
  });

  it('names what is missing, where the package knows it', () => {
    const missing = { id: anId(0xe), type: 13, name: 'Sales' };
    const text = describeIssue({ type: 'missing-dependency', severity: 'blocking', object: profit, missing });
    expect(text).toContain(`needs the fact 'Sales' (${anId(0xe)}), which`);
  });

  it('copes with objects of unknown name and type', () => {
    const object = { id: anId(1), type: 200, name: '' };
    const text = describeIssue({
      type: 'missing-dependency',
      severity: 'blocking',
      object,
      missing: { id: anId(2), type: null },
    });
    expect(text).toContain(`object of type 200 ${anId(1)} needs the object ${anId(2)}`);
  });

  it('says why there is no undo package', () => {
    expect(describeSuppressedUndo(1)).toContain('keep_both is in force for 1 object of');
    expect(describeSuppressedUndo(7)).toContain('7 objects');
  });
});

describe('summariseIssues', () => {
  const many = Array.from({ length: 25 }, (_, index): Issue => ({
    type: 'protected-object',
    severity: 'blocking',
    object: { id: anId(index), type: 4, name: `Metric ${index}` },
  }));

  it('shows the first twenty in order and counts the rest', () => {
    const lines = summariseIssues(many.toReversed()).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[0]).toContain("'Metric 0'");
    expect(lines[20]).toBe('5 more issues of this kind or another.');
    expect(summariseIssues(many, 24).split('\n').at(-1)).toMatch(/^1 more issue /);
    expect(summariseIssues(many, 25)).not.toContain('more issue');
    expect(summariseIssues([])).toBe('');
  });

  it('does not depend on the order of issues, and puts blocking ones first', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...ONE_OF_EACH], { minLength: ONE_OF_EACH.length }), (issues) => {
        expect(summariseIssues(issues)).toBe(summariseIssues(ONE_OF_EACH));
        const severities = issues.toSorted(compareIssues).map((issue) => issue.severity);
        expect(severities).toEqual(severities.toSorted());
      }),
    );
  });
});

describe('checkPostImage', () => {
  const none: PostImageFacts = {
    missingDependencies: [],
    usedDeletes: [],
    missingParents: [],
    nonEmptyFolderDeletes: [],
    folderCycles: [],
  };

  it('has nothing to say of a sound target', () => {
    expect(checkPostImage(none)).toEqual([]);
  });

  it('makes a blocking issue of every fact', () => {
    const issues = checkPostImage({
      missingDependencies: [{ user: profit, missing: { id: anId(0xe), type: null } }],
      usedDeletes: [{ deleted: year, user: profit }],
      missingParents: [{ object: profit, parentId: anId(0xf) }],
      nonEmptyFolderDeletes: [{ folder: sales, child: profit }],
      folderCycles: [sales],
    });
    expect(issues.map(({ type, object }) => [type, object.name])).toEqual([
      ['folder-cycle', 'Sales'],
      ['folder-not-empty', 'Sales'],
      ['missing-dependency', 'Profit'],
      ['missing-parent', 'Profit'],
      ['used-delete', 'Year'],
    ]);
    expect(issues.every((issue) => issue.severity === 'blocking')).toBe(true);
  });

  it('tells of a broken reference once, as a delete of something that is used', () => {
    const missing = [year, { ...year, id: anId(0xe) }].map(({ id, type }) => ({ user: profit, missing: { id, type } }));
    const facts = { ...none, missingDependencies: missing, usedDeletes: [{ deleted: year, user: profit }] };
    expect(checkPostImage(facts).map((issue) => issue.type)).toEqual(['missing-dependency', 'used-delete']);
  });

  it('orders issues by object and what it is about, whatever the order of rows', () => {
    const facts = fc.array(
      fc.record({ user: fc.constantFrom(profit, year), id: fc.integer({ min: 20, max: 30 }).map(anId) }),
    );
    fc.assert(
      fc.property(facts, (rows) => {
        const missingDependencies = rows.map(({ user, id }) => ({ user, missing: { id, type: null } }));
        const issues = checkPostImage({ ...none, missingDependencies });
        expect(checkPostImage({ ...none, missingDependencies: missingDependencies.toReversed() })).toEqual(issues);
      }),
    );
  });
});
