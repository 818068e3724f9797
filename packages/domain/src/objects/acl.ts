import type { AclEntry } from './metadata-object.ts';

/** Access rights bits (spec/api.md 2.4). */
export const RIGHTS = {
  browse: 1,
  useExecute: 2,
  read: 4,
  write: 8,
  delete: 16,
  control: 32,
  use: 64,
  execute: 128,
  full: 255,
} as const;

const compareEntries = (a: AclEntry, b: AclEntry): number =>
  compareText(a.trusteeId, b.trusteeId) ||
  Number(a.deny) - Number(b.deny) ||
  Number(a.inheritable) - Number(b.inheritable);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * One entry per (trustee, deny, inheritable), rights joined, in a fixed order, entries without rights left out.
 * Two lists that grant the same have the same canonical form, whatever the order they were written in.
 */
export function canonicalAcl(entries: readonly AclEntry[]): AclEntry[] {
  const byKey = new Map<string, AclEntry>();
  for (const entry of entries) {
    const rights = entry.rights & RIGHTS.full;
    if (rights === 0) continue;
    const key = `${entry.trusteeId}${entry.deny}${entry.inheritable}`;
    const known = byKey.get(key);
    byKey.set(key, {
      trusteeId: entry.trusteeId,
      rights: rights | (known?.rights ?? 0),
      deny: entry.deny,
      inheritable: entry.inheritable,
    });
  }
  return [...byKey.values()].toSorted(compareEntries);
}

/** The text of an access control list: canonical JSON of its canonical form, keys sorted. */
export function aclText(entries: readonly AclEntry[]): string {
  const parts = canonicalAcl(entries).map(
    (e) => `{"deny":${e.deny},"inheritable":${e.inheritable},"rights":${e.rights},"trusteeId":"${e.trusteeId}"}`,
  );
  return `[${parts.join(',')}]`;
}
