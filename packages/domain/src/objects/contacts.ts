import { canonicalJson } from './canonical-json.ts';
import type { JsonObject } from './metadata-object.ts';

/** The Distribution Services part of a user's definition as canonical text. */
export function contactsText(definition: JsonObject): string {
  const { addresses = [], contacts = [], contactGroups = [] } = definition;
  return canonicalJson({ addresses, contacts, contactGroups });
}
