import { canonicalAcl, RIGHTS } from './acl.ts';
import type { AclEntry } from './metadata-object.ts';

/**
 * The rights of a principal on an object, as a bit mask (spec/semantics.md 1.4). Each right is decided by the entries
 * for the user itself if there are any for it, else by those for its groups; among entries of one rank a deny beats a
 * grant; a right that no entry speaks of is not held. Inheritable entries are for what is created in a folder and say
 * nothing about the folder itself.
 * @param principalIds the user and every group it belongs to
 */
export function effectiveRights(
  acl: readonly AclEntry[],
  principalIds: Iterable<string>,
  user: { readonly userId: string },
): number {
  const groups = new Set(principalIds);
  groups.delete(user.userId);
  const own = joinedRights(acl, (trusteeId) => trusteeId === user.userId);
  const ofGroups = joinedRights(acl, (trusteeId) => groups.has(trusteeId));
  const decidedByUser = own.granted | own.denied;
  return (own.granted & ~own.denied) | (ofGroups.granted & ~ofGroups.denied & ~decidedByUser);
}

function joinedRights(
  acl: readonly AclEntry[],
  isMeant: (trusteeId: string) => boolean,
): { granted: number; denied: number } {
  let granted = 0;
  let denied = 0;
  for (const entry of acl) {
    if (entry.inheritable || !isMeant(entry.trusteeId)) continue;
    if (entry.deny) denied |= entry.rights;
    else granted |= entry.rights;
  }
  return { granted: granted & RIGHTS.full, denied: denied & RIGHTS.full };
}

/**
 * The list of an object that is created in a folder: the folder's inheritable entries, once, as a copy, and full
 * control for its creator. A folder keeps the inherited entries for its own children as well.
 */
export function inheritedAcl(folderAcl: readonly AclEntry[], creatorId: string, isFolder: boolean): AclEntry[] {
  const inherited = folderAcl.filter((entry) => entry.inheritable);
  return canonicalAcl([
    ...inherited.map((entry) => ({ ...entry, inheritable: false })),
    ...(isFolder ? inherited : []),
    { trusteeId: creatorId, rights: RIGHTS.full, deny: false, inheritable: false },
  ]);
}
