import { AppError, ISERVER_CODES, MESSAGES } from '@longshore/contracts';
import { PRIVILEGE, privilegeName, type Privilege } from '@longshore/domain';

/** Who is calling, as the sessions feature knows it. Made anew whenever users, groups or roles have changed. */
export interface Caller {
  readonly sessionId: string;
  readonly user: CallerUser;
  /** The user and every group it belongs to, directly or through other groups, Everyone included. */
  readonly principalIds: readonly string[];
  /** The built-in Administrator and the members of System Administrators. */
  readonly isAdministrator: boolean;
  /** Own, group and security-role privileges; role privileges count only in their project. */
  hasPrivilege(privilege: number, projectId: string | null): boolean;
  /** Held everywhere, or by a security role in some project. */
  hasPrivilegeSomewhere(privilege: number): boolean;
}

export interface CallerUser {
  readonly id: string;
  /** The full name, as shown to people. */
  readonly name: string;
  /** The login name. */
  readonly login: string;
}

export { PRIVILEGE, type Privilege };

/**
 * What a route asks of its caller. Every route states one; the server refuses to start with a route that has none.
 * Privileges are looked for in the project of the header. Where the project is not the header's but that of a record,
 * `where: 'somewhere'` keeps out whoever holds them nowhere, and the service asks again once it knows the project.
 */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'session' }
  | { readonly kind: 'administrator' }
  | { readonly kind: 'allOf' | 'anyOf'; readonly privileges: readonly Privilege[]; readonly where?: 'somewhere' };

/** @throws AppError `missingPrivilege` (403 ERR014) naming the first privilege that is missing. */
export function requirePrivileges(caller: Caller, privileges: readonly Privilege[], projectId: string | null): void {
  requireAll(privileges, (privilege) => caller.hasPrivilege(privilege, projectId));
}

/** @throws AppError `missingPrivilege` naming all of them when the caller holds none. */
export function requireAnyPrivilege(caller: Caller, privileges: readonly Privilege[], projectId: string | null): void {
  requireAny(privileges, (privilege) => caller.hasPrivilege(privilege, projectId));
}

/** @throws AppError `unauthenticated` or `missingPrivilege` when the caller may not use the route. */
export function checkAccess(access: RouteAccess, caller: Caller | null, projectId: string | null): void {
  if (access.kind === 'public') return;
  if (!caller) throw new AppError('unauthenticated', MESSAGES.sessionExpired);
  if (access.kind === 'administrator' && !caller.isAdministrator) throw missingPrivilege('Administer environment');
  if (access.kind !== 'allOf' && access.kind !== 'anyOf') return;
  const holds = (privilege: Privilege): boolean =>
    access.where === 'somewhere' ? caller.hasPrivilegeSomewhere(privilege) : caller.hasPrivilege(privilege, projectId);
  if (access.kind === 'allOf') requireAll(access.privileges, holds);
  else requireAny(access.privileges, holds);
}

type Holds = (privilege: Privilege) => boolean;

function requireAll(privileges: readonly Privilege[], holds: Holds): void {
  const missing = privileges.find((privilege) => !holds(privilege));
  if (missing !== undefined) throw missingPrivilege(privilegeName(missing));
}

function requireAny(privileges: readonly Privilege[], holds: Holds): void {
  if (!privileges.some(holds)) throw missingPrivilege(privileges.map(privilegeName).join(' or '));
}

export function missingPrivilege(name: string): AppError {
  return new AppError('missingPrivilege', `You do not have ${name} privilege(s) to perform the task.`, {
    iServerCode: ISERVER_CODES.missingPrivilege,
  });
}
