import { isSchemaType, privilegeName } from '@longshore/domain';
import { missingPrivilege, type Caller } from '../../platform/http/access.ts';

/** What has to be held to create objects, to lock a schema and to reload it (spec/semantics.md 8). */
const REQUIRED = { application: 1, schema: 3 } as const;
export type ModelingArea = keyof typeof REQUIRED;

export const areaOf = (type: number): ModelingArea => (isSchemaType(type) ? 'schema' : 'application');

/** @throws AppError `missingPrivilege` (403 ERR014) naming "Create application objects" or "Create schema objects" */
export function requireModelingPrivilege(caller: Caller, projectId: string, area: ModelingArea): void {
  const privilege = REQUIRED[area];
  if (!caller.hasPrivilege(privilege, projectId)) throw missingPrivilege(privilegeName(privilege));
}
