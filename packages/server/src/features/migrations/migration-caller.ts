import { PRIVILEGE, type Caller } from '../../platform/http/access.ts';
import type { JobCaller, NamedRef } from './migration-jobs.ts';

/** What it takes to import and to undo (spec/api.md 2.0). */
export const IMPORT_PRIVILEGES = [
  PRIVILEGE.createPackage,
  PRIVILEGE.applyPackage,
  PRIVILEGE.bypassObjectSecurity,
] as const;

/** The caller as records name him. */
export function toCreator(caller: Caller): NamedRef {
  return { id: caller.user.id, name: caller.user.name };
}

/** The caller as a job carries him; privileges count in the project of the job. */
export function toJobCaller(caller: Caller, projectId: string | null): JobCaller {
  return {
    ...toCreator(caller),
    principalIds: [...caller.principalIds],
    bypassesSecurity: caller.hasPrivilege(PRIVILEGE.bypassObjectSecurity, projectId),
  };
}
