import {
  CERTIFICATION_STATUSES,
  IMPORT_STATUSES,
  PACKAGE_STATUSES,
  REQUEST_STATUSES,
  VALIDATION_STATUSES,
} from './statuses.ts';
import type { CertificationStatus, ImportStatus, PackageStatus, RequestStatus, ValidationStatus } from './statuses.ts';

export interface Transition<S extends string> {
  /** Null: the field is not there yet. A new import on an old record starts its import part afresh, from null. */
  readonly from: readonly (S | null)[];
  readonly to: S;
  readonly trigger: string;
}

export interface StateMachine<S extends string> {
  /** The field of the record, as refusals name it. */
  readonly field: string;
  readonly states: readonly S[];
  /** A job is at work in these; a server that starts settles records that it finds in them. */
  readonly workingStates: readonly S[];
  readonly transitions: readonly Transition<S>[];
}

/** spec/api.md 3.1. Nothing leads out of `locked`. */
export const PACKAGE_MACHINE: StateMachine<PackageStatus> = {
  field: 'packageInfo.status',
  states: PACKAGE_STATUSES,
  workingStates: ['creating'],
  transitions: [
    { from: [null], to: 'creating', trigger: 'POST of a migration, or of the first member of a group' },
    { from: [null], to: 'empty', trigger: 'POST of a group, for all members but the first' },
    { from: [null], to: 'locked', trigger: 'PUT on the target: the replica arrives locked' },
    { from: ['empty'], to: 'creating', trigger: 'the member before it is created' },
    { from: ['creating'], to: 'created', trigger: 'the package file is written' },
    { from: ['creating'], to: 'create_failed', trigger: 'an error, a file above the limit, a restart of the server' },
    { from: ['created', 'create_failed'], to: 'creating', trigger: 'edit' },
    { from: ['created'], to: 'locked', trigger: 'approval of the import request' },
  ],
};

/** spec/api.md 3.2. */
export const IMPORT_MACHINE: StateMachine<ImportStatus> = {
  field: 'importInfo.status',
  states: IMPORT_STATUSES,
  workingStates: ['importing', 'undoing'],
  transitions: [
    { from: [null], to: 'pending', trigger: 'POST on the source; PUT of a group, for all members but the first' },
    { from: [null], to: 'importing', trigger: 'PUT on the target' },
    {
      from: ['pending'],
      to: 'importing',
      trigger: 'PUT where source and target are one; the member before it is imported',
    },
    { from: ['importing'], to: 'imported', trigger: 'the transaction is committed' },
    { from: ['importing'], to: 'import_failed', trigger: 'an error or a restart of the server; nothing was written' },
    { from: ['imported', 'import_failed', 'undo_failed'], to: 'undoing', trigger: 'approval of the undo request' },
    { from: ['undoing'], to: 'undo_success', trigger: 'the transaction is committed' },
    { from: ['undoing'], to: 'undo_failed', trigger: 'an error or a restart of the server; nothing was written' },
    { from: ['import_failed', 'undo_success'], to: 'importing', trigger: 'PUT once more' },
  ],
};

/** spec/api.md 3.3. The target has `approved` from the start. */
export const IMPORT_REQUEST_MACHINE: StateMachine<RequestStatus> = {
  field: 'importInfo.importRequestStatus',
  states: REQUEST_STATUSES,
  workingStates: [],
  transitions: [
    { from: [null], to: 'pending', trigger: 'POST on the source' },
    { from: [null], to: 'approved', trigger: 'PUT on the target' },
    { from: ['pending', 'rejected'], to: 'requested', trigger: 'request by a holder of Create package' },
    { from: ['requested'], to: 'approved', trigger: 'approval by a holder of Apply package; locks the package' },
    { from: ['requested'], to: 'rejected', trigger: 'rejection by a holder of Apply package' },
    { from: ['requested'], to: 'pending', trigger: 'withdrawal by the requester' },
  ],
};

/** spec/api.md 3.4. */
export const UNDO_REQUEST_MACHINE: StateMachine<RequestStatus> = {
  field: 'importInfo.undoRequestStatus',
  states: REQUEST_STATUSES,
  workingStates: [],
  transitions: [
    { from: [null], to: 'pending', trigger: 'POST on the source, PUT on the target' },
    { from: ['pending', 'rejected'], to: 'requested', trigger: 'request by a holder of Create package' },
    { from: ['requested'], to: 'approved', trigger: 'approval by a holder of Apply package; starts the undo' },
    { from: ['requested'], to: 'rejected', trigger: 'rejection by a holder of Apply package' },
    { from: ['approved'], to: 'requested', trigger: 'request once more after a failed undo' },
  ],
};

/** spec/api.md 3.5. */
export const VALIDATION_MACHINE: StateMachine<ValidationStatus> = {
  field: 'validation.status',
  states: VALIDATION_STATUSES,
  workingStates: ['validating'],
  transitions: [
    { from: [null, 'validated', 'validation_failed'], to: 'validating', trigger: 'PATCH on the source' },
    { from: ['validating'], to: 'validated', trigger: 'the result of the target' },
    { from: ['validating'], to: 'validation_failed', trigger: 'the result of the target, or clocks that differ' },
  ],
};

/** spec/api.md 3.6. */
export const CERTIFICATION_MACHINE: StateMachine<CertificationStatus> = {
  field: 'packageInfo.certification.status',
  states: CERTIFICATION_STATUSES,
  workingStates: [],
  transitions: [
    { from: [null], to: 'uncertified', trigger: 'creation or edit of the package' },
    { from: [null, 'uncertified', 'rejected'], to: 'requested', trigger: 'request by a holder of Create package' },
    { from: ['requested'], to: 'uncertified', trigger: 'the request is taken back' },
    { from: ['requested'], to: 'rejected', trigger: 'rejection by a holder of Certify package' },
    {
      from: [null, 'requested', 'uncertified', 'rejected'],
      to: 'certified',
      trigger: 'certification by a holder of Certify package',
    },
    { from: ['certified'], to: 'uncertified', trigger: 'decertification by a holder of Certify package' },
  ],
};

export type TransitionCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Whether the machine leads from one state to another. Staying in a state is no transition: callers for whom a
 * repeated value is harmless compare first.
 */
export function checkTransition<S extends string>(machine: StateMachine<S>, from: S | null, to: S): TransitionCheck {
  if (machine.transitions.some((transition) => transition.to === to && transition.from.includes(from))) {
    return { ok: true };
  }
  const next = machine.transitions.filter((transition) => transition.from.includes(from)).map(({ to }) => `'${to}'`);
  const current = from === null ? 'not set' : `'${from}'`;
  const choices = next.length === 0 ? 'nothing can follow' : `only ${next.join(' or ')} can follow`;
  return { ok: false, reason: `\`${machine.field}\` is ${current} and cannot become '${to}': ${choices}.` };
}
