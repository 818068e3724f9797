import { createHash } from 'node:crypto';

/** Ids, version ids and dates of the sample are functions of names, so that every build gives the same bytes. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(`longshore/tutorial/${text}`).digest();
}

/** 32 upper-case hex digits derived from a text. */
export function stableId(text: string): string {
  return digestOf(text).toString('hex').slice(0, 32).toUpperCase();
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A wire date (second resolution, UTC) between the first day of `firstYear` and the 28th of December of `lastYear`. */
export function stableDate(text: string, firstYear: number, lastYear: number): string {
  const bytes = digestOf(`date/${text}`);
  const pick = (index: number, count: number): number => bytes.readUInt16BE(index * 2) % count;
  const day = `${firstYear + pick(0, lastYear - firstYear + 1)}-${two(1 + pick(1, 12))}-${two(1 + pick(2, 28))}`;
  return `${day}T${two(pick(3, 24))}:${two(pick(4, 60))}:${two(pick(5, 60))}.000+0000`;
}

/** The modeling API writes the dates of a definition with `Z` (spec/api.md 1.9). */
export function modelingDate(wireDate: string): string {
  return wireDate.replace('+0000', 'Z');
}
