import { isSameLibrary, type Migration } from '@longshore/client';
import { checkOperation, PRIVILEGE, type Operation, type PackagePurpose, type RecordState } from '@longshore/domain';
import type { Connection } from '../../../environments/index.ts';
import { importSide, packageSide, type MigrationRow } from './migration-row.ts';

/** What can be done with a migration, in the order in which it is offered. */
export const ACTION_IDS = [
  'request',
  'withdraw',
  'approve',
  'reject',
  'validate',
  'migrate',
  'requestUndo',
  'rejectUndo',
  'undo',
  'cancel',
  'edit',
  'reuse',
  'requestCertification',
  'revertCertification',
  'certify',
  'rejectCertification',
  'decertify',
  'downloadPackage',
  'downloadUndo',
  'deleteSource',
  'deleteTarget',
] as const;
export type ActionId = (typeof ACTION_IDS)[number];

/** Why an action cannot be taken. */
export type Refusal =
  | { readonly kind: 'notConnected'; readonly side: 'source' | 'target'; readonly environment: string }
  | { readonly kind: 'noRecord'; readonly side: 'source' | 'target' }
  | { readonly kind: 'privilege'; readonly privilege: number; readonly environment: string }
  | { readonly kind: 'state'; readonly field: string; readonly value: string; readonly why: string | undefined }
  | { readonly kind: 'certification'; readonly status: string }
  | { readonly kind: 'nothingRuns' };

/** The migration, and the connections to the environments that it is about. */
export interface ActionScene {
  readonly row: MigrationRow;
  readonly source: Connection | null;
  /** The target of the record, when it has one that is connected. */
  readonly target: Connection | null;
}

const CREATE = [PRIVILEGE.createPackage] as const;
const APPLY = [PRIVILEGE.createPackage, PRIVILEGE.applyPackage, PRIVILEGE.bypassObjectSecurity] as const;

interface ActionRule {
  readonly side: 'source' | 'target';
  readonly privileges: readonly number[];
  readonly operation: Operation | null;
  /** The certification from which it leads on; absent: any. */
  readonly certification?: readonly string[];
}

/** Where each action is taken, who may take it, and which states allow it (spec/semantics.md 7 and 8). */
export const ACTION_RULES: Readonly<Record<Exclude<ActionId, 'cancel'>, ActionRule>> = {
  request: { side: 'source', privileges: CREATE, operation: 'request' },
  withdraw: { side: 'source', privileges: CREATE, operation: 'withdraw' },
  approve: { side: 'source', privileges: APPLY, operation: 'approve' },
  reject: { side: 'source', privileges: APPLY, operation: 'reject' },
  validate: { side: 'source', privileges: APPLY, operation: 'validate' },
  migrate: { side: 'source', privileges: APPLY, operation: 'import' },
  requestUndo: { side: 'target', privileges: CREATE, operation: 'request_undo' },
  rejectUndo: { side: 'target', privileges: APPLY, operation: 'reject_undo' },
  undo: { side: 'target', privileges: APPLY, operation: null },
  edit: { side: 'source', privileges: CREATE, operation: 'edit' },
  reuse: { side: 'source', privileges: [PRIVILEGE.createPackage, PRIVILEGE.applyPackage], operation: 'download' },
  requestCertification: {
    side: 'source',
    privileges: CREATE,
    operation: 'certify',
    certification: ['uncertified', 'rejected'],
  },
  revertCertification: { side: 'source', privileges: CREATE, operation: 'certify', certification: ['requested'] },
  certify: {
    side: 'source',
    privileges: [PRIVILEGE.certifyPackage],
    operation: 'certify',
    certification: ['uncertified', 'rejected', 'requested'],
  },
  rejectCertification: {
    side: 'source',
    privileges: [PRIVILEGE.certifyPackage],
    operation: 'certify',
    certification: ['requested'],
  },
  decertify: {
    side: 'source',
    privileges: [PRIVILEGE.certifyPackage],
    operation: 'certify',
    certification: ['certified'],
  },
  downloadPackage: { side: 'source', privileges: [PRIVILEGE.applyPackage], operation: 'download' },
  downloadUndo: { side: 'target', privileges: [PRIVILEGE.applyPackage], operation: null },
  deleteSource: { side: 'source', privileges: CREATE, operation: 'delete' },
  deleteTarget: { side: 'target', privileges: CREATE, operation: 'delete' },
};

/** Null when the action can be taken now. */
export function refusalOf(id: ActionId, scene: ActionScene): Refusal | null {
  if (id === 'cancel') return refusalOfCancel(scene);
  const rule = ACTION_RULES[id];
  const found = sideOf(rule.side, scene);
  if ('kind' in found) return found;
  return (
    refusalOfPrivileges(rule, found.connection, found.record) ??
    refusalOfState(id, rule, scene) ??
    refusalOfCertification(rule, found.record)
  );
}

/** What an environment does for a migration, and can be ended while it waits or runs. */
export type RunningWork = 'create' | 'validate' | 'import' | 'undo';

/** Null when nothing is under way. */
export function runningWork({ row }: ActionScene): RunningWork | null {
  const made = packageSide(row).record;
  const moved = importSide(row).record.importInfo;
  if (made.packageInfo.status === 'creating') return 'create';
  if (moved.status === 'importing') return 'import';
  if (moved.status === 'undoing') return 'undo';
  return made.validation?.status === 'validating' ? 'validate' : null;
}

/** Whoever may start something may end it, where it runs: a validation on the target, which keeps no record of it. */
function refusalOfCancel(scene: ActionScene): Refusal | null {
  const work = runningWork(scene);
  if (work === null) return { kind: 'nothingRuns' };
  const { record } = packageSide(scene.row);
  if (work === 'validate') {
    const environment = record.importInfo.environment?.name ?? '';
    if (!scene.target) return { kind: 'notConnected', side: 'target', environment };
    return refusalOfPrivileges({ side: 'target', privileges: APPLY }, scene.target, record);
  }
  const side = work === 'create' ? 'source' : 'target';
  const found = work === 'create' ? sourceSide(scene) : targetSide(scene);
  if ('kind' in found) return found;
  const isMerge = record.packageInfo.purpose === 'project_merge';
  const privileges = work === 'create' && !isMerge ? CREATE : APPLY;
  return refusalOfPrivileges({ side, privileges }, found.connection, found.record);
}

interface FoundSide {
  readonly connection: Connection;
  readonly record: Migration;
}

function sideOf(side: 'source' | 'target', scene: ActionScene): FoundSide | Refusal {
  return side === 'source' ? sourceSide(scene) : targetSide(scene);
}

function sourceSide({ row, source }: ActionScene): FoundSide | Refusal {
  if (row.source && source) return { connection: source, record: row.source.record };
  const { packageInfo } = packageSide(row).record;
  if (packageInfo.purpose === 'migration_from_shared_file_store') return { kind: 'noRecord', side: 'source' };
  return { kind: 'notConnected', side: 'source', environment: packageInfo.environment?.name ?? '' };
}

function targetSide({ row, target }: ActionScene): FoundSide | Refusal {
  const { record, environment } = importSide(row);
  const isThere = row.target !== null || record.importInfo.status !== 'pending';
  if (isThere && target && isSameLibrary(target.environment.url, environment.url))
    return { connection: target, record };
  const name = record.importInfo.environment?.name ?? '';
  if (target || name === '') return { kind: 'noRecord', side: 'target' };
  return { kind: 'notConnected', side: 'target', environment: name };
}

function refusalOfPrivileges(
  rule: Pick<ActionRule, 'side' | 'privileges'>,
  connection: Connection,
  record: Migration,
): Refusal | null {
  const { packageInfo, importInfo } = record;
  const projectId = rule.side === 'source' ? packageInfo.project?.id : importInfo.project?.id;
  const missing = rule.privileges.find((privilege) => !connection.holds(privilege, projectId));
  if (missing === undefined) return null;
  return { kind: 'privilege', privilege: missing, environment: connection.environment.name };
}

function refusalOfState(id: ActionId, rule: ActionRule, scene: ActionScene): Refusal | null {
  const { row } = scene;
  if (id === 'migrate') return refusalOfMigrate(scene);
  if (id === 'undo') return refusalOfUndo(row);
  if (id === 'downloadUndo') {
    return hasUndo(importSide(row).record) ? null : state('importInfo.undoStorage', '{}');
  }
  const record = rule.side === 'source' ? packageSide(row).record : importSide(row).record;
  const refusal = rule.operation === null ? null : checkOperation(rule.operation, stateOf(record));
  return refusal ? state(refusal.field, refusal.value, refusal.why) : null;
}

/** A manager may go from any state before the import straight to it; the steps between are taken along. */
function refusalOfMigrate({ row, target }: ActionScene): Refusal | null {
  const { record } = packageSide(row);
  const made = stateOf(record);
  if (made.packageStatus !== 'locked') {
    const isReady = checkOperation('request', made) === null || checkOperation('approve', made) === null;
    return isReady ? null : state('packageInfo.status', made.packageStatus);
  }
  if (!target) return { kind: 'notConnected', side: 'target', environment: record.importInfo.environment?.name ?? '' };
  const moved = row.target?.record ?? (made.importStatus === 'pending' ? null : row.source?.record);
  const refusal = checkOperation('import', {
    ...made,
    replicated: true,
    importStatus: moved ? moved.importInfo.status : null,
  });
  return refusal ? state(refusal.field, refusal.value, refusal.why) : null;
}

function refusalOfUndo(row: MigrationRow): Refusal | null {
  const moved = stateOf(importSide(row).record);
  const refusal = checkOperation('approve_undo', moved);
  if (!refusal) return null;
  const request = checkOperation('request_undo', moved);
  return request ? state(request.field, request.value, request.why) : null;
}

function refusalOfCertification({ certification }: ActionRule, record: Migration): Refusal | null {
  const status = record.packageInfo.certification?.status ?? 'uncertified';
  return certification && !certification.includes(status) ? { kind: 'certification', status } : null;
}

const state = (field: string, value: string, why?: string): Refusal => ({ kind: 'state', field, value, why });

export const hasUndo = ({ importInfo }: Migration): boolean => importInfo.undoStorage?.path !== undefined;

/** A record as the rules of the domain see it. */
export function stateOf(record: Migration): RecordState {
  const { packageInfo, importInfo, validation } = record;
  return {
    packageStatus: packageInfo.status,
    importRequestStatus: importInfo.importRequestStatus ?? 'pending',
    importStatus: importInfo.status,
    undoRequestStatus: importInfo.undoRequestStatus ?? 'pending',
    replicated: packageInfo.replicated ?? false,
    purpose: (packageInfo.purpose ?? 'object_migration') as PackagePurpose,
    hasUndo: hasUndo(record),
    ...(validation === undefined ? {} : { validationStatus: validation.status }),
  };
}
