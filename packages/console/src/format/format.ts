const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const SHORT_DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const NUMBER = new Intl.NumberFormat('en-GB');
const UNITS = ['B', 'KB', 'MB', 'GB'] as const;
const STEP = 1024;

/** A wire date in the reader's own time zone; empty when there is none. */
export function dateText(wire: string | undefined): string {
  const time = wire === undefined ? Number.NaN : Date.parse(wire);
  return Number.isNaN(time) ? '' : DATE.format(time);
}

/** For narrow columns: the time of day for this year, the year instead for others. */
export function shortDateText(wire: string, now: Date = new Date()): string {
  const date = new Date(wire);
  return date.getFullYear() === now.getFullYear() ? SHORT_DATE.format(date) : DAY.format(date);
}

export const countText = (count: number): string => NUMBER.format(count);

export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  let value = bytes;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  return `${value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${UNITS[unit] ?? ''}`;
}

/** A duration as people say it: `under a second`, `42 s`, `3 min 10 s`. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under a second';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
}
