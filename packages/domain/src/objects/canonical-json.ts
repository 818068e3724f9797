import type { JsonValue } from './metadata-object.ts';

/** How deep a definition may be nested. Real ones stay below 50; without a bound one line could exhaust the stack. */
export const MAX_JSON_DEPTH = 500;

/** A JSON value is nested deeper than `MAX_JSON_DEPTH`; it is refused, never cut. */
export class JsonTooDeepError extends Error {
  constructor() {
    super(`The JSON value is nested deeper than ${MAX_JSON_DEPTH} levels. Flatten it and try again.`);
    this.name = 'JsonTooDeepError';
  }
}

/**
 * The one way in which a JSON value becomes text that is stored, hashed and dumped: object keys sorted by code unit,
 * no white space. The same value always gives the same bytes; everything that compares content relies on it.
 * Throws `JsonTooDeepError`.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0);
}

function write(value: JsonValue, depth: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (depth >= MAX_JSON_DEPTH) throw new JsonTooDeepError();
  if (Array.isArray(value)) return `[${value.map((member) => write(member, depth + 1)).join(',')}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member !== undefined) parts.push(`${JSON.stringify(key)}:${write(member, depth + 1)}`);
  }
  return `{${parts.join(',')}}`;
}
