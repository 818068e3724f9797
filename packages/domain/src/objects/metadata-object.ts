/** The object model (spec/semantics.md 1). All values are plain data. */

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** One access control entry. `rights` is the bit mask of spec/api.md 2.4 without the inheritable flag (0 to 255). */
export interface AclEntry {
  readonly trusteeId: string;
  readonly rights: number;
  readonly deny: boolean;
  /** Only on folders: the entry is not for the folder but for what is created in it. */
  readonly inheritable: boolean;
}

/** An edge "A uses B". `type` is null where the definition does not say it. */
export interface Reference {
  readonly id: string;
  readonly type: number | null;
}

/** A metadata object, whole. Dates are in the wire format `yyyy-MM-ddTHH:mm:ss.SSS+0000`, UTC. */
export interface MetadataObject {
  /** Null for a configuration object. */
  readonly projectId: string | null;
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly abbreviation: string;
  /** Null for a project's root folder and for configuration objects without a folder. */
  readonly parentId: string | null;
  readonly ownerId: string;
  /** The version id: equal version ids mean equal content. */
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly hidden: boolean;
  readonly acl: readonly AclEntry[];
  readonly definition: JsonObject;
  /** References besides those that the definition holds. */
  readonly uses: readonly Reference[];
  readonly translations: JsonObject;
}

/** What a plan looks at: an object without its body. Bodies are compared by `bodyHash` alone. */
export interface ObjectHeader {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly parentId: string | null;
  readonly ownerId: string;
  readonly version: string;
  readonly dateModified: string;
  /** Key of the interned access control list, see `aclKey`. */
  readonly aclId: string;
  /** Hash over definition, translations and uses (canonical bytes). */
  readonly bodyHash: string;
  /** Users only: hash over addresses and contacts (the Distribution Services part), else null. */
  readonly contactsHash: string | null;
}
