/** Wire dates (spec/api.md 1.9): `yyyy-MM-ddTHH:mm:ss.SSS+0000`. As text they sort by time. */

const WIRE_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000$/;
const INPUT_DATE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:Z|\+00:?00)$/;

export function isWireDate(value: string): boolean {
  return WIRE_DATE.test(value);
}

/** Reads `+0000`, `+00:00` and `Z` with any number of fraction digits; `undefined` for anything else, a day that does not exist included. */
export function parseWireDate(value: string): string | undefined {
  const match = INPUT_DATE.exec(value);
  if (!match) return undefined;
  const fraction = (match[2] ?? '').slice(0, 3).padEnd(3, '0');
  return isMoment(match[1] ?? '') ? `${match[1]}.${fraction}+0000` : undefined;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `yyyy-MM-ddTHH:mm:ss` is a moment that exists. */
function isMoment(text: string): boolean {
  const [date = '', time = ''] = text.split('T');
  const [hour = 24, minute = 60, second = 60] = time.split(':').map(Number);
  return isDay(date) && hour < 24 && minute < 60 && second < 60;
}

/** The 29th of February is a day of leap years alone. */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

/** True when `a` is later than `b`, compared by whole seconds as the original stores them (spec/semantics.md 2.2). */
export function isLaterSecond(a: string, b: string): boolean {
  return a.slice(0, 19) > b.slice(0, 19);
}
