/** Ids one after another, 16 bytes each. */
export type PackedIds = Uint8Array;

export const ID_BYTES = 16;
export const ID_DIGITS = 2 * ID_BYTES;

export const packIds = (ids: readonly string[]): PackedIds => Buffer.from(ids.join(''), 'hex');

export const countIds = (packed: PackedIds): number => packed.length / ID_BYTES;

/** All digits, one id after another. */
export const hexOf = ({ buffer, byteOffset, byteLength }: PackedIds): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex').toUpperCase();

/** The ids from one place up to, not including, another, or the end. */
export function unpackIds(packed: PackedIds, from = 0, to = Number.POSITIVE_INFINITY): string[] {
  const hex = hexOf(packed.subarray(from * ID_BYTES, Math.min(to, countIds(packed)) * ID_BYTES));
  const ids: string[] = [];
  for (let at = 0; at < hex.length; at += ID_DIGITS) ids.push(hex.slice(at, at + ID_DIGITS));
  return ids;
}
