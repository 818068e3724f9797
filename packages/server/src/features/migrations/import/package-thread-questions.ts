import type { MovedLines } from '@longshore/package-file/chunk-lines';
import { SideThread } from '../../../platform/jobs/side-thread.ts';
import type { EntryRules } from './check-entries.ts';
import type { EntryFacts } from './entry-facts.ts';
import type { NeededObjects } from './needed-objects.ts';

/** What the thread beside an import is asked for. */
export type PackageQuestion =
  /** Nothing; answered as soon as the thread can work. */
  | { readonly kind: 'hello' }
  /** To check the entries of a chunk. */
  | { readonly kind: 'check'; readonly lines: MovedLines; readonly rules: EntryRules }
  | StagingQuestion;

/** To stage references in a scratch database, part by part, and that there are no more. */
export type StagingQuestion =
  | { readonly kind: 'open'; readonly file: string }
  | { readonly kind: 'stage'; readonly needed: NeededObjects }
  | { readonly kind: 'finish' };

/** A chunk that was checked comes back with what is known of its entries. */
export type PackageAnswer = 'done' | { readonly lines: MovedLines; readonly facts: EntryFacts };

export type PackageThread = SideThread<PackageQuestion, PackageAnswer>;

/** Bytes of a package from which on a thread saves more than it costs: 0.15 s of CPU, 25 MB. */
const BESIDE_FROM_BYTES = 8 * 1024 * 1024;

/** The thread for a package of so many bytes; null where it would cost more than it saves. */
export const packageThreadFor = (packageBytes: number): PackageThread | null =>
  packageBytes < BESIDE_FROM_BYTES ? null : startPackageThread();

/** To be closed by whoever starts it. */
export const startPackageThread = (): PackageThread =>
  new SideThread(new URL('./package-thread.ts', import.meta.url), null);
