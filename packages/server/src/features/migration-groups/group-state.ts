import { checkOperation, type Operation, type Refusal } from '@longshore/domain';
import type { AppError } from '@longshore/contracts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { stateOf, stateRefusal } from '../migrations/record-state.ts';
import type { GroupRecord } from './group-records.ts';

/** What stands in the way of an operation on one member. */
export function memberRefusal(operation: Operation, member: MigrationRecord): Refusal | null {
  return checkOperation(operation, stateOf(member));
}

/**
 * A refusal because of a member, naming it; requests are the group's own, so a refusal because of one names the group's
 * field.
 */
export function refusalOf(member: MigrationRecord, refusal: Refusal): AppError {
  const requestField = /^importInfo\.(importRequestStatus|undoRequestStatus)$/.exec(refusal.field)?.[1];
  if (requestField !== undefined) return stateRefusal({ ...refusal, field: requestField });
  const { id, type, project } = member.package;
  const which =
    type === 'configuration' ? 'the configuration package' : `the package of project ${project?.name ?? ''}`;
  const why = refusal.why === undefined ? '' : ` ${refusal.why}`;
  return stateRefusal({ ...refusal, why: `It is so for package ${id}, ${which}.${why}` });
}

/**
 * An operation on a group is one on every member.
 * @throws AppError `invalid` naming the first member whose state does not allow it
 */
export function requireForMembers(operation: Operation, group: GroupRecord, members: readonly MigrationRecord[]): void {
  for (const member of members) {
    const refusal = memberRefusal(operation, member);
    if (refusal) throw refusalOf(member, refusal);
  }
  // Between two members nobody is at work for a moment.
  if (group.work !== null) throw refusalOfWork(group);
}

/** What is asked of a copy that only the source can say. */
export function refusalOfCopy(): AppError {
  return stateRefusal({
    field: 'packageInfo.replicated',
    value: 'true',
    why: 'This is the copy on a target: send the certification of the source with its operator and lastUpdatedDate, or use autoSync.',
  });
}

export function refusalOfWork({ work, packageGroupId }: GroupRecord): AppError {
  const value = { create: 'creating', import: 'importing', undo: 'undoing' }[work ?? 'create'];
  return stateRefusal({
    field: 'status',
    value,
    why: `Jobs are at work on the migration group ${packageGroupId}; wait until they have ended.`,
  });
}
