import type { AclEntry, ObjectHeader } from '../objects/metadata-object.ts';
import type { EntryRole } from '../objects/package-entry.ts';
import type { AclOnNew, AclOnReplacing, ConflictAction } from '../rules/actions.ts';
import type { ConflictKind } from '../rules/conflict-kinds.ts';

/** What a plan does with one object of a package. */
export const OUTCOMES = [
  'create',
  'replace',
  'move',
  'update_contacts',
  'update_translations',
  'duplicate',
  'keep',
  'delete',
  'skip',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The hot columns of one entry of a package, as it waits in the staging table. */
export interface IncomingObject {
  readonly role: EntryRole;
  readonly action: ConflictAction;
  /** True for an entry with action `delete` that the source does not have: only id, type and name mean something. */
  readonly absent: boolean;
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly description: string;
  readonly abbreviation: string;
  readonly hidden: boolean;
  /** Key in the `AclBook`. */
  readonly aclId: string;
  readonly bodyHash: string;
  readonly contactsHash: string | null;
  /** Folders only: something will be in it after the import, whether incoming or already there. */
  readonly hasContents: boolean;
  /**
   * True when the rule for translations gives the target's object other texts although the versions are equal
   * (`force_replace`); false in everything but a project merge.
   */
  readonly changesTexts: boolean;
}

/** The hot columns of an object on the target. */
export interface ExistingObject extends ObjectHeader {
  readonly dateCreated: string;
  readonly description: string;
  readonly abbreviation: string;
  readonly hidden: boolean;
}

/** One entry joined with the object that has its id on the target. */
export interface PlanRow {
  readonly incoming: IncomingObject;
  readonly existing: ExistingObject | null;
}

/** Interned access control lists. `put` gives equal lists (by `aclText`) the same id, whatever their order. */
export interface AclBook {
  get(aclId: string): readonly AclEntry[];
  put(entries: readonly AclEntry[]): string;
}

/** What to do when an object's name is taken in its folder by another id (decision 11). */
export const NAME_CLASH_POLICIES = ['rename', 'fail'] as const;
export type NameClashPolicy = (typeof NAME_CLASH_POLICIES)[number];

export interface PlanSettings {
  /** Null (project security packages) means `use_existing`. */
  readonly aclOnReplacingObjects: AclOnReplacing | null;
  /** Flags: both mean the union, none means `keep_acl_as_source_object`. */
  readonly aclOnNewObjects: readonly AclOnNew[];
  readonly nameClash: NameClashPolicy;
}

/** All that a plan needs to know besides the rows. Every function must be deterministic during one plan. */
export interface PlanContext {
  readonly settings: PlanSettings;
  /** The importing user: owner of last resort, and never deleted by an import. */
  readonly importerId: string;
  /** Wire date of the import. */
  readonly now: string;
  /** 32 upper-case hex digits, derived from the import id and the seed. */
  deriveId(seed: string): string;
  /** True for a user or group that the target has after the import. */
  principalExists(id: string): boolean;
  readonly acls: AclBook;
  /** The `aclId` of a folder that is on the target, null when it is not there. */
  existingFolderAcl(folderId: string): string | null;
}

interface DecisionBase {
  readonly id: string;
  readonly type: number;
  readonly action: ConflictAction;
  readonly conflict: ConflictKind;
  readonly role: EntryRole;
  /** One short sentence for people. */
  readonly reason: string;
}

export interface CreateDecision extends DecisionBase {
  readonly outcome: 'create';
  readonly name: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly aclId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
}

export interface ReplaceDecision extends DecisionBase {
  readonly outcome: 'replace';
  readonly name: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly aclId: string;
  readonly version: string;
  /** The target's own: replacing does not make an object younger. */
  readonly dateCreated: string;
  readonly dateModified: string;
  /** True when the parent folder changes too. */
  readonly moved: boolean;
}

/** Only the folder changes; version, times and ACL stay. */
export interface MoveDecision extends DecisionBase {
  readonly outcome: 'move';
  readonly name: string;
  readonly parentId: string | null;
}

/** Only the user's Distribution Services part (and the folder, if it differs) changes. See `mergeContacts`. */
export interface UpdateContactsDecision extends DecisionBase {
  readonly outcome: 'update_contacts';
  readonly name: string;
  readonly parentId: string | null;
}

/** Only the texts in other languages (and the folder, if the rule moves the object) change. */
export interface UpdateTranslationsDecision extends DecisionBase {
  readonly outcome: 'update_translations';
  readonly name: string;
  readonly parentId: string | null;
}

/** The target's object stays; the package's copy becomes a new object. */
export interface DuplicateDecision extends DecisionBase {
  readonly outcome: 'duplicate';
  readonly newId: string;
  readonly newVersion: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly aclId: string;
  /** Date of creation and of modification. */
  readonly date: string;
}

export interface DeleteDecision extends DecisionBase {
  readonly outcome: 'delete';
}

/** The object is on the target and stays as it is. */
export interface KeepDecision extends DecisionBase {
  readonly outcome: 'keep';
}

/** The object is not on the target and is not made. */
export interface SkipDecision extends DecisionBase {
  readonly outcome: 'skip';
}

/** What happens to one object, with exactly what applying it needs. */
export type Decision =
  | CreateDecision
  | ReplaceDecision
  | MoveDecision
  | UpdateContactsDecision
  | UpdateTranslationsDecision
  | DuplicateDecision
  | DeleteDecision
  | KeepDecision
  | SkipDecision;
