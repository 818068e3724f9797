import type { ConflictAction, EntryRole } from '@longshore/domain';
import type { RequestedEntry } from '../migration-jobs.ts';

/** Why and how an object comes along; of the many objects of a package few differ in it. */
export interface Choice {
  readonly role: EntryRole;
  readonly action: ConflictAction;
  /** Named by the caller, as against pulled in by a folder or a dependency. */
  readonly explicitIncluded: boolean;
  readonly includeDependents: boolean;
  /** Another folder on the target than the source's, when the caller asked for one. */
  readonly targetParentId?: string;
}

/** One object that a package will hold, and why. */
export interface SelectedEntry {
  readonly id: string;
  readonly choice: Choice;
}

/** A listed entry that the source does not have; only `delete` makes sense for it. */
export interface AbsentEntry {
  readonly requested: RequestedEntry;
  readonly action: 'delete';
}

/** Entries that are given at a time, and frozen with one question; as many as a piece of the content list has. */
export const SELECTION_BATCH = 500;

/** What a package will be made of. */
export interface PackageSelection {
  /** In the order of the package: folders stand before what is in them. */
  batches(): AsyncIterable<readonly SelectedEntry[]>;
  /** What the objects use, as far as it was read; absent where everything that can be is packed. */
  readonly references?: SelectedReferences;
  /**
   * Gives back what is kept for `batches` and `references`, of which nothing can be asked from then on. Of a million objects
   * that is more than a hundred MB, which would stay while the record is written.
   */
  release(): void;
  readonly absent: readonly AbsentEntry[];
  readonly leftOut: readonly LeftOut[];
  /** Of the entries by role; absent ones are content. */
  readonly counts: { readonly content: number; readonly dependents: number; readonly ancestors: number };
}

/** What the objects of a selection use. */
export interface SelectedReferences {
  /** Those of some objects; reads what was not read before. */
  of(ids: readonly string[]): Promise<ReferencesOfSome>;
}

/** What some objects of a selection use. */
export interface ReferencesOfSome {
  /** Ids of what they use and the package will not hold. */
  readonly outside: ReadonlySet<string>;
  /** For each of them the JSON text that stands in its header, with the names that are given by their ids. */
  texts(names: ReadonlyMap<string, string>): string[];
}

/** An object that was reached but does not come along, or a rule that names nothing; told as a warning. */
export interface LeftOut {
  readonly id: string;
  readonly type: number | null;
  readonly name: string;
  readonly why: 'unreadable' | 'unsupported' | 'missing' | 'ruleWithoutObject';
}

export function* inBatches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += SELECTION_BATCH) yield items.slice(at, at + SELECTION_BATCH);
}
