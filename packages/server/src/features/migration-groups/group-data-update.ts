import { AppError, type Ref, type UpdateGroupBody } from '@longshore/contracts';
import type { Operation } from '@longshore/domain';
import { toRef } from '../migrations/migration-mapper.ts';
import { parseMigrationId } from '../migrations/migration-key.ts';
import type { MigrationRecord } from '../migrations/migration-records.ts';
import { readTargetProject } from '../migrations/package-target.ts';
import { atMember } from './at-member.ts';
import type { Group } from './group-records.ts';
import { requireForMembers } from './group-state.ts';

/**
 * Name, target environment and the target projects of members, as far as a body has new values for them.
 * @throws AppError `invalid`
 */
export function changeGroupData(group: Group, body: UpdateGroupBody, now: string): Group {
  const renamed = rename(group, body, now);
  const targeted = setTarget(renamed, body, now);
  return setProjects(targeted, body, now);
}

/** The name is every member's too, and in the package files: it cannot change while they are built. */
function rename(group: Group, { name }: UpdateGroupBody, now: string): Group {
  if (name === undefined || name === null || name === group.record.name) return group;
  if (name.trim() === '') throw new AppError('invalid', 'name must not be empty.');
  requireBuilt('rename', group);
  return {
    record: { ...group.record, name, lastUpdatedDate: now },
    members: group.members.map((member) => ({ ...member, package: { ...member.package, name, lastUpdatedDate: now } })),
  };
}

function setTarget(group: Group, body: UpdateGroupBody, now: string): Group {
  const targetEnvironment = changedRef(group.record.targetEnvironment, toRef(body.targetEnvironment));
  if (!targetEnvironment) return group;
  requireTargetable(group);
  return { ...group, record: { ...group.record, targetEnvironment, lastUpdatedDate: now } };
}

function setProjects(group: Group, body: UpdateGroupBody, now: string): Group {
  const projects = new Map<string, Ref>();
  for (const [index, { id, importInfo }] of (body.migrations ?? []).entries()) {
    try {
      const after = readTargetProject(importInfo?.project);
      if (!after) continue;
      const member = requireMember(group, id);
      const project =
        member.package.type === 'configuration' ? undefined : changedRef(member.import.project ?? {}, after);
      if (project) projects.set(member.import.id, project);
    } catch (error) {
      throw atMember(index, error);
    }
  }
  if (projects.size === 0) return group;
  requireTargetable(group);
  const members = group.members.map((member) => {
    const project = projects.get(member.import.id);
    return project ? { ...member, import: { ...member.import, project, lastUpdatedDate: now } } : member;
  });
  return { record: { ...group.record, lastUpdatedDate: now }, members };
}

function requireMember({ members }: Group, id: string | null | undefined): MigrationRecord {
  const key = parseMigrationId(id ?? '');
  const found = members.find((member) => member.package.id === key?.packageId && member.import.id === key.importId);
  if (found) return found;
  throw new AppError('invalid', `The id '${id ?? ''}' is not that of a member of the group.`);
}

/** Undefined when the new value says nothing, or nothing new; an id without a name keeps the name it has. */
function changedRef(before: Ref, after: Ref): Ref | undefined {
  if (after.id === undefined) return undefined;
  const isSame = after.id === before.id && (after.name === undefined || after.name === before.name);
  return isSame ? undefined : after;
}

/** Members that were never built stand in nobody's way. */
function requireBuilt(operation: Operation, { record, members }: Group): void {
  const built = members.filter((member) => member.package.status !== 'empty');
  requireForMembers(operation, record, built);
}

/** Where it goes can be said while it is being built. */
function requireTargetable({ record, members }: Group): void {
  const group = record.work === 'create' ? { ...record, work: null } : record;
  requireBuilt('set_target', { record: group, members });
}
