/** The one text form of an object in a dump (architecture 5), built from texts that are canonical already. */

/** The fields of a stored object that are not texts of JSON. */
export interface StoredScalars {
  /** Null for a configuration object. */
  readonly projectId: string | null;
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
}

/** A stored object without its definition: what an undo record carries in its header line. */
export interface StoredHeader extends StoredScalars {
  /** `aclText` of the access control list. */
  readonly acl: string;
  /** Canonical JSON text of an object. */
  readonly translations: string;
  /** Canonical JSON text of an array of `{id, type}`. */
  readonly uses: string;
}

/** An object as it is stored: scalar fields, and its four JSON parts as canonical texts. */
export interface StoredObject extends StoredHeader {
  /** Canonical JSON text of an object. */
  readonly definition: string;
}

const text = (value: string | null): string => JSON.stringify(value);

/**
 * The line of an object in a dump, without a line end. Keys are sorted, so that the same content gives the same bytes.
 * The JSON parts are put in as they are; nothing is parsed.
 */
export function dumpLine(object: StoredObject): string {
  return (
    `{"abbreviation":${text(object.abbreviation)},"acl":${object.acl}` +
    `,"dateCreated":${text(object.dateCreated)},"dateModified":${text(object.dateModified)}` +
    `,"definition":${object.definition},"description":${text(object.description)}` +
    `,"hidden":${object.hidden},"id":${text(object.id)},"kind":"object","name":${text(object.name)}` +
    `,"ownerId":${text(object.ownerId)},"parentId":${text(object.parentId)}` +
    `,"projectId":${text(object.projectId)},"subtype":${object.subtype}` +
    `,"translations":${object.translations},"type":${object.type},"uses":${object.uses}` +
    `,"version":${text(object.version)}}`
  );
}

/** The line of a project in a dump, without a line end. */
export function projectLine(project: {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}): string {
  return `{"description":${text(project.description)},"id":${text(project.id)},"kind":"project","name":${text(project.name)}}`;
}
