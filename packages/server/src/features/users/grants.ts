import { privilegeName, type MetadataObject } from '@longshore/domain';
import { missingPrivilege, type Caller } from '../../platform/http/access.ts';
import { isUserGroup, readRights, type RoleAssignment } from './principal-definition.ts';
import { PRINCIPAL } from './well-known.ts';

/** Where a privilege comes from: the principal itself, a group, or a role in a project. */
export interface PrivilegeSource {
  readonly privilege: number;
  /** The user or group whose definition gives it. */
  readonly holderId: string;
  readonly roleId: string | null;
  /** Null when it holds in every project. */
  readonly projectId: string | null;
}

/** What a user or group may do, by itself, by its groups and by security roles. */
export interface Grants {
  /** The principal and every group it belongs to, directly or through other groups, Everyone included. */
  readonly principalIds: readonly string[];
  readonly isAdministrator: boolean;
  readonly sources: readonly PrivilegeSource[];
  holds(privilege: number, projectId: string | null): boolean;
  /** Everywhere, or by a role in some project. */
  holdsSomewhere(privilege: number): boolean;
}

/** Loads users, groups and roles by id; ids that there are not are left out. */
export type LoadPrincipals = (ids: readonly string[]) => Promise<ReadonlyMap<string, MetadataObject>>;

/** Works out what a user or group may do. A membership that goes round in a circle ends where it began. */
export async function loadGrants(load: LoadPrincipals, principalId: string): Promise<Grants> {
  const principals = await loadWithGroups(load, principalId);
  const assignments: (RoleAssignment & { holderId: string })[] = [];
  const sources: PrivilegeSource[] = [];
  for (const [holderId, principal] of principals) {
    const rights = readRights(principal.definition);
    for (const privilege of rights.privileges) sources.push({ privilege, holderId, roleId: null, projectId: null });
    for (const assignment of rights.securityRoles) assignments.push({ ...assignment, holderId });
  }
  const roles = await load([...new Set(assignments.map((assignment) => assignment.roleId))]);
  for (const { roleId, projectId, holderId } of assignments) {
    const role = roles.get(roleId);
    if (!role) continue;
    for (const privilege of readRights(role.definition).privileges) {
      sources.push({ privilege, holderId, roleId, projectId });
    }
  }
  return toGrants([...principals.keys()], sources);
}

async function loadWithGroups(load: LoadPrincipals, principalId: string): Promise<Map<string, MetadataObject>> {
  const found = new Map<string, MetadataObject>();
  let wanted = [...new Set([principalId, PRINCIPAL.everyone])];
  while (wanted.length > 0) {
    const loaded = await load(wanted);
    const next = new Set<string>();
    for (const id of wanted) {
      const principal = loaded.get(id);
      if (!principal || (id !== principalId && !isUserGroup(principal))) continue;
      found.set(id, principal);
      for (const groupId of readRights(principal.definition).memberships) next.add(groupId);
    }
    wanted = [...next].filter((id) => !found.has(id));
  }
  return found;
}

function toGrants(principalIds: readonly string[], sources: readonly PrivilegeSource[]): Grants {
  const everywhere = new Set<number>();
  const byProject = new Map<string, Set<number>>();
  for (const { privilege, projectId } of sources) {
    if (projectId === null) everywhere.add(privilege);
    else byProject.set(projectId, (byProject.get(projectId) ?? new Set()).add(privilege));
  }
  const isAdministrator =
    principalIds.includes(PRINCIPAL.administrator) || principalIds.includes(PRINCIPAL.systemAdministrators);
  return {
    principalIds,
    isAdministrator,
    sources,
    holds: (privilege, projectId) =>
      isAdministrator ||
      everywhere.has(privilege) ||
      (projectId !== null && byProject.get(projectId)?.has(privilege) === true),
    holdsSomewhere: (privilege) => isAdministrator || sources.some((source) => source.privilege === privilege),
  };
}

/**
 * Nobody gives away what they do not hold, and nobody but an administrator makes or takes over an administrator.
 * @throws AppError `missingPrivilege` naming the first privilege that the caller lacks.
 */
export function requireCovering(caller: Caller, grants: Grants): void {
  if (caller.isAdministrator) return;
  if (grants.isAdministrator) throw missingPrivilege('System Administrators');
  const lacking = grants.sources.find((source) => !caller.hasPrivilege(source.privilege, source.projectId));
  if (lacking) throw missingPrivilege(privilegeName(lacking.privilege));
}

/**
 * Checks only what a change has added: whoever already held more than the caller may keep it.
 * @throws AppError `missingPrivilege` as `requireCovering`, and for any change of an administrator by another.
 */
export function requireCoveringGain(caller: Caller, before: Grants, after: Grants): void {
  if (before.isAdministrator && !caller.isAdministrator) throw missingPrivilege('System Administrators');
  const gained = after.sources.filter((source) => !before.holds(source.privilege, source.projectId));
  requireCovering(caller, { ...after, sources: gained });
}
