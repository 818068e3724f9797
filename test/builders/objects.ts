import { WELL_KNOWN, type AclEntry, type JsonObject } from '@longshore/domain';

export const PROJECT_ID = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
export const EVERYONE = WELL_KNOWN.everyone;

/** A readable id: the same text gives the same 32 hex digits, and two short texts never the same. */
export const idOf = (text: string): string =>
  Buffer.from(text.padEnd(16, '.')).subarray(0, 16).toString('hex').toUpperCase();

export const grant = (trusteeId: string, rights: number): AclEntry => ({
  trusteeId,
  rights,
  deny: false,
  inheritable: false,
});
export const deny = (trusteeId: string, rights: number): AclEntry => ({ ...grant(trusteeId, rights), deny: true });
export const inheritable = (entry: AclEntry): AclEntry => ({ ...entry, inheritable: true });

/** What everyone can see, and nobody but the administrator change. */
export const VIEW_ACL: readonly AclEntry[] = [grant(WELL_KNOWN.administrator, 255), grant(EVERYONE, 199)];

export const aProjectLine = (name = 'Tutorial', id = PROJECT_ID) => ({ kind: 'project', id, name });

/** A line of the load format; its id follows from its name unless it is given. */
export function aLine(line: { name: string; type: number } & Record<string, unknown>): Record<string, unknown> {
  return { kind: 'object', projectId: PROJECT_ID, id: idOf(line.name), acl: VIEW_ACL, ...line };
}

export const aFolderLine = (name: string, more: Record<string, unknown> = {}) => aLine({ name, type: 8, ...more });

/** A metric whose definition uses the named objects. */
export const aMetricLine = (name: string, uses: readonly string[] = [], more: Record<string, unknown> = {}) =>
  aLine({ name, type: 4, definition: usesDefinition(uses), ...more });

export function usesDefinition(names: readonly string[]): JsonObject {
  return { expression: { tokens: names.map((name) => ({ value: name, target: { objectId: idOf(name) } })) } };
}

export const aUserLine = (name: string, more: Record<string, unknown> = {}) =>
  aLine({
    name,
    type: 34,
    subtype: 8704,
    projectId: null,
    definition: { username: name.toLowerCase(), fullName: name, enabled: true, memberships: [] },
    ...more,
  });
