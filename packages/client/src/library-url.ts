/**
 * The Library URL in the form in which it names an environment: no query, no trailing slash, no `/api` at its end.
 * @throws TypeError when the text is no http(s) URL; the message names the text and says what is expected.
 */
export function libraryUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new TypeError(`"${text}" is no Library URL; expected something like https://host/MicroStrategyLibrary.`);
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api$/i, '');
  return `${url.origin}${path}`;
}

/** True when two spellings name the same environment (spec/api.md 1.11). */
export function isSameLibrary(a: string, b: string): boolean {
  return libraryUrl(a) === libraryUrl(b);
}

export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

/** A query string with its question mark, empty when nothing is set. Lists become comma lists. */
export function queryString(query: Readonly<Record<string, QueryValue>> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.append(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
