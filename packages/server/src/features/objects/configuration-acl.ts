import { WELL_KNOWN, type AclEntry } from '@longshore/domain';

/** Everyone may look at a configuration object that says nothing else, as at the predefined folders. */
export const CONFIGURATION_ACL: readonly AclEntry[] = [
  { trusteeId: WELL_KNOWN.administrator, rights: 255, deny: false, inheritable: true },
  { trusteeId: WELL_KNOWN.everyone, rights: 199, deny: false, inheritable: true },
];
