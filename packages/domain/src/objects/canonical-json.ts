import type { JsonValue } from './metadata-object.ts';

/**
 * The one way in which a JSON value becomes text that is stored, hashed and dumped: object keys sorted by code unit,
 * no white space. The same value always gives the same bytes; everything that compares content relies on it.
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${parts.join(',')}}`;
}
