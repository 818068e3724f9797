import { PRIVILEGE, checkAccess, type Caller, type RouteAccess } from '../../platform/http/access.ts';
import type { Group } from './group-records.ts';

/** Who has to do with migrations at all. */
export const EITHER: RouteAccess = { kind: 'anyOf', privileges: [PRIVILEGE.createPackage, PRIVILEGE.applyPackage] };

/**
 * Groups have no project header, so what a caller may do in some projects only is asked for project by project.
 * @throws AppError `missingPrivilege`
 */
export function requireAccess({ members }: Group, caller: Caller): void {
  for (const { package: pkg, import: imp } of members) {
    // On a target the source project is another environment's.
    const project = pkg.replicated ? imp.project : pkg.project;
    checkAccess(EITHER, caller, pkg.type === 'configuration' ? null : (project?.id ?? null));
  }
}
