import type { StoredHeader } from '../objects/dump-line.ts';

/** Takes away what the import made. */
export interface UndoDelete {
  readonly op: 'delete';
  readonly id: string;
  readonly type: number;
  readonly name: string;
  /** As the import wrote it. */
  readonly version: string;
  readonly bodyHash: string;
}

/** Brings back what was there before the import, byte for byte; the definition text is the line after the header. */
export interface UndoRestore {
  readonly op: 'restore';
  readonly header: StoredHeader;
  /** Of the body that is restored. */
  readonly bodyHash: string;
  /** The version that the import left, null when it deleted the object. */
  readonly writtenVersion: string | null;
}

/** The header line of one object in an undo package. */
export type UndoRecord = UndoDelete | UndoRestore;
