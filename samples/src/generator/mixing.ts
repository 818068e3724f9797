/**
 * Numbers that follow from others. Everything about an object of a generated project is a function of the seed and the
 * object's index, so any object can name any other one without either being kept in memory.
 */

/** A bijection on 32 bits that leaves no pattern: different inputs stay different. */
export function scramble(value: number): number {
  let word = value | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/** 32 bits from three numbers. */
export function mix(seed: number, index: number, purpose: number): number {
  return scramble(scramble(seed ^ Math.imul(purpose, 0x9e3779b1)) ^ index);
}

const HEX: readonly string[] = Array.from({ length: 65_536 }, (_, value) =>
  value.toString(16).toUpperCase().padStart(4, '0'),
);

/** Eight upper-case hex digits. */
export function hex(word: number): string {
  return (HEX[word >>> 16] ?? '') + (HEX[word & 0xffff] ?? '');
}

/** A stream of numbers, started from one word. */
export interface NumberSource {
  /** The next 32 bits. */
  next(): number;
  /** The next whole number from 0 up to, not including, `count`. */
  below(count: number): number;
}

export function createNumberSource(start: number): NumberSource {
  let state = start | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return scramble(state);
  };
  return { next, below: (count) => Math.floor((next() / 4_294_967_296) * count) };
}
