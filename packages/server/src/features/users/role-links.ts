import { AppError, type PrincipalRef, type RoleMember } from '@longshore/contracts';
import type { MetadataObject } from '@longshore/domain';
import {
  changeList,
  idValues,
  nameValue,
  privilegeValues,
  textValue,
  unknownField,
  type Op,
  type Operation,
} from './operations.ts';
import { readRights, type RoleAssignment } from './principal-definition.ts';
import type { PrincipalChange, principalChanges } from './principal-changes.ts';
import { requirePrincipals } from './principal-lookup.ts';
import type { PrincipalRepository } from './principal.repository.ts';

/** Users and groups that get a role in a project, or lose it. */
export interface Assignment {
  readonly op: Op;
  readonly projectId: string;
  readonly memberIds: readonly string[];
}

/** What a PATCH makes of a role. */
export interface RolePatch {
  readonly name: string;
  readonly description: string;
  readonly privileges: readonly number[];
  readonly assignments: readonly Assignment[];
  /** False when only who has the role changes: that is kept with the members. */
  readonly changesRole: boolean;
}

type Changes = ReturnType<typeof principalChanges>;
const FIELDS = ['name', 'description', 'privileges', 'members'];

/** @throws AppError `invalid` naming the path or value that cannot be taken. */
export function patchRole(role: MetadataObject, operations: readonly Operation[]): RolePatch {
  const fields = new Set(operations.map((operation) => operation.field));
  if (fields.has('members') && fields.has('privileges')) {
    throw new AppError('invalid', 'Members and privileges of a security role are changed in requests of their own.');
  }
  const { name, description } = role;
  const { privileges } = readRights(role.definition);
  const unchanged: RolePatch = { name, description, privileges, assignments: [], changesRole: false };
  return operations.reduce(applyOperation, unchanged);
}

function applyOperation(patch: RolePatch, operation: Operation): RolePatch {
  switch (operation.field) {
    case 'name':
      return { ...patch, name: nameValue(operation), changesRole: true };
    case 'description':
      return { ...patch, description: textValue(operation), changesRole: true };
    case 'privileges': {
      const privileges = changeList(patch.privileges, operation.op, privilegeValues(operation));
      return { ...patch, privileges, changesRole: true };
    }
    case 'members':
      return { ...patch, assignments: [...patch.assignments, ...assignmentsOf(operation)] };
    default:
      throw unknownField(operation, FIELDS);
  }
}

/** The value is `{projectId, memberIds[]}` or a list of such. */
function assignmentsOf({ op, value }: Operation): Assignment[] {
  return [value].flat().map((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('projectId' in item) || !('memberIds' in item)) {
      throw new AppError('invalid', 'operationList: the value of /members must be {projectId, memberIds}.');
    }
    const [projectId] = idValues({ field: 'projectId', value: item.projectId });
    const memberIds = idValues({ field: 'memberIds', value: item.memberIds });
    return { op, projectId: projectId ?? '', memberIds };
  });
}

/**
 * The changes of users and groups that give them a role in a project, or take it.
 * @throws AppError `invalid` for a project or member that is not there.
 */
export async function assignmentChanges(
  repository: PrincipalRepository,
  changes: Changes,
  { role, assignment }: { role: MetadataObject; assignment: Assignment },
): Promise<PrincipalChange[]> {
  const { op, projectId, memberIds } = assignment;
  if (!(await repository.listProjects()).some((project) => project.id === projectId)) {
    throw new AppError('invalid', `There is no project with id ${projectId}.`);
  }
  const isThis = (given: RoleAssignment) => given.roleId === role.id && given.projectId === projectId;
  const holders = await repository.listRoleHolders(role.id);
  const current = holders.filter((holder) => readRights(holder.definition).securityRoles.some(isThis));
  const currentIds = current.map((holder) => holder.id);
  const wanted = changeList(currentIds, op, memberIds);
  const joining = await requirePrincipals(
    repository,
    wanted.filter((id) => !currentIds.includes(id)),
    'memberIds',
  );
  return [
    ...joining.map((holder) =>
      withRoles(changes, holder, [...readRights(holder.definition).securityRoles, { projectId, roleId: role.id }]),
    ),
    ...current
      .filter((holder) => !wanted.includes(holder.id))
      .map((holder) =>
        withRoles(
          changes,
          holder,
          readRights(holder.definition).securityRoles.filter((given) => !isThis(given)),
        ),
      ),
  ];
}

/** The change that takes a role from a user or group in every project. */
export function withoutRole(changes: Changes, holder: MetadataObject, roleId: string): PrincipalChange {
  const remaining = readRights(holder.definition).securityRoles.filter((given) => given.roleId !== roleId);
  return withRoles(changes, holder, remaining);
}

function withRoles(changes: Changes, before: MetadataObject, roles: readonly RoleAssignment[]): PrincipalChange {
  const securityRoles = roles.map(({ projectId, roleId }) => ({ projectId, roleId }));
  return { before, after: changes.revise(before, { definition: { ...before.definition, securityRoles } }) };
}

/** To whom a role is given in every project; a client needs the projects as well in which nobody has it. */
export async function projectsOf(
  repository: PrincipalRepository,
  roleId: string,
): Promise<(PrincipalRef & { members: RoleMember[] })[]> {
  const holders = await repository.listRoleHolders(roleId);
  const projects = await repository.listProjects();
  return projects.map(({ id, name }) => {
    const isGiven = (given: RoleAssignment) => given.roleId === roleId && given.projectId === id;
    const members = holders
      .filter((holder) => readRights(holder.definition).securityRoles.some(isGiven))
      .map((holder) => ({ id: holder.id, name: holder.name, subType: holder.subtype }));
    return { id, name, members };
  });
}
