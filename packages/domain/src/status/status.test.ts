import { describe, expect, it } from 'vitest';
import { checkOperation, OPERATION_RULES, OPERATIONS } from './permission-matrix.ts';
import type { Operation, RecordState } from './permission-matrix.ts';
import {
  CERTIFICATION_MACHINE,
  checkTransition,
  IMPORT_MACHINE,
  IMPORT_REQUEST_MACHINE,
  PACKAGE_MACHINE,
  UNDO_REQUEST_MACHINE,
  VALIDATION_MACHINE,
} from './state-machines.ts';
import type { StateMachine } from './state-machines.ts';
import { IMPORT_STATUSES, PACKAGE_STATUSES, REQUEST_STATUSES } from './statuses.ts';

/** All allowed steps, written down a second time by hand: `from>to`, with a dash for "not there yet". */
const ALLOWED: readonly (readonly [StateMachine<string>, string])[] = [
  [
    PACKAGE_MACHINE,
    '->creating ->empty ->locked empty>creating creating>created creating>create_failed created>creating create_failed>creating created>locked',
  ],
  [
    IMPORT_MACHINE,
    '->pending ->importing pending>importing importing>imported importing>import_failed imported>undoing import_failed>undoing undo_failed>undoing undoing>undo_success undoing>undo_failed import_failed>importing undo_success>importing',
  ],
  [
    IMPORT_REQUEST_MACHINE,
    '->pending ->approved pending>requested rejected>requested requested>approved requested>rejected requested>pending',
  ],
  [
    UNDO_REQUEST_MACHINE,
    '->pending pending>requested rejected>requested requested>approved requested>rejected approved>requested',
  ],
  [
    VALIDATION_MACHINE,
    '->validating validated>validating validation_failed>validating validating>validated validating>validation_failed',
  ],
  [
    CERTIFICATION_MACHINE,
    '->uncertified ->requested ->certified uncertified>requested rejected>requested requested>uncertified requested>certified requested>rejected uncertified>certified rejected>certified certified>uncertified',
  ],
];

describe.each(ALLOWED)('the machine', (machine, allowed) => {
  const expected = new Set(allowed.split(' '));

  it(`of ${machine.field} allows exactly these steps`, () => {
    const found = [null, ...machine.states].flatMap((from) =>
      machine.states.filter((to) => checkTransition(machine, from, to).ok).map((to) => `${from ?? '-'}>${to}`),
    );
    expect(new Set(found)).toEqual(expected);
  });

  it(`of ${machine.field} can reach every state, and leave every state in which a job works`, () => {
    const reached = new Set(machine.transitions.map((transition) => transition.to));
    expect(reached).toEqual(new Set(machine.states));
    for (const state of machine.workingStates) {
      expect(machine.transitions.filter((transition) => transition.from.includes(state)).length).toBeGreaterThan(1);
    }
  });
});

describe('checkTransition', () => {
  it('says what could follow', () => {
    expect(checkTransition(IMPORT_REQUEST_MACHINE, 'pending', 'approved')).toEqual({
      ok: false,
      reason:
        "`importInfo.importRequestStatus` is 'pending' and cannot become 'approved': only 'requested' can follow.",
    });
    expect(checkTransition(PACKAGE_MACHINE, 'locked', 'creating')).toMatchObject({
      reason: expect.stringContaining('nothing can follow'),
    });
    expect(checkTransition(IMPORT_MACHINE, null, 'imported')).toMatchObject({
      reason: expect.stringContaining('is not set'),
    });
  });

  it('takes staying for no step', () => {
    expect(checkTransition(IMPORT_REQUEST_MACHINE, 'requested', 'requested').ok).toBe(false);
  });
});

const created: RecordState = {
  packageStatus: 'created',
  importRequestStatus: 'pending',
  importStatus: 'pending',
  undoRequestStatus: 'pending',
  replicated: false,
  purpose: 'object_migration',
  hasUndo: false,
};
const requested: RecordState = { ...created, importRequestStatus: 'requested' };
const approved: RecordState = { ...created, packageStatus: 'locked', importRequestStatus: 'approved' };
const arriving: RecordState = { ...approved, importStatus: null, replicated: true };
const imported: RecordState = { ...arriving, importStatus: 'imported', hasUndo: true };
const undoRequested: RecordState = { ...imported, undoRequestStatus: 'requested' };

const allowedIn = (state: RecordState): Operation[] =>
  OPERATIONS.filter((operation) => checkOperation(operation, state) === null);

describe('checkOperation', () => {
  it.each<[string, RecordState, string]>([
    ['creating', { ...created, packageStatus: 'creating' }, 'set_target sync_certification'],
    ['created', created, 'edit rename set_target request validate certify sync_certification download delete'],
    [
      'create_failed',
      { ...created, packageStatus: 'create_failed' },
      'edit rename set_target sync_certification delete',
    ],
    ['requested', requested, 'rename set_target approve reject withdraw certify sync_certification download delete'],
    [
      'rejected',
      { ...created, importRequestStatus: 'rejected' },
      'edit rename set_target request validate certify sync_certification download delete',
    ],
    ['approved', approved, 'sync_certification download delete'],
    ['arriving on the target', arriving, 'import sync_certification download delete'],
    ['importing', { ...arriving, importStatus: 'importing' }, 'sync_certification download'],
    ['imported', imported, 'sync_certification request_undo download delete'],
    ['imported without undo package', { ...imported, hasUndo: false }, 'sync_certification download delete'],
    [
      'import_failed',
      { ...imported, importStatus: 'import_failed', hasUndo: false },
      'import sync_certification request_undo download delete',
    ],
    ['undo requested', undoRequested, 'sync_certification approve_undo reject_undo download delete'],
    [
      'undoing',
      { ...undoRequested, importStatus: 'undoing', undoRequestStatus: 'approved' },
      'sync_certification download',
    ],
    [
      'undo_success',
      { ...undoRequested, importStatus: 'undo_success', undoRequestStatus: 'approved' },
      'import sync_certification download delete',
    ],
    [
      'undo_failed',
      { ...undoRequested, importStatus: 'undo_failed', undoRequestStatus: 'approved' },
      'sync_certification request_undo download delete',
    ],
    [
      'uploaded',
      { ...created, purpose: 'migration_from_shared_file_store' },
      'rename set_target request certify sync_certification download delete',
    ],
    [
      'validating',
      { ...created, validationStatus: 'validating' },
      'edit rename set_target request certify sync_certification download',
    ],
  ])('allows when %s only what the matrix says', (_, state, operations) => {
    expect(allowedIn(state)).toEqual(operations.split(' '));
  });

  it.each<[Operation, RecordState, string, string]>([
    ['request', approved, 'packageInfo.status', 'locked'],
    ['edit', approved, 'packageInfo.status', 'locked'],
    ['approve', created, 'importInfo.importRequestStatus', 'pending'],
    ['edit', requested, 'importInfo.importRequestStatus', 'requested'],
    ['import', { ...arriving, replicated: false }, 'packageInfo.replicated', 'false'],
    ['import', { ...arriving, packageStatus: 'created' }, 'packageInfo.status', 'created'],
    ['import', imported, 'importInfo.status', 'imported'],
    ['request_undo', approved, 'importInfo.status', 'pending'],
    ['request_undo', arriving, 'importInfo.status', 'not started'],
    ['request_undo', { ...imported, hasUndo: false }, 'importInfo.undoStorage', '{}'],
    ['approve_undo', imported, 'importInfo.undoRequestStatus', 'pending'],
    ['edit', { ...created, replicated: true }, 'packageInfo.replicated', 'true'],
    [
      'edit',
      { ...created, purpose: 'migration_from_shared_file_store' },
      'packageInfo.purpose',
      'migration_from_shared_file_store',
    ],
    ['delete', { ...created, validationStatus: 'validating' }, 'validation.status', 'validating'],
  ])('refuses %s and names the field', (operation, state, field, value) => {
    expect(checkOperation(operation, state)).toMatchObject({ field, value });
  });

  it('explains what the field and its value do not', () => {
    expect(checkOperation('request_undo', { ...imported, hasUndo: false })?.why).toContain('keep_both');
    expect(checkOperation('import', { ...arriving, replicated: false })?.why).toContain('replicated');
    expect(checkOperation('approve', created)).not.toHaveProperty('why');
  });

  it('never lets two things happen to a record at work', () => {
    const states = PACKAGE_STATUSES.flatMap((packageStatus) =>
      IMPORT_STATUSES.flatMap((importStatus) =>
        REQUEST_STATUSES.map((importRequestStatus): RecordState => ({
          ...undoRequested,
          packageStatus,
          importStatus,
          importRequestStatus,
        })),
      ),
    );
    const working: readonly string[] = [...PACKAGE_MACHINE.workingStates, ...IMPORT_MACHINE.workingStates];
    const isAtWork = (state: RecordState): boolean =>
      working.includes(state.packageStatus) || (state.importStatus !== null && working.includes(state.importStatus));
    const atWork = states.filter(isAtWork);
    expect(atWork.length).toBeGreaterThan(20);
    for (const operation of ['edit', 'approve', 'approve_undo', 'delete', 'validate'] as const) {
      expect(atWork.filter((state) => checkOperation(operation, state) === null)).toEqual([]);
    }
  });

  it('has a rule for every operation', () => {
    expect(Object.keys(OPERATION_RULES)).toEqual([...OPERATIONS]);
  });
});
