import { packLines, type PackedLines } from '@longshore/package-file/chunk-lines';
import { BYTES_AT_ONCE } from '../body-bytes.ts';
import { contentPiece, type ContentPiece } from '../content-pieces.ts';
import type { ContentEntry } from '../migration-jobs.ts';
import { contentEntry, wholeParts, type Freeze } from './freeze-object.ts';
import type { SelectedEntry } from './package-selection.ts';
import type { PackageSource } from './package-source.repository.ts';

/** Objects whose rows are in memory at one time. */
const OBJECTS_AT_ONCE = 100;

/** Entries that follow one another in a package, with what the job knows of them and their rows do not tell. */
export interface Span {
  /** Number of the first one in the package, from 1. */
  readonly first: number;
  readonly entries: readonly SelectedEntry[];
  /** What each of them uses, as the JSON text that stands in its header. */
  readonly references: readonly string[];
}

/** What a package holds of a span. */
export interface FrozenSpan {
  /** How many of its first entries: the bodies of the others do not fit into memory beside theirs. */
  readonly count: number;
  readonly lines: readonly PackedLines[];
  /** What the record shows of them; null where it shows nothing. */
  readonly piece: ContentPiece | null;
}

/** How the objects of one package are frozen. */
export interface Freezing {
  readonly source: PackageSource;
  readonly freeze: Freeze;
  /** A merge takes everything, so that there is no list of what it takes. */
  readonly contentList: 'shown' | 'none';
}

/** Reads the objects of a span and makes what stands for them in the package; the same in each thread. */
export async function freezeSpan({ source, freeze, contentList }: Freezing, span: Span): Promise<FrozenSpan> {
  const lines: PackedLines[] = [];
  const shown: ContentEntry[] = [];
  let count = 0;
  for (let bytes = 0; count < span.entries.length && bytes <= BYTES_AT_ONCE;) {
    const entries = span.entries.slice(count, count + OBJECTS_AT_ONCE);
    const objects = await source.loadFittingObjects(entries.map(({ id }) => id));
    if (!objects) break;
    const parts = wholeParts(entries, objects, span.references.slice(count, count + OBJECTS_AT_ONCE));
    const packed = packLines(await freeze(parts), { first: span.first + count });
    if (contentList === 'shown') shown.push(...parts.filter(({ entry }) => isShown(entry)).map(contentEntry));
    lines.push(packed);
    bytes += packed.bytes.length;
    count += entries.length;
  }
  return { count, lines, piece: shown.length === 0 ? null : contentPiece(shown) };
}

/** Folders above what a package holds are no content of it. */
export const isShown = ({ choice }: SelectedEntry): boolean => choice.role !== 'ancestor';
