import type { RouteAccess, Caller } from '../../platform/http/access.ts';
import { EITHER_PACKAGE_PRIVILEGE, homeProjectOf, requireRecordAccess } from '../migrations/record-access.ts';
import type { Group } from './group-records.ts';

/** Groups have no project header: which projects count is known when the group is, and the services ask again. */
export const EITHER: RouteAccess = { kind: 'anyOf', privileges: EITHER_PACKAGE_PRIVILEGE, where: 'somewhere' };

/**
 * The caller holds Create package or Apply package wherever the group has a package: it shows the content of all.
 * @throws AppError `missingPrivilege`
 */
export function requireGroupAccess({ members }: Group, caller: Caller): void {
  for (const member of members) requireRecordAccess(caller, member);
}

/** The caller with the privileges that are held in every project of the group, and nowhere else. */
export function inAllProjects({ members }: Group, caller: Caller): Caller {
  const projects = members.map(homeProjectOf);
  return {
    ...caller,
    hasPrivilege: (privilege) => projects.every((projectId) => caller.hasPrivilege(privilege, projectId)),
  };
}
