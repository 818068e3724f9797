import type { ImportStatus, PackagePurpose, PackageStatus, RequestStatus, ValidationStatus } from './statuses.ts';

/** What can be done with a migration record (spec/api.md 3.9). Rights are checked apart from this. */
export const OPERATIONS = [
  'edit',
  'rename',
  'set_target',
  'request',
  'approve',
  'reject',
  'withdraw',
  'import',
  'validate',
  'certify',
  'sync_certification',
  'request_undo',
  'approve_undo',
  'reject_undo',
  'download',
  'delete',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The state of a record. For `import` the package's part is the one in the body, the import's part the target's own. */
export interface RecordState {
  readonly packageStatus: PackageStatus;
  readonly importRequestStatus: RequestStatus;
  /** Null: the environment has no record of this import yet. */
  readonly importStatus: ImportStatus | null;
  readonly undoRequestStatus: RequestStatus;
  readonly replicated: boolean;
  readonly purpose: PackagePurpose;
  readonly hasUndo: boolean;
  readonly validationStatus?: ValidationStatus;
}

/** The states in which an operation is allowed; a field that is not listed does not matter. */
export interface OperationRule {
  readonly packageStatus?: readonly PackageStatus[];
  readonly importRequestStatus?: readonly RequestStatus[];
  readonly importStatus?: readonly (ImportStatus | null)[];
  readonly undoRequestStatus?: readonly RequestStatus[];
  readonly replicated?: boolean;
  /** Not for a package that was made from an uploaded file. */
  readonly notUploaded?: true;
  /** An undo package must be there, unless the import failed: then there is nothing to undo, which succeeds. */
  readonly needsUndo?: true;
  readonly notWhileValidating?: true;
}

const onSource = { replicated: false, importStatus: ['pending'] } as const;
const afterImport = {
  packageStatus: ['locked'],
  importRequestStatus: ['approved'],
  importStatus: ['imported', 'import_failed', 'undo_failed'],
  needsUndo: true,
} as const;

/** The permission matrix. */
export const OPERATION_RULES: Readonly<Record<Operation, OperationRule>> = {
  edit: {
    ...onSource,
    packageStatus: ['created', 'create_failed'],
    importRequestStatus: ['pending', 'rejected'],
    notUploaded: true,
  },
  rename: {
    ...onSource,
    packageStatus: ['created', 'create_failed'],
    importRequestStatus: ['pending', 'rejected', 'requested'],
  },
  set_target: {
    ...onSource,
    packageStatus: ['creating', 'created', 'create_failed'],
    importRequestStatus: ['pending', 'rejected', 'requested'],
  },
  request: { ...onSource, packageStatus: ['created'], importRequestStatus: ['pending', 'rejected'] },
  approve: { ...onSource, packageStatus: ['created'], importRequestStatus: ['requested'] },
  reject: { ...onSource, packageStatus: ['created'], importRequestStatus: ['requested'] },
  withdraw: { ...onSource, packageStatus: ['created'], importRequestStatus: ['requested'] },
  import: {
    packageStatus: ['locked'],
    replicated: true,
    // `pending` is the one record of an environment that is source and target at once.
    importStatus: [null, 'pending', 'import_failed', 'undo_success'],
  },
  validate: {
    ...onSource,
    packageStatus: ['created'],
    importRequestStatus: ['pending', 'rejected'],
    notUploaded: true,
    notWhileValidating: true,
  },
  certify: { packageStatus: ['created'], replicated: false },
  sync_certification: {},
  request_undo: { ...afterImport, undoRequestStatus: ['pending', 'rejected', 'approved'] },
  approve_undo: { ...afterImport, undoRequestStatus: ['requested'] },
  reject_undo: { ...afterImport, undoRequestStatus: ['requested'] },
  download: { packageStatus: ['created', 'locked'] },
  delete: {
    packageStatus: ['empty', 'created', 'create_failed', 'locked'],
    importStatus: [null, 'pending', 'imported', 'import_failed', 'undo_success', 'undo_failed'],
    notWhileValidating: true,
  },
};

/** The first field that stands in the way; fits the sentence "Cannot do current operation for now when `field` is 'value'." */
export interface Refusal {
  readonly field: string;
  readonly value: string;
  /** More than the sentence says, where it would not explain itself. */
  readonly why?: string;
}

const refuse = (field: string, value: string, why?: string): Refusal =>
  why === undefined ? { field, value } : { field, value, why };

const unless = <T>(allowed: readonly T[] | undefined, value: T, field: string): Refusal | null =>
  allowed === undefined || allowed.includes(value) ? null : refuse(field, String(value ?? 'not started'));

function refusalOfStatus(rule: OperationRule, state: RecordState): Refusal | null {
  return (
    unless(rule.packageStatus, state.packageStatus, 'packageInfo.status') ??
    unless(rule.importRequestStatus, state.importRequestStatus, 'importInfo.importRequestStatus') ??
    unless(rule.importStatus, state.importStatus, 'importInfo.status') ??
    unless(rule.undoRequestStatus, state.undoRequestStatus, 'importInfo.undoRequestStatus')
  );
}

function refusalOfOrigin(rule: OperationRule, state: RecordState): Refusal | null {
  if (rule.notUploaded && state.purpose === 'migration_from_shared_file_store') {
    const why = 'A package that was uploaded as a file is imported as it is; do this where it was made.';
    return refuse('packageInfo.purpose', state.purpose, why);
  }
  if (rule.replicated === undefined || rule.replicated === state.replicated) return null;
  const why = rule.replicated
    ? 'Send the record of the source with `replicated` set to true.'
    : 'This is the copy on a target; do this in the environment where the package was made.';
  return refuse('packageInfo.replicated', String(state.replicated), why);
}

function refusalOfWork(rule: OperationRule, state: RecordState): Refusal | null {
  if (rule.needsUndo && !state.hasUndo && state.importStatus !== 'import_failed') {
    const why = 'There is no undo package: the import was told not to make one, or the rule keep_both was in force.';
    return refuse('importInfo.undoStorage', '{}', why);
  }
  if (rule.notWhileValidating && state.validationStatus === 'validating') {
    return refuse('validation.status', 'validating', 'Wait until the validation is finished.');
  }
  return null;
}

/** Null when the record's state allows the operation, else what stands in the way. */
export function checkOperation(operation: Operation, state: RecordState): Refusal | null {
  const rule = OPERATION_RULES[operation];
  return refusalOfOrigin(rule, state) ?? refusalOfStatus(rule, state) ?? refusalOfWork(rule, state);
}
