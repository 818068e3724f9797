import { PRIVILEGE, privilegeName } from '@longshore/domain';
import { texts } from '../texts/index.ts';
import type { Connection } from './connection.ts';

/** What it takes to import, to undo, to validate and to plan (spec/api.md 2.0). */
export const IMPORT_PRIVILEGES = [
  PRIVILEGE.createPackage,
  PRIVILEGE.applyPackage,
  PRIVILEGE.bypassObjectSecurity,
] as const;

/** Why the user may not do it, in a sentence; null when he holds all privileges in all projects. Undefined: everywhere. */
export function privilegeRefusal(
  { environment, holds }: Connection,
  privileges: readonly number[],
  projectIds: readonly (string | undefined)[] = [undefined],
): string | null {
  const missing = privileges.find((privilege) => projectIds.some((projectId) => !holds(privilege, projectId)));
  if (missing === undefined) return null;
  return texts.migration.refusal.privilege(privilegeName(missing), environment.name);
}
