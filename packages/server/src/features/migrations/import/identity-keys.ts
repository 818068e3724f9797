import type { PackageEntry } from '@longshore/domain';

/**
 * What tells whether two objects of one id are the same, as texts that are compared as a whole: of a package they are made
 * while it is checked, of the target in SQL.
 */
export interface IdentityKeys {
  /** Version and body. */
  readonly body: string;
  /** What else decides whether an object is the identical one. */
  readonly place: string;
}

export function identityKeys(entry: PackageEntry): IdentityKeys {
  const { version, bodyHash, type, subtype, parentId, contactsHash } = entry;
  return {
    body: version + bodyHash,
    place: `${type} ${subtype} ${parentId ?? ''} ${contactsHash === null ? '' : `=${contactsHash}`}`,
  };
}

/** The same of rows of `object`. */
export const BODY_KEY = `version || body_hash`;
export const PLACE_KEY = `type || ' ' || subtype || ' ' || coalesce(parent_id, '') || ' ' || coalesce('=' || contacts_hash, '')`;
