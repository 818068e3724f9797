import { AppError, type ModelBody } from '@longshore/contracts';
import {
  canonicalJson,
  JsonTooDeepError,
  type JsonObject,
  type JsonValue,
  type MetadataObject,
} from '@longshore/domain';
import { findSubtype, subtypeName } from './model-resources.ts';

/** Pure: definitions as the modeling API sends and shows them. */

/** Members of `information` that the server knows better, or that say where an object lies; never part of a definition. */
const SERVER_MEMBERS: ReadonlySet<string> = new Set([
  'objectId',
  'subType',
  'name',
  'description',
  'versionId',
  'dateCreated',
  'dateModified',
  'destinationFolderId',
  'path',
  'acg',
  'acl',
  'owner',
]);

const LOCALE = 'en-US';

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws AppError `invalid` when a value is nested deeper than a definition may be */
export function requireShallow(value: JsonValue): void {
  try {
    canonicalJson(value);
  } catch (error) {
    if (error instanceof JsonTooDeepError) throw new AppError('invalid', `Invalid value: body. ${error.message}`);
    throw error;
  }
}

/** The parts of a body, as they are stored. @throws AppError `invalid` when it is nested too deep */
export function splitBody(body: ModelBody): { information: JsonObject; definition: JsonObject } {
  const sent = body as JsonObject;
  requireShallow(sent);
  const { information, ...definition } = sent;
  return { information: isJsonObject(information) ? information : {}, definition };
}

/** The members of `next` put in the place of those of `before`; a member that is null is removed. */
export function replaceMembers(before: JsonObject, next: JsonObject): JsonObject {
  const merged = { ...before, ...next };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** A modeling date of a wire date: `2001-01-02T20:48:47.000Z`. */
const modelingDate = (wireDate: string): string => `${wireDate.slice(0, 23)}Z`;

/** The object with the `information` block that follows from it and from what else clients have said there. */
export function withInformation(object: MetadataObject, given: JsonObject): MetadataObject {
  return { ...object, definition: { ...object.definition, information: informationOf(object, given) } };
}

function informationOf(object: MetadataObject, given: JsonObject): JsonObject {
  const others = Object.entries(given).filter(([name, value]) => !SERVER_MEMBERS.has(name) && value !== null);
  return {
    primaryLocale: LOCALE,
    ...Object.fromEntries(others),
    objectId: object.id,
    subType: shownSubtype(object, given['subType']),
    name: object.name,
    ...(object.description === '' ? {} : { description: object.description }),
    versionId: object.version,
    dateCreated: modelingDate(object.dateCreated),
    dateModified: modelingDate(object.dateModified),
  };
}

/** A client's own name for the subtype, as long as it means the same. */
function shownSubtype({ type, subtype }: MetadataObject, given: JsonValue | undefined): string {
  if (typeof given === 'string' && findSubtype(type, given) === subtype) return given;
  return subtypeName(type, subtype);
}

export interface ModelViewFacts {
  readonly rights: number;
  /** In the form of the modeling API; absent unless it was asked for. */
  readonly acl?: JsonObject;
}

/** A stored object as the modeling API shows it. Whatever changed its name or place, `information` tells it. */
export function toModelView(object: MetadataObject, { rights, acl }: ModelViewFacts): JsonObject {
  const { information, ...definition } = object.definition;
  return {
    information: {
      ...informationOf(object, isJsonObject(information) ? information : {}),
      ...(object.parentId === null ? {} : { destinationFolderId: object.parentId }),
      acg: rights,
      ...(acl === undefined ? {} : { acl }),
    },
    ...definition,
  };
}

/** What clients have said in the `information` of a stored object besides the server's members. */
export function givenInformation(object: MetadataObject): JsonObject {
  const { information } = object.definition;
  return isJsonObject(information) ? information : {};
}

/** Where an id stands in a definition, e.g. `forms[0].lookupTable.objectId`. */
export function findReferencePath(definition: JsonObject, id: string): string | undefined {
  const pending: { value: JsonValue; path: string }[] = [{ value: definition, path: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      const at = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
      if (name === 'objectId' && typeof member === 'string' && member.toUpperCase() === id) return at;
      if (typeof member === 'object') pending.push({ value: member, path: at });
    }
  }
  return undefined;
}
