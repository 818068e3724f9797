import type { JsonObject, JsonValue, Reference } from './metadata-object.ts';

/** The part of an object that names other objects. */
export interface ReferringBody {
  readonly definition: JsonObject;
  readonly uses: readonly Reference[];
}

/**
 * The body with every `objectId` and explicit use in `newIds` led to its new id; everything else stays. Works on a copy
 * and walks without recursion, since definitions may be deep.
 */
export function repointReferences(body: ReferringBody, newIds: ReadonlyMap<string, string>): ReferringBody {
  const definition = structuredCopy(body.definition);
  const pending: JsonValue[] = [definition];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value === null || typeof value !== 'object') continue;
    if (!Array.isArray(value)) repointOne(value, newIds);
    // One by one: a list can have more members than a function takes arguments.
    for (const member of Object.values(value)) if (typeof member === 'object') pending.push(member);
  }
  return { definition, uses: body.uses.map((use) => ({ id: newIds.get(use.id) ?? use.id, type: use.type })) };
}

function repointOne(value: JsonObject, newIds: ReadonlyMap<string, string>): void {
  const id = value['objectId'];
  const newId = typeof id === 'string' ? newIds.get(id) : undefined;
  if (newId !== undefined) value['objectId'] = newId;
}

/** Values come from JSON text, so going through text again loses nothing. */
function structuredCopy(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
