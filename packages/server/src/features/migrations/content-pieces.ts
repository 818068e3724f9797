import type { ContentEntry } from './migration-jobs.ts';

/**
 * A list of `ContentEntry` as UTF-8 pieces of its JSON text. A list of 100,000 entries has 40 MB: as bytes, it is outside
 * of the heap and crosses threads without a copy, and it is stored as it is.
 */
export type ContentPieces = readonly Uint8Array<ArrayBuffer>[];

/** One piece: whole entries, at least one. The piece has its memory for itself, so that it can be handed over. */
export function contentPiece(entries: readonly ContentEntry[]): Uint8Array<ArrayBuffer> {
  const text = entries.map((entry) => JSON.stringify(entry)).join();
  const bytes = new Uint8Array(Buffer.byteLength(text));
  new TextEncoder().encodeInto(text, bytes);
  return bytes;
}

/** The whole list as UTF-8, in further pieces. */
export function contentBytes(pieces: ContentPieces): Uint8Array[] {
  return [
    Buffer.from('['),
    ...pieces.flatMap((piece, at) => (at === 0 ? [piece] : [Buffer.from(','), piece])),
    Buffer.from(']'),
  ];
}

/** JSON text of the whole list. */
export const contentText = (pieces: ContentPieces): string => Buffer.concat(contentBytes(pieces)).toString();
