import type { JsonObject, JsonValue, Reference } from './metadata-object.ts';

/** What an object uses: every `objectId` in its definition and its explicit uses, without itself, one per id. */
export function referencesOf(object: { id: string; definition: JsonObject; uses: readonly Reference[] }): Reference[] {
  const found = new Map(object.uses.map((use) => [use.id, use.type] as const));
  const pending: JsonValue[] = [object.definition];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value === null || typeof value !== 'object') continue;
    const id = Array.isArray(value) ? undefined : value['objectId'];
    if (typeof id === 'string' && !found.has(id)) found.set(id, null);
    pending.push(...Object.values(value));
  }
  found.delete(object.id);
  return [...found].map(([id, type]) => ({ id, type })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
