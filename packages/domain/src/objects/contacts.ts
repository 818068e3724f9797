import { canonicalJson } from './canonical-json.ts';
import type { JsonObject, JsonValue } from './metadata-object.ts';

/** The Distribution Services part of a user's definition. */
export const CONTACT_FIELDS = ['addresses', 'contacts', 'contactGroups'] as const;

/** What `contactsText` gives for a user without any address, contact or contact group. */
export const NO_CONTACTS = '{}';

const isEmpty = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/**
 * The text whose hash is a user's `contactsHash`. The order of a list means nothing, and a missing list is an empty
 * one. A user without contacts has the constant text `NO_CONTACTS`.
 */
export function contactsText(definition: JsonObject): string {
  const parts: string[] = [];
  for (const field of CONTACT_FIELDS) {
    const value = definition[field];
    if (value === undefined || isEmpty(value)) continue;
    const text = Array.isArray(value) ? `[${value.map(canonicalJson).toSorted().join(',')}]` : canonicalJson(value);
    parts.push(`"${field}":${text}`);
  }
  return `{${parts.join(',')}}`;
}

/**
 * The existing user with the incoming user's addresses, contacts and contact groups, and nothing else of it. The
 * result has the incoming user's `contactsText`, so that a second import finds both identical.
 */
export function mergeContacts(existingDefinition: JsonObject, incomingDefinition: JsonObject): JsonObject {
  const merged: JsonObject = { ...existingDefinition };
  for (const field of CONTACT_FIELDS) {
    const value = incomingDefinition[field];
    if (value === undefined) delete merged[field];
    else merged[field] = value;
  }
  return merged;
}
