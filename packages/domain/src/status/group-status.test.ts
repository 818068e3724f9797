import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { GROUP_STATUSES, GROUP_WORKS, groupStatus, type GroupMemberState } from './group-status.ts';
import { IMPORT_STATUSES, PACKAGE_STATUSES } from './statuses.ts';

const member = (packageStatus: string, importStatus = 'pending', hasUndo = importStatus === 'imported') =>
  ({ packageStatus, importStatus, hasUndo }) as GroupMemberState;
const locked = (importStatus: string, hasUndo?: boolean) => member('locked', importStatus, hasUndo);

describe('the status of a group', () => {
  it.each([
    ['created', [member('created'), member('created')]],
    ['create_failed', [member('created'), member('create_failed'), member('empty')]],
    ['create_failed', [member('created'), member('empty')]],
    ['locked', [locked('pending'), locked('pending')]],
    ['imported', [locked('imported'), locked('imported', false)]],
    ['import_failed', [locked('imported'), locked('import_failed'), locked('pending')]],
    ['import_failed', [locked('imported'), locked('pending')]],
    ['import_failed', [locked('import_failed')]],
    ['undo_success', [locked('undo_success'), locked('undo_success')]],
    ['undo_success', [locked('undo_success'), locked('imported', false), locked('pending')]],
    ['undo_failed', [locked('undo_success'), locked('undo_failed')]],
    ['undo_failed', [locked('imported'), locked('undo_success')]],
    ['import_failed', [locked('undo_success'), locked('import_failed')]],
  ])('is %s for what its members are', (expected, members) => {
    expect(groupStatus(members, null)).toBe(expected);
  });

  it('is what its jobs do, also between two members', () => {
    const members = [locked('imported'), locked('pending')];
    expect(GROUP_WORKS.map((work) => groupStatus(members, work))).toEqual(['creating', 'importing', 'undoing']);
  });

  it('at rest never says that jobs are at work, and does not depend on the order of the members', () => {
    const states = fc.record({
      packageStatus: fc.constantFrom(...PACKAGE_STATUSES),
      importStatus: fc.constantFrom(...IMPORT_STATUSES),
      hasUndo: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(states, { minLength: 1, maxLength: 5 }), (members) => {
        const status = groupStatus(members, null);
        expect(GROUP_STATUSES).toContain(status);
        expect(['creating', 'importing', 'undoing']).not.toContain(status);
        expect(groupStatus(members.toReversed(), null)).toBe(status);
      }),
    );
  });
});
