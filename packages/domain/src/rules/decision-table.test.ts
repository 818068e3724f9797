import { describe, expect, it } from 'vitest';
import { aContext, aDate, anExisting, anId, anIncoming } from '../../test/builders.ts';
import type { ExistingObject, IncomingObject } from '../planner/plan-types.ts';
import { createPlanner } from '../planner/planner.ts';
import { CONFLICT_ACTIONS } from './actions.ts';
import type { ConflictAction } from './actions.ts';
import { CONFLICT_KINDS, conflictKindOf } from './conflict-kinds.ts';
import type { ConflictKind } from './conflict-kinds.ts';
import { DECISION_TABLE, keepsIdentical, outcomeOf } from './decision-table.ts';

const TIMES = ['earlier', 'equal', 'later'] as const;

/** What the specification says, written down a second time by hand: earlier / equal / later, or one word for all. */
const EXPECTED: Record<ConflictAction, Record<ConflictKind, string>> = {
  use_existing: { NEW: 'create', SAME: 'keep', PATH: 'keep', DS: 'keep', DIFF: 'keep' },
  replace: { NEW: 'create', SAME: 'keep', PATH: 'move', DS: 'update_contacts', DIFF: 'replace' },
  keep_both: { NEW: 'create', SAME: 'keep', PATH: 'keep', DS: 'keep', DIFF: 'duplicate' },
  use_newer: {
    NEW: 'create',
    SAME: 'keep',
    PATH: 'keep/keep/move',
    DS: 'keep/keep/update_contacts',
    DIFF: 'keep/keep/replace',
  },
  use_older: { NEW: 'create', SAME: 'keep', PATH: 'keep', DS: 'keep', DIFF: 'replace/replace/keep' },
  force_replace: { NEW: 'create', SAME: 'replace', PATH: 'replace', DS: 'replace', DIFF: 'replace' },
  delete: { NEW: 'skip', SAME: 'delete', PATH: 'delete', DS: 'delete', DIFF: 'delete' },
};

const CASES = CONFLICT_ACTIONS.flatMap((action) =>
  CONFLICT_KINDS.flatMap((kind) =>
    TIMES.map((time, index) => {
      const words = EXPECTED[action][kind].split('/');
      return { action, kind, time, expected: words.length === 1 ? words[0] : words[index] };
    }),
  ),
);

const EXISTING_DATE = aDate(1000);
const INCOMING_DATES = { earlier: aDate(999), equal: EXISTING_DATE, later: aDate(1001) };

/** A user, the only kind of object that can be in every conflict. */
const user = { type: 34, subtype: 8704, id: anId(300), contactsHash: 'contacts-1' } as const;

const DIFFERENCES: Record<ConflictKind, Partial<ExistingObject> | null> = {
  NEW: null,
  SAME: {},
  PATH: { parentId: anId(2) },
  DS: { contactsHash: 'contacts-2' },
  DIFF: { version: anId(5002) },
};

function meeting(kind: ConflictKind, incoming: Partial<IncomingObject> = {}) {
  const difference = DIFFERENCES[kind];
  return {
    incoming: anIncoming({ ...user, ...incoming }),
    existing: difference && anExisting({ ...user, dateModified: EXISTING_DATE, ...difference }),
  };
}

describe('the decision table', () => {
  it.each(CASES)('$action meets $kind, package $time: $expected', ({ action, kind, time, expected }) => {
    const times = { incoming: INCOMING_DATES[time], existing: EXISTING_DATE };
    expect(outcomeOf(action, kind, times).outcome).toBe(expected);
  });

  it.each(CASES)('the planner follows it: $action, $kind, $time', ({ action, kind, time, expected }) => {
    const row = meeting(kind, { action, dateModified: INCOMING_DATES[time] });
    const planner = createPlanner(aContext());
    const [decision] = planner.decide([row]);
    expect(decision).toMatchObject({ outcome: expected, conflict: kind, action, id: user.id, type: 34 });
    expect(decision?.reason).toMatch(/^[A-Z].*\.$/);
    expect(planner.issues()).toEqual([]);
  });

  it('compares times by whole seconds', () => {
    const times = { incoming: '2020-01-01T00:00:00.999+0000', existing: '2020-01-01T00:00:00.001+0000' };
    expect(outcomeOf('use_newer', 'DIFF', times).outcome).toBe('keep');
    expect(outcomeOf('use_older', 'DIFF', times).outcome).toBe('replace');
  });

  it('gives every action a summary and every cell a reason', () => {
    for (const row of Object.values(DECISION_TABLE)) {
      expect(row.summary.length).toBeGreaterThan(20);
      for (const cell of Object.values(row.cells)) {
        const verdicts = 'outcome' in cell ? [cell] : [cell.whenIncomingIsLater, cell.otherwise];
        for (const { reason } of verdicts) expect(reason).toMatch(/^The .*\.$|^Only .*\.$/);
      }
    }
  });
});

describe('conflictKindOf', () => {
  it.each(CONFLICT_KINDS)('finds %s', (kind) => {
    const { incoming, existing } = meeting(kind);
    expect(conflictKindOf(incoming, existing)).toBe(kind);
  });

  it('takes another version for different, whatever else differs', () => {
    const existing = anExisting({ ...user, version: anId(1), parentId: null, contactsHash: null });
    expect(conflictKindOf(anIncoming(user), existing)).toBe('DIFF');
  });

  it('calls a user that differs in contacts and folder DS, so that the contacts are not forgotten', () => {
    const existing = anExisting({ ...user, parentId: anId(2), contactsHash: 'contacts-2' });
    expect(conflictKindOf(anIncoming(user), existing)).toBe('DS');
  });

  it('does not look at contacts of anything but a user, nor at times and bodies', () => {
    const existing = anExisting({ contactsHash: 'x', bodyHash: 'other', dateModified: aDate(1) });
    expect(conflictKindOf(anIncoming(), existing)).toBe('SAME');
  });
});

describe('an object that the target has already', () => {
  it.each(CONFLICT_ACTIONS)('is kept by the planner just when the rule says so: %s', (action) => {
    const existing = anExisting({ id: anId(1) });
    const incoming = anIncoming({ ...existing, action });
    const [decision] = createPlanner(aContext()).decide([{ incoming, existing }]);
    expect(decision?.outcome === 'keep').toBe(keepsIdentical(action));
  });
});
