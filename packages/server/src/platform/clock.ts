/** Time comes in from outside, so that every test is exact. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A moment in the wire format `yyyy-MM-ddTHH:mm:ss.SSS+0000` (spec/api.md 1.9). */
export function wireDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}+0000`;
}

/** A moment in the wire format with second resolution, as the dates of metadata objects are kept. */
export function wireDateOfSecond(milliseconds: number): string {
  return wireDate(Math.floor(milliseconds / 1000) * 1000);
}
