import type { StoredHeader } from '../objects/dump-line.ts';
import { compareIssues } from '../planner/issues.ts';
import type { Issue, MissingRef, ObjRef, Warning } from '../planner/issues.ts';
import type { Decision } from '../planner/plan-types.ts';

/** Takes away what the import made. */
export interface UndoDelete {
  readonly op: 'delete';
  readonly id: string;
  readonly type: number;
  readonly name: string;
  /** As the import wrote it. */
  readonly version: string;
  readonly bodyHash: string;
  /** Objects that needed this one, or lay in it, before the import, when it was not there. The undo leaves them as they were. */
  readonly danglingFrom?: readonly string[];
}

/** Brings back what was there before the import, byte for byte; the definition text is the line after the header. */
export interface UndoRestore {
  readonly op: 'restore';
  readonly header: StoredHeader;
  /** Of the body that is restored. */
  readonly bodyHash: string;
  /** The version that the import left, null when it deleted the object. */
  readonly writtenVersion: string | null;
  /** What the object needed, or lay in, before the import although it was not there. The undo does not ask for it. */
  readonly danglingTo?: readonly string[];
  /**
   * Others that had the type, folder and name of the object before the import, which leaves them alone; each stands with one
   * object only. The undo lets them share it again.
   */
  readonly namesakes?: readonly string[];
}

/** The header line of one object in an undo package. */
export type UndoRecord = UndoDelete | UndoRestore;

/** An object as it is on the target before the import writes it. */
export interface BeforeImage {
  readonly header: StoredHeader;
  readonly bodyHash: string;
}

const MISSING_BEFORE = 'There is no image of the object before a decision that changes it. This is a defect.';

/**
 * What takes a decision back, null where nothing was written. `before` is the object on the target (null: it is not
 * there); `writtenBodyHash` is the hash of the body that the import wrote, which only new objects need.
 * Apply the renames of `resolveNameClashes` to the decision first, so that the record has the name that was written.
 */
export function undoOfDecision(
  decision: Decision,
  before: BeforeImage | null,
  writtenBodyHash: string,
): UndoRecord | null {
  const { id, type } = decision;
  switch (decision.outcome) {
    case 'create':
      return { op: 'delete', id, type, name: decision.name, version: decision.version, bodyHash: writtenBodyHash };
    case 'duplicate':
      return {
        op: 'delete',
        id: decision.newId,
        type,
        name: decision.name,
        version: decision.newVersion,
        bodyHash: writtenBodyHash,
      };
    case 'replace':
      return restoreOf(before, decision.version);
    case 'move':
    case 'update_contacts':
    case 'update_translations':
      return restoreOf(before, before?.header.version ?? null);
    case 'delete':
      return restoreOf(before, null);
    case 'keep':
    case 'skip':
      return null;
  }
  return decision satisfies never;
}

function restoreOf(before: BeforeImage | null, writtenVersion: string | null): UndoRestore {
  if (before === null) throw new Error(MISSING_BEFORE);
  return { op: 'restore', header: before.header, bodyHash: before.bodyHash, writtenVersion };
}

/** The object that an undo record is about, as it is on the target now. */
export interface CurrentImage {
  readonly version: string;
  readonly bodyHash: string;
}

type Drift = Pick<Extract<Warning, { type: 'changed-since-import' }>, 'change' | 'undo'>;

function driftOfDelete(record: UndoDelete, current: CurrentImage | null): Drift | null {
  if (current === null) return { change: 'deleted', undo: 'nothing' };
  const isAsWritten = current.version === record.version && current.bodyHash === record.bodyHash;
  return isAsWritten ? null : { change: 'edited', undo: 'deletes' };
}

function driftOfRestore(record: UndoRestore, current: CurrentImage | null): Drift | null {
  if (record.writtenVersion === null) return current === null ? null : { change: 'recreated', undo: 'restores' };
  if (current === null) return { change: 'deleted', undo: 'restores' };
  return current.version === record.writtenVersion ? null : { change: 'edited', undo: 'restores' };
}

/**
 * What happened to the object after the import, null if nothing did. It does not stop the undo, which is exact and
 * overwrites it; the warning lists it (spec/semantics.md 4).
 */
export function driftOf(record: UndoRecord, current: CurrentImage | null): Warning | null {
  const { id, type, name } = record.op === 'delete' ? record : record.header;
  const drift = record.op === 'delete' ? driftOfDelete(record, current) : driftOfRestore(record, current);
  return drift && { type: 'changed-since-import', severity: 'warning', object: { id, type, name }, ...drift };
}

/** What stands in the way of an undo, found by SQL over the target as it would be afterwards. */
export interface UndoFacts {
  /** `created` by the import and to be deleted; `user` stays and needs it. */
  readonly createdInUse: readonly { readonly created: ObjRef; readonly user: ObjRef }[];
  /** Folders made by the import that hold something which stays; the undo leaves them (and the folders above them). */
  readonly keptFolders: readonly ObjRef[];
  /** Restored objects, and what they need and would not find, though they did before the import. */
  readonly missingNeeds: readonly { readonly object: ObjRef; readonly missing: MissingRef }[];
  /** Restored objects whose folder would not be there. */
  readonly missingFolders: readonly { readonly object: ObjRef; readonly parentId: string }[];
  /** Folders that would lie in themselves: restored into `holder`, which has been moved below them. */
  readonly folderCircles: readonly { readonly folder: ObjRef; readonly holder: ObjRef }[];
  /** Restored objects, and others that have their name and type in that folder now (null: objects that lie in none). */
  readonly takenNames: readonly { readonly object: ObjRef; readonly holder: ObjRef; readonly folder: ObjRef | null }[];
}

/** The facts as issues, in their fixed order: folders that are not empty stay, everything else stops the undo. */
export function checkUndo(facts: UndoFacts): Issue[] {
  const issues: Issue[] = [
    ...facts.createdInUse.map(
      ({ created, user }) => ({ type: 'created-object-in-use', severity: 'blocking', object: created, user }) as const,
    ),
    ...facts.missingNeeds.map((fact) => ({ type: 'restored-need-missing', severity: 'blocking', ...fact }) as const),
    ...facts.missingFolders.map(
      (fact) => ({ type: 'restored-folder-missing', severity: 'blocking', ...fact }) as const,
    ),
    ...facts.folderCircles.map(
      ({ folder, holder }) =>
        ({ type: 'restored-folder-cycle', severity: 'blocking', object: folder, holder }) as const,
    ),
    ...facts.takenNames.map((fact) => ({ type: 'restored-name-taken', severity: 'blocking', ...fact }) as const),
    ...facts.keptFolders.map((object) => ({ type: 'created-folder-kept', severity: 'warning', object }) as const),
  ];
  return issues.toSorted(compareIssues);
}
