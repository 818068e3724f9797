/** Ids one after another, 16 bytes each. */
export type PackedIds = Uint8Array;

export const ID_BYTES = 16;

export const packIds = (ids: readonly string[]): PackedIds => Buffer.from(ids.join(''), 'hex');

export const countIds = (packed: PackedIds): number => packed.length / ID_BYTES;

/** The ids from one place up to, not including, another, or the end. */
export function unpackIds(packed: PackedIds, from = 0, to = Number.POSITIVE_INFINITY): string[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const ids: string[] = [];
  for (let at = from; at < Math.min(to, countIds(packed)); at += 1) {
    ids.push(bytes.toString('hex', at * ID_BYTES, (at + 1) * ID_BYTES).toUpperCase());
  }
  return ids;
}
