import type { AclEntry, Reference } from './metadata-object.ts';
import type { ConflictAction } from '../rules/actions.ts';

/**
 * Why an object is in a package:
 * `content`   listed by the caller, or inside a listed folder (`explicitIncluded`),
 * `dependent` pulled in because something needs it,
 * `ancestor`  a folder above, or in a project merge a system object: created only where the target lacks it, never
 *             compared, never in the content list.
 */
export const ENTRY_ROLES = ['content', 'dependent', 'ancestor'] as const;
export type EntryRole = (typeof ENTRY_ROLES)[number];

/** The header line of one object in a package file; its definition is the line after it (docs/package-format.md). */
export interface PackageEntry {
  readonly role: EntryRole;
  /** The effective conflict rule, resolved when the package was made. */
  readonly action: ConflictAction;
  /** True for an entry with action `delete` whose object the source does not have: there is no body. */
  readonly absent: boolean;
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly abbreviation: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly hidden: boolean;
  readonly acl: readonly AclEntry[];
  /** The name only of objects that are not in the package: an import that misses one has to say which it is. */
  readonly references: readonly (Reference & { readonly name?: string })[];
  readonly bodyHash: string;
  readonly contactsHash: string | null;
  /** Canonical texts of the two small parts of the body. */
  readonly translations: string;
  readonly uses: string;
}
