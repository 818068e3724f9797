import type { JournalChange, JournalObjects } from '@longshore/contracts';
import type { Count, Tone } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

const t = texts.journal;

/** In the order in which they are shown: what takes away comes first. */
const CHANGES: readonly JournalChange[] = ['delete', 'update', 'move', 'create'];

export const CHANGE_TONES: Readonly<Record<JournalChange, Tone>> = {
  delete: 'bad',
  update: 'warn',
  move: 'info',
  create: 'good',
};

/** What happened to an object, in the word that fits what was done: an import replaces, an undo brings back. */
export const changeText = (kind: string, change: JournalChange): string =>
  (t.changesOf[kind] ?? t.changes)[change] ?? change;

/** The changes that there are objects of. Their counts add up to the number of objects, which the page shows. */
export const changeCounts = (kind: string, counts: JournalObjects['counts']): readonly Count<JournalChange>[] =>
  CHANGES.filter((change) => counts[change] > 0).map((change) => ({
    id: change,
    label: changeText(kind, change),
    sign: t.signs[change],
    tone: CHANGE_TONES[change],
    count: counts[change],
  }));

/** How many objects of an import stayed as they were; null where the entry does not say. */
export function untouchedOf({ counts }: Readonly<Record<string, unknown>>): number | null {
  if (typeof counts !== 'object' || counts === null) return null;
  const { keep = 0, skip = 0 } = counts as { readonly keep?: unknown; readonly skip?: unknown };
  return Number(keep) + Number(skip);
}

/** The hex of a version is long; its beginning tells two apart. */
const SHORT = 8;

/** The version before and after; what was not there, or is no longer, is said in words. */
export const versionText = (version: string | undefined): string => version?.slice(0, SHORT) ?? t.noVersion;
