import { AppError, type Ref, type UpdateMigrationBody } from '@longshore/contracts';
import {
  IMPORT_REQUEST_MACHINE,
  UNDO_REQUEST_MACHINE,
  checkTransition,
  type Operation,
  type RequestStatus,
} from '@longshore/domain';
import { PRIVILEGE, requirePrivileges, type Caller, type Privilege } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES } from './migration-caller.ts';
import { toRef } from './migration-mapper.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from './migration-records.ts';
import { readTargetProject } from './package-target.ts';
import { requireOperation, stateOf } from './record-state.ts';
import { startValidation } from './validation/start-validation.ts';

/** Who asks for an update, with what. */
export interface UpdateInput {
  readonly body: UpdateMigrationBody;
  readonly projectId: string | null;
  readonly caller: Caller;
}

export interface UpdateDecision {
  /** Parts that nothing has changed in are the very objects that were given. */
  readonly record: MigrationRecord;
  readonly startsUndo: boolean;
}

/**
 * What the record becomes: first the data fields, then the state (spec/api.md 2.7.4). A field that equals the stored
 * value is no change, and needs neither a state nor a privilege: clients send whole records back.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`
 */
export function decideUpdate(record: MigrationRecord, input: UpdateInput, now: string): UpdateDecision {
  const renamed = rename(record, input, now);
  const targeted = setTarget(renamed, input, now);
  const validating = startValidation(targeted, { ...input, before: record.import }, now);
  const requested = moveImportRequest(validating, input, now);
  return moveUndoRequest(requested, input, now);
}

const withPackage = (record: MigrationRecord, change: Partial<PackageRecord>): MigrationRecord => ({
  ...record,
  package: { ...record.package, ...change },
});
const withImport = (record: MigrationRecord, change: Partial<ImportRecord>): MigrationRecord => ({
  ...record,
  import: { ...record.import, ...change },
});

function rename(record: MigrationRecord, { body }: UpdateInput, now: string): MigrationRecord {
  const name = body.packageInfo?.name;
  if (name === undefined || name === null || name === record.package.name) return record;
  if (name.trim() === '') throw new AppError('invalid', 'packageInfo.name must not be empty.');
  requireOperation('rename', stateOf(record));
  return withPackage(record, { name, lastUpdatedDate: now });
}

function setTarget(record: MigrationRecord, { body }: UpdateInput, now: string): MigrationRecord {
  const { importInfo } = body;
  const environment = changedRef(
    record.import.environment,
    importInfo?.environment ? toRef(importInfo.environment) : {},
  );
  const project = changedRef(record.import.project ?? {}, readTargetProject(importInfo?.project) ?? {});
  if (!environment && !project) return record;
  requireOperation('set_target', stateOf(record));
  return withImport(record, {
    ...(environment ? { environment } : {}),
    ...(project ? { project } : {}),
    // It was about the target so far.
    validation: isOtherTarget(record.import, { environment, project }) ? null : record.import.validation,
    lastUpdatedDate: now,
  });
}

/** A name that is put right does not make it another target. */
function isOtherTarget(
  before: ImportRecord,
  after: { environment: Ref | undefined; project: Ref | undefined },
): boolean {
  const environmentId = after.environment?.id ?? before.environment.id;
  const projectId = after.project?.id ?? before.project?.id;
  return environmentId !== before.environment.id || projectId !== before.project?.id;
}

/** Undefined when the new value says nothing, or nothing new; an id without a name keeps the name it has. */
function changedRef(before: Ref, after: Ref): Ref | undefined {
  if (after.id === undefined) return undefined;
  const sameId = after.id === before.id;
  if (sameId && (after.name === undefined || after.name === before.name)) return undefined;
  return after;
}

interface RequestMove {
  readonly operation: Operation;
  readonly privileges: readonly Privilege[];
}

const IMPORT_REQUEST_MOVES: Record<RequestStatus, RequestMove> = {
  pending: { operation: 'withdraw', privileges: [PRIVILEGE.createPackage] },
  requested: { operation: 'request', privileges: [PRIVILEGE.createPackage] },
  approved: { operation: 'approve', privileges: [PRIVILEGE.applyPackage] },
  rejected: { operation: 'reject', privileges: [PRIVILEGE.applyPackage] },
};

function moveImportRequest(record: MigrationRecord, { body, caller }: UpdateInput, now: string): MigrationRecord {
  const to = body.importInfo?.importRequestStatus;
  const from = record.import.importRequestStatus;
  if (!to || to === from) return record;
  const move = IMPORT_REQUEST_MOVES[to];
  requirePrivileges(caller, move.privileges, record.package.project?.id ?? null);
  requireOperation(move.operation, stateOf(record));
  const transition = checkTransition(IMPORT_REQUEST_MACHINE, from, to);
  if (!transition.ok) throw new AppError('invalid', transition.reason);
  const moved = withImport(record, { importRequestStatus: to, lastUpdatedDate: now });
  if (to !== 'approved') return moved;
  requireTarget(record);
  return withPackage(moved, { status: 'locked', lastUpdatedDate: now });
}

function requireTarget(record: MigrationRecord): void {
  const { package: pkg, import: imp } = record;
  if (!imp.environment.id) {
    throw new AppError('invalid', 'The target is not known: set importInfo.environment before the import is approved.');
  }
  if (pkg.type !== 'configuration' && !imp.project?.id) {
    throw new AppError(
      'invalid',
      'The target project is not known: set importInfo.project before the import is approved.',
    );
  }
}

const UNDO_REQUEST_MOVES: Record<Exclude<RequestStatus, 'pending'>, RequestMove> = {
  requested: { operation: 'request_undo', privileges: [PRIVILEGE.createPackage] },
  approved: { operation: 'approve_undo', privileges: IMPORT_PRIVILEGES },
  rejected: { operation: 'reject_undo', privileges: [PRIVILEGE.applyPackage] },
};

function moveUndoRequest(record: MigrationRecord, input: UpdateInput, now: string): UpdateDecision {
  const to = input.body.importInfo?.undoRequestStatus;
  const from = record.import.undoRequestStatus;
  if (!to || to === from) return { record, startsUndo: false };
  if (to !== 'pending') requireUndoMove(record, UNDO_REQUEST_MOVES[to], input.caller);
  const transition = checkTransition(UNDO_REQUEST_MACHINE, from, to);
  if (!transition.ok) throw new AppError('invalid', transition.reason);
  const moved = withImport(record, { undoRequestStatus: to, lastUpdatedDate: now });
  if (to !== 'approved') return { record: moved, startsUndo: false };
  requireUndoProject(record, input.projectId);
  return { record: withImport(moved, { status: 'undoing', message: '' }), startsUndo: true };
}

function requireUndoMove(record: MigrationRecord, move: RequestMove, caller: Caller): void {
  requirePrivileges(caller, move.privileges, targetProjectOf(record));
  requireOperation(move.operation, stateOf(record));
}

function targetProjectOf(record: MigrationRecord): string | null {
  return record.package.type === 'configuration' ? null : (record.import.project?.id ?? null);
}

/** An undo writes to the target project, so the caller names it as he did for the import. */
function requireUndoProject(record: MigrationRecord, projectId: string | null): void {
  const target = targetProjectOf(record);
  if (target === null) return;
  if (projectId === null) {
    throw new AppError(
      'missing',
      'The header X-MSTR-ProjectID with the target project is required to approve an undo.',
    );
  }
  if (projectId !== target) {
    throw new AppError(
      'invalid',
      `The import went to project ${target}, but the header X-MSTR-ProjectID names ${projectId}.`,
    );
  }
}
