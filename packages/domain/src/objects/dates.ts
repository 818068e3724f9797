/** Wire dates (spec/api.md 1.9): `yyyy-MM-ddTHH:mm:ss.SSS+0000`. As text they sort by time. */

const WIRE_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000$/;
const INPUT_DATE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:Z|\+00:?00)$/;

export function isWireDate(value: string): boolean {
  return WIRE_DATE.test(value);
}

/** Reads `+0000`, `+00:00` and `Z` with any number of fraction digits; `undefined` for anything else. */
export function parseWireDate(value: string): string | undefined {
  const match = INPUT_DATE.exec(value);
  if (!match) return undefined;
  const fraction = (match[2] ?? '').slice(0, 3).padEnd(3, '0');
  return `${match[1]}.${fraction}+0000`;
}

/** True when `a` is later than `b`, compared by whole seconds as the original stores them (spec/semantics.md 2.2). */
export function isLaterSecond(a: string, b: string): boolean {
  return a.slice(0, 19) > b.slice(0, 19);
}
