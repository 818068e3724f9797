import { AppError, type UpdateGroupBody } from '@longshore/contracts';
import {
  IMPORT_REQUEST_MACHINE,
  UNDO_REQUEST_MACHINE,
  checkTransition,
  type Operation,
  type RequestStatus,
} from '@longshore/domain';
import { PRIVILEGE, requirePrivileges, type Caller, type Privilege } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES } from '../migrations/migration-caller.ts';
import type { ImportRecord, MigrationRecord, PackageRecord } from '../migrations/migration-records.ts';
import { stateRefusal } from '../migrations/record-state.ts';
import { changeGroupData } from './group-data-update.ts';
import type { Group } from './group-records.ts';
import { memberRefusal, refusalOf, refusalOfWork, requireForMembers } from './group-state.ts';

export interface GroupUpdate {
  readonly body: UpdateGroupBody;
  readonly caller: Caller;
}

export interface GroupDecision {
  readonly group: Group;
  /** The members that are to be undone now, in that order; empty when no undo starts. */
  readonly undoes: readonly MigrationRecord[];
}

/**
 * What a group becomes: first the data fields, then the state, all of it or nothing (spec/api.md 2.8, 3.7). A field that
 * equals the stored value is no change: clients send whole groups back.
 * @throws AppError `invalid`, `missingPrivilege`
 */
export function decideGroupUpdate(group: Group, update: GroupUpdate, now: string): GroupDecision {
  const changed = changeGroupData(group, update.body, now);
  const requested = moveImportRequest(changed, update, now);
  return moveUndoRequest(requested, update, now);
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

function moveImportRequest(group: Group, { body, caller }: GroupUpdate, now: string): Group {
  const to = body.importRequestStatus;
  const { record, members } = group;
  if (!to || to === record.importRequestStatus) return group;
  const { operation, privileges } = IMPORT_REQUEST_MOVES[to];
  for (const { package: pkg } of members) requirePrivileges(caller, privileges, pkg.project?.id ?? null);
  requireForMembers(operation, record, members);
  const transition = checkTransition(IMPORT_REQUEST_MACHINE, record.importRequestStatus, to);
  if (!transition.ok) throw new AppError('invalid', withoutImportInfo(transition.reason));
  if (to === 'approved') requireTargets(group);
  const locked: Partial<PackageRecord> = to === 'approved' ? { status: 'locked', lastUpdatedDate: now } : {};
  return {
    record: { ...record, importRequestStatus: to, lastUpdatedDate: now },
    members: members.map((member) => ({
      package: { ...member.package, ...locked },
      import: { ...member.import, importRequestStatus: to, lastUpdatedDate: now },
    })),
  };
}

/** The requests of a group are its own fields. */
const withoutImportInfo = (text: string): string => text.replaceAll('importInfo.', '');

function requireTargets({ record, members }: Group): void {
  if (!record.targetEnvironment.id) {
    throw new AppError('invalid', 'The target is not known: set targetEnvironment before the import is approved.');
  }
  const lacking = members.find((member) => member.package.type !== 'configuration' && !member.import.project?.id);
  if (!lacking) return;
  throw new AppError(
    'invalid',
    `The target project of package ${lacking.package.id} is not known: set migrations[*].importInfo.project before the import is approved.`,
  );
}

const UNDO_PRIVILEGES: Record<RequestStatus, readonly Privilege[]> = {
  pending: [PRIVILEGE.createPackage],
  requested: [PRIVILEGE.createPackage],
  approved: IMPORT_PRIVILEGES,
  rejected: [PRIVILEGE.applyPackage],
};

function moveUndoRequest(group: Group, { body, caller }: GroupUpdate, now: string): GroupDecision {
  const to = body.undoRequestStatus;
  const { record, members } = group;
  if (!to || to === record.undoRequestStatus) return { group, undoes: [] };
  for (const member of members) requirePrivileges(caller, UNDO_PRIVILEGES[to], targetProjectOf(member));
  const undoes = requireUndoable(group);
  const transition = checkTransition(UNDO_REQUEST_MACHINE, record.undoRequestStatus, to);
  if (!transition.ok) throw refusalOfMove(record.undoRequestStatus, transition.reason);
  const starts = to === 'approved';
  const change: Partial<ImportRecord> = { undoRequestStatus: to, lastUpdatedDate: now };
  const moved = members.map((member) => ({ ...member, import: { ...member.import, ...change } }));
  const undoneIds = new Set(undoes.map((member) => member.import.id));
  return {
    group: {
      record: { ...record, undoRequestStatus: to, lastUpdatedDate: now, ...(starts ? { work: 'undo' } : {}) },
      members: moved,
    },
    // What was imported last may need what was imported before it.
    undoes: starts ? moved.filter((member) => undoneIds.has(member.import.id)).toReversed() : [],
  };
}

function refusalOfMove(value: string, reason: string): AppError {
  return stateRefusal({ field: 'undoRequestStatus', value, why: withoutImportInfo(reason) });
}

function targetProjectOf({ package: pkg, import: imp }: MigrationRecord): string | null {
  return pkg.type === 'configuration' ? null : (imp.project?.id ?? null);
}

/**
 * The members that an undo works on: those that were imported and have an undo package, or whose import or undo failed.
 * The others are skipped.
 * @throws AppError `invalid` when jobs are at work, or there is no such member
 */
function requireUndoable({ record, members }: Group): MigrationRecord[] {
  const atWork = members.find(({ import: imp }) => imp.status === 'importing' || imp.status === 'undoing');
  const refusal = atWork && memberRefusal('request_undo', atWork);
  if (atWork && refusal) throw refusalOf(atWork, refusal);
  if (record.work !== null) throw refusalOfWork(record);
  const undoable = members.filter((member) => memberRefusal('request_undo', asked(member)) === null);
  if (undoable.length > 0) return undoable;
  const witness = members.find((member) => member.import.status === 'imported') ?? members[0];
  const reason = witness && memberRefusal('request_undo', asked(witness));
  if (witness && reason) throw refusalOf(witness, reason);
  return [];
}

/** The request is the group's, and its own transitions are looked at there. */
function asked(member: MigrationRecord): MigrationRecord {
  return { ...member, import: { ...member.import, undoRequestStatus: 'pending' } };
}
