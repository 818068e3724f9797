import { isLaterSecond } from '../objects/dates.ts';
import type { Outcome } from '../planner/plan-types.ts';
import type { ConflictAction } from './actions.ts';
import type { ConflictKind } from './conflict-kinds.ts';

/** What happens, and why, in one sentence that stands in plans and in docs/rules.md. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** A verdict that depends on whether the package's copy was modified later, by whole seconds, than the target's. */
export interface TimedVerdict {
  readonly whenIncomingIsLater: Verdict;
  readonly otherwise: Verdict;
}

export interface DecisionRow {
  /** What the action is for. */
  readonly summary: string;
  readonly cells: Readonly<Record<ConflictKind, Verdict | TimedVerdict>>;
}

const verdict = (outcome: Outcome, reason: string): Verdict => ({ outcome, reason });

const createMissing = verdict('create', 'The target does not have the object.');
const identical = verdict('keep', 'The target has the identical object.');
const keepExisting = verdict('keep', 'The rule keeps the object of the target.');
const sameVersion = verdict('keep', 'The versions are equal, so that there is nothing to choose.');
const moveToFolder = verdict('move', 'Only the folder differs.');
const contactsOnly = verdict('update_contacts', 'Only the Distribution Services addresses and contacts differ.');
const notLater = verdict('keep', 'The object of the package was not modified later than the one of the target.');
const forced = verdict('replace', 'The rule replaces the object whatever its version.');
const toDelete = verdict('delete', 'The rule deletes the object from the target.');

/**
 * The decision table (spec/semantics.md 2.2 with the decisions taken since). It is total: every action meets every
 * kind of conflict. `docs/rules.md` is rendered from it, so that nobody has to trust a second copy.
 */
export const DECISION_TABLE: Readonly<Record<ConflictAction, DecisionRow>> = {
  use_existing: {
    summary: 'Keep what the target has. An object that the target does not have is still created.',
    cells: { NEW: createMissing, SAME: identical, PATH: keepExisting, DS: keepExisting, DIFF: keepExisting },
  },
  replace: {
    summary: 'Take the object of the package wherever it differs, and put it into the folder it has in the source.',
    cells: {
      NEW: createMissing,
      SAME: identical,
      PATH: moveToFolder,
      DS: contactsOnly,
      DIFF: verdict('replace', 'The versions differ.'),
    },
  },
  keep_both: {
    summary: 'Keep what the target has, and add another version as a new object. Such an import cannot be undone.',
    cells: {
      NEW: createMissing,
      SAME: identical,
      PATH: sameVersion,
      DS: sameVersion,
      DIFF: verdict('duplicate', 'The versions differ; the object of the package becomes a new object.'),
    },
  },
  use_newer: {
    summary: 'Take the object of the package where it was modified later than the one of the target.',
    cells: {
      NEW: createMissing,
      SAME: identical,
      PATH: { whenIncomingIsLater: moveToFolder, otherwise: notLater },
      DS: { whenIncomingIsLater: contactsOnly, otherwise: notLater },
      DIFF: {
        whenIncomingIsLater: verdict('replace', 'The object of the package was modified later.'),
        otherwise: notLater,
      },
    },
  },
  use_older: {
    summary: 'Take the object of the package where it differs and was not modified later than the one of the target.',
    cells: {
      NEW: createMissing,
      SAME: identical,
      PATH: sameVersion,
      DS: sameVersion,
      DIFF: {
        whenIncomingIsLater: verdict('keep', 'The object of the package was modified later.'),
        otherwise: verdict('replace', 'The versions differ, and the object of the package was not modified later.'),
      },
    },
  },
  force_replace: {
    summary: 'Take the object of the package, even where the versions are equal.',
    cells: { NEW: createMissing, SAME: forced, PATH: forced, DS: forced, DIFF: forced },
  },
  delete: {
    summary: 'Delete the object from the target. The import fails if anything that stays still uses it.',
    cells: {
      NEW: verdict('skip', 'The rule is to delete, and the target does not have the object.'),
      SAME: toDelete,
      PATH: toDelete,
      DS: toDelete,
      DIFF: toDelete,
    },
  },
};

/** True for a rule that writes nothing of an object that the target has in the same version and the same folder. */
export function keepsIdentical(action: ConflictAction): boolean {
  const cell = DECISION_TABLE[action].cells.SAME;
  return 'outcome' in cell && cell.outcome === 'keep';
}

/** The times of a package's and a target's object as wire dates. */
export interface ComparedTimes {
  readonly incoming: string;
  readonly existing: string;
}

/** What the table says. The times matter only to `use_newer` and `use_older`; equal seconds are "not later". */
export function outcomeOf(action: ConflictAction, kind: ConflictKind, times: ComparedTimes): Verdict {
  const cell = DECISION_TABLE[action].cells[kind];
  if ('outcome' in cell) return cell;
  return isLaterSecond(times.incoming, times.existing) ? cell.whenIncomingIsLater : cell.otherwise;
}
