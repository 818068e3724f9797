import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ContentEntry } from './migration-jobs.ts';

/**
 * A list of `ContentEntry` in compressed pieces. A list of 100,000 entries has 40 MB as text and 6 MB like this: in pieces
 * it crosses threads without a copy, is stored as it is, and is sent to clients without ever being in memory whole.
 */
export type ContentPieces = readonly ContentPiece[];

/** Some entries that follow one another. */
export type ContentPiece = Uint8Array<ArrayBuffer>;

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const ENTRIES_IN_A_PIECE = 500;

/** Makes a list of entries that come a few at a time. */
export class ContentPieceWriter {
  readonly #pieces: ContentPiece[] = [];
  #waiting: ContentEntry[] = [];

  add(entries: readonly ContentEntry[]): void {
    for (const entry of entries) {
      this.#waiting.push(entry);
      if (this.#waiting.length >= ENTRIES_IN_A_PIECE) this.#close();
    }
  }

  /** Adds entries that are a piece already. */
  addPiece(piece: ContentPiece): void {
    if (this.#waiting.length > 0) this.#close();
    this.#pieces.push(piece);
  }

  /** All that were added. */
  finish(): ContentPieces {
    if (this.#waiting.length > 0) this.#close();
    return this.#pieces;
  }

  #close(): void {
    this.#pieces.push(contentPiece(this.#waiting));
    this.#waiting = [];
  }
}

/** One piece: whole entries, at least one. The piece has its memory for itself, so that it can be handed over. */
export function contentPiece(entries: readonly ContentEntry[]): ContentPiece {
  return Uint8Array.from(zstdCompressSync(entries.map((entry) => JSON.stringify(entry)).join(), LEVEL));
}

/** The entries of a piece as JSON texts with commas between them. */
export const pieceText = (piece: Uint8Array): string => zstdDecompressSync(piece).toString();

/** JSON text of the whole list. */
export const contentText = (pieces: ContentPieces): string => `[${pieces.map(pieceText).join()}]`;
