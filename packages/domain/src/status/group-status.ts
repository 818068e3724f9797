import type { ImportStatus, PackageStatus } from './statuses.ts';

/** What the jobs of a group are doing; they work on its members one after another. */
export const GROUP_WORKS = ['create', 'import', 'undo'] as const;
export type GroupWork = (typeof GROUP_WORKS)[number];

/** How a group stands as a whole; it has no status of its own, this follows from its members (spec/api.md 3.7). */
export const GROUP_STATUSES = [
  'creating',
  'created',
  'create_failed',
  'locked',
  'importing',
  'imported',
  'import_failed',
  'undoing',
  'undo_success',
  'undo_failed',
] as const;
export type GroupStatus = (typeof GROUP_STATUSES)[number];

/** A member as far as the group's status depends on it. */
export interface GroupMemberState {
  readonly packageStatus: PackageStatus;
  readonly importStatus: ImportStatus;
  readonly hasUndo: boolean;
}

const WORKING: Readonly<Record<GroupWork, GroupStatus>> = { create: 'creating', import: 'importing', undo: 'undoing' };

/**
 * The status of a group. Between two members, when nobody is at work for a moment, it is still what `work` says; at
 * rest it is the worst of what its members say, and members that were never reached make it a failure.
 */
export function groupStatus(members: readonly GroupMemberState[], work: GroupWork | null): GroupStatus {
  if (work !== null) return WORKING[work];
  const undone = undoStatus(members);
  if (undone !== null) return undone;
  const isImported = (member: GroupMemberState): boolean => member.importStatus === 'imported';
  if (members.every(isImported)) return 'imported';
  if (members.some((member) => isImported(member) || member.importStatus === 'import_failed')) return 'import_failed';
  if (members.every((member) => member.packageStatus === 'locked')) return 'locked';
  return members.every((member) => member.packageStatus === 'created') ? 'created' : 'create_failed';
}

/** Null when no member was undone. A member that could be undone and was not makes the undo incomplete. */
function undoStatus(members: readonly GroupMemberState[]): GroupStatus | null {
  if (members.some((member) => member.importStatus === 'undo_failed')) return 'undo_failed';
  if (!members.some((member) => member.importStatus === 'undo_success')) return null;
  if (members.some((member) => member.importStatus === 'import_failed')) return 'import_failed';
  const isLeft = members.some((member) => member.importStatus === 'imported' && member.hasUndo);
  return isLeft ? 'undo_failed' : 'undo_success';
}
