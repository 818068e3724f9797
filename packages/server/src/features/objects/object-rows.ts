import {
  aclText,
  contactsText,
  projectOf,
  referencesOf,
  scopeOf,
  type AclEntry,
  type JsonObject,
  type MetadataObject,
  type Reference,
} from '@longshore/domain';
import type { Cell } from '../../platform/db/insert-text.ts';
import type { ObjectBodyTable, ObjectReferenceTable, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { aclKey, bodyHash, sha256 } from '../../platform/hash.ts';
import { canonicalText } from './canonical-text.ts';

/** The columns of an object's tables, for statements that write many rows. */
export const OBJECT_COLUMNS = [
  'scope',
  'id',
  'type',
  'subtype',
  'name',
  'description',
  'abbreviation',
  'parent_id',
  'owner_id',
  'version',
  'date_created',
  'date_modified',
  'hidden',
  'acl_id',
  'body_hash',
  'contacts_hash',
] as const satisfies readonly (keyof ObjectTable)[];
export const BODY_COLUMNS = [
  'scope',
  'id',
  'definition',
  'translations',
  'uses',
] as const satisfies readonly (keyof ObjectBodyTable)[];
export const REFERENCE_COLUMNS = [
  'scope',
  'from_id',
  'to_id',
  'to_type',
] as const satisfies readonly (keyof ObjectReferenceTable)[];

/** The cells of `OBJECT_COLUMNS`. */
export const objectCells = (row: ObjectTable): Cell[] => OBJECT_COLUMNS.map((column) => row[column]);

/** An object as the repository keeps it: hot columns, body texts, its access control list and its references. */
export interface ObjectRecord {
  readonly row: ObjectTable;
  readonly body: ObjectBodyTable;
  /** Canonical text of the list whose key is `row.acl_id`. */
  readonly aclEntries: string;
  readonly references: readonly Reference[];
}

/** Brings an object into stored form: canonical texts, hashes, and the references that its definition holds. */
export function toObjectRecord(object: MetadataObject): ObjectRecord {
  const scope = scopeOf(object.projectId);
  const definition = canonicalText(object.definition);
  const translations = canonicalText(object.translations);
  const uses = canonicalText(object.uses.map((use) => ({ id: use.id, type: use.type })));
  const aclEntries = aclText(object.acl);
  return {
    row: {
      scope,
      id: object.id,
      type: object.type,
      subtype: object.subtype,
      name: object.name,
      description: object.description,
      abbreviation: object.abbreviation,
      parent_id: object.parentId,
      owner_id: object.ownerId,
      version: object.version,
      date_created: object.dateCreated,
      date_modified: object.dateModified,
      hidden: object.hidden ? 1 : 0,
      acl_id: aclKey(aclEntries),
      body_hash: bodyHash(definition, translations, uses),
      contacts_hash: contactsHash(object.subtype, object.definition),
    },
    body: { scope, id: object.id, definition, translations, uses },
    aclEntries,
    references: referencesOf(object),
  };
}

const USER_SUBTYPE = 8704;

/** Hash of a user's Distribution Services part; null for everything that is not a user. */
export function contactsHash(subtype: number, definition: JsonObject): string | null {
  return subtype === USER_SUBTYPE ? sha256(contactsText(definition)) : null;
}

/** The object of a stored row and body. */
export function toMetadataObject(row: ObjectTable, body: ObjectBodyTable, aclEntries: string): MetadataObject {
  return {
    projectId: projectOf(row.scope),
    id: row.id,
    type: row.type,
    subtype: row.subtype,
    name: row.name,
    description: row.description,
    abbreviation: row.abbreviation,
    parentId: row.parent_id,
    ownerId: row.owner_id,
    version: row.version,
    dateCreated: row.date_created,
    dateModified: row.date_modified,
    hidden: row.hidden === 1,
    acl: JSON.parse(aclEntries) as AclEntry[],
    definition: JSON.parse(body.definition) as JsonObject,
    uses: JSON.parse(body.uses) as Reference[],
    translations: JSON.parse(body.translations) as JsonObject,
  };
}
