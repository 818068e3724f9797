import { isUser } from '../objects/types.ts';

/**
 * How the package's copy of an object relates to the one on the target (spec/semantics.md 2.1):
 * `NEW`  not on the target, `SAME` same id, version and parent folder, `PATH` same version in another folder,
 * `DS`   a user of the same version whose Distribution Services addresses or contacts differ, `DIFF` another version.
 */
export const CONFLICT_KINDS = ['NEW', 'SAME', 'PATH', 'DS', 'DIFF'] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

/** What of an object the comparison looks at. */
export interface ComparedObject {
  readonly type: number;
  readonly subtype: number;
  readonly version: string;
  readonly parentId: string | null;
  readonly contactsHash: string | null;
}

/**
 * The conflict between the incoming object and the one that has its id on the target (null: none has).
 * Modification time is never part of it, and neither is the body: equal versions mean equal content.
 * A user that differs in folder and contacts is `DS`, because updating the contacts also moves it.
 */
export function conflictKindOf(incoming: ComparedObject, existing: ComparedObject | null): ConflictKind {
  if (existing === null) return 'NEW';
  if (incoming.version !== existing.version) return 'DIFF';
  if (isUser(incoming) && incoming.contactsHash !== existing.contactsHash) return 'DS';
  return incoming.parentId === existing.parentId ? 'SAME' : 'PATH';
}
