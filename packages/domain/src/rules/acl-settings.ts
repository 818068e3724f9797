import { canonicalAcl, RIGHTS } from '../objects/acl.ts';
import type { AclEntry } from '../objects/metadata-object.ts';
import type { AclOnNew, AclOnReplacing } from './actions.ts';

/** The access control list that an object ends up with, and the trustees that had to be left out. */
export interface ResolvedAcl {
  /** In canonical form. */
  readonly acl: readonly AclEntry[];
  /** Trustees of the package's list that the target does not have, sorted, each once (spec/semantics.md 2.3). */
  readonly droppedTrustees: readonly string[];
}

type TrusteeExists = (id: string) => boolean;

const keyOf = (entry: AclEntry): string => `${entry.trusteeId} ${entry.deny} ${entry.inheritable}`;

/** Trustees are matched by id; an entry for one that the target does not have could never mean anybody. */
function splitByTrustee(entries: readonly AclEntry[], exists: TrusteeExists): { known: AclEntry[]; dropped: string[] } {
  const known: AclEntry[] = [];
  const dropped = new Set<string>();
  for (const entry of entries) {
    if (exists(entry.trusteeId)) known.push(entry);
    else dropped.add(entry.trusteeId);
  }
  return { known, dropped: [...dropped].toSorted() };
}

/**
 * The list of an object that is replaced: `use_existing` (and null) keeps the target's, `replace` takes the package's,
 * `keep_both` joins them, the target's entry winning where both have one for the same (trustee, deny, inheritable).
 */
export function aclForReplaced(
  setting: AclOnReplacing | null,
  existingAcl: readonly AclEntry[],
  incomingAcl: readonly AclEntry[],
  trusteeExists: TrusteeExists,
): ResolvedAcl {
  if (setting === null || setting === 'use_existing') return { acl: canonicalAcl(existingAcl), droppedTrustees: [] };
  const { known, dropped } = splitByTrustee(canonicalAcl(incomingAcl), trusteeExists);
  if (setting === 'replace') return { acl: known, droppedTrustees: dropped };
  const existing = canonicalAcl(existingAcl);
  const taken = new Set(existing.map(keyOf));
  const added = known.filter((entry) => !taken.has(keyOf(entry)));
  return { acl: canonicalAcl([...existing, ...added]), droppedTrustees: dropped };
}

/** What an object receives from the folder it is created in, and full control for its owner. */
function inheritedAcl(parentAcl: readonly AclEntry[], isFolder: boolean, ownerId: string): AclEntry[] {
  const inheritable = parentAcl.filter((entry) => entry.inheritable);
  const own = inheritable.map((entry) => ({ ...entry, inheritable: false }));
  const owner = { trusteeId: ownerId, rights: RIGHTS.full, deny: false, inheritable: false };
  return [...own, ...(isFolder ? inheritable : []), owner];
}

/** A new object and where it is created. */
export interface NewObjectAcl {
  /** The list that the object has in the package. */
  readonly incoming: readonly AclEntry[];
  /** The list of the folder it is created in, as it is after the import. */
  readonly parent: readonly AclEntry[];
  readonly isFolder: boolean;
  /** The owner that the object gets on the target. */
  readonly ownerId: string;
}

/**
 * The list of an object that is created, also of a `keep_both` duplicate. The settings are flags:
 * `keep_acl_as_source_object` takes the package's list, `inherit_acl_as_dest_folder` the folder's inheritable entries
 * (which a new folder also keeps as inheritable ones) and full control for the owner; both mean the union, none the first.
 */
export function aclForNew(
  settings: readonly AclOnNew[],
  object: NewObjectAcl,
  trusteeExists: TrusteeExists,
): ResolvedAcl {
  const inherits = settings.includes('inherit_acl_as_dest_folder');
  const keeps = !inherits || settings.includes('keep_acl_as_source_object');
  const { known, dropped } = splitByTrustee(keeps ? object.incoming : [], trusteeExists);
  const inherited = inherits ? inheritedAcl(object.parent, object.isFolder, object.ownerId) : [];
  return { acl: canonicalAcl([...known, ...inherited]), droppedTrustees: dropped };
}
