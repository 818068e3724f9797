import type { ConflictAction, EntryRole } from '@longshore/domain';
import type { RequestedEntry } from '../migration-jobs.ts';
import type { SourceHeader } from './package-source.repository.ts';

/** One object that a package will hold, and why. */
export interface SelectedEntry {
  readonly header: SourceHeader;
  readonly role: EntryRole;
  readonly action: ConflictAction;
  /** Named by the caller, as against pulled in by a folder or a dependency. */
  readonly explicitIncluded: boolean;
  readonly includeDependents: boolean;
  /** Another folder on the target than the source's, when the caller asked for one. */
  readonly targetParentId?: string;
}

/** A listed entry that the source does not have; only `delete` makes sense for it. */
export interface AbsentEntry {
  readonly requested: RequestedEntry;
  readonly action: 'delete';
}

/** What a package will be made of. Folders stand before what is in them. */
export interface PackageSelection {
  readonly entries: readonly SelectedEntry[];
  readonly absent: readonly AbsentEntry[];
  readonly leftOut: readonly LeftOut[];
}

/** An object that was reached but does not come along; told as a warning. */
export interface LeftOut {
  readonly id: string;
  readonly type: number | null;
  readonly name: string;
  readonly why: 'unreadable' | 'unsupported' | 'missing';
}
