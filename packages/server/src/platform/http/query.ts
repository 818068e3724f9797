import type { TSchema } from 'typebox';

/**
 * Brings a parsed query string into the form that its schema describes (spec/api.md 1.1): booleans in any letter case,
 * lists as a comma list or a repeated parameter, empty parts ignored. Works in place.
 */
export function normaliseQuery(query: Record<string, unknown>, schema: TSchema | undefined): void {
  const properties = propertiesOf(schema);
  for (const [name, value] of Object.entries(query)) {
    if (name === '' || value === '') {
      delete query[name];
      continue;
    }
    query[name] = normaliseValue(value, properties[name]?.type);
  }
}

function normaliseValue(value: unknown, type: string | undefined): unknown {
  if (type === 'array')
    return [value]
      .flat()
      .flatMap((part) => String(part).split(','))
      .filter((part) => part !== '');
  const single = Array.isArray(value) ? value.at(-1) : value;
  return type === 'boolean' ? String(single).toLowerCase() : single;
}

function propertiesOf(schema: TSchema | undefined): Record<string, { type?: string }> {
  if (!schema || !('properties' in schema)) return {};
  return schema.properties as Record<string, { type?: string }>;
}

/** The names in a `fields` parameter, or null when the whole answer is wanted (spec/api.md 1.7). */
export function selectedFields(fields: unknown): ReadonlySet<string> | null {
  if (typeof fields !== 'string' || fields === '') return null;
  return new Set(fields.split(',').map((name) => name.trim()));
}

/** Keeps the named top-level fields of an object, or of every element of an array. Unknown names are ignored. */
export function selectFields(body: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(body)) return body.map((element) => selectFields(element, names));
  if (body === null || typeof body !== 'object') return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name)));
}
