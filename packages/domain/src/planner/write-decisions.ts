import { isFolder } from '../objects/types.ts';
import type { ConflictKind } from '../rules/conflict-kinds.ts';
import type { AclResolver, ResolvedAclId } from './acl-resolver.ts';
import type {
  CreateDecision,
  DuplicateDecision,
  ExistingObject,
  IncomingObject,
  PlanContext,
  ReplaceDecision,
} from './plan-types.ts';
import type { PlanNotes } from './plan-notes.ts';

/** The part of a decision that is the same for every outcome. */
export function decisionBase(incoming: IncomingObject, conflict: ConflictKind, reason: string) {
  const { id, type, action, role } = incoming;
  return { id, type, action, conflict, role, reason };
}

export interface WriteTools {
  readonly context: PlanContext;
  readonly acls: AclResolver;
  readonly notes: PlanNotes;
}

/** The package's owner where the target has it, else the importing user (spec/semantics.md 2.3). */
function ownerOfNew(incoming: IncomingObject, { context, notes }: WriteTools): string {
  if (context.principalExists(incoming.ownerId)) return incoming.ownerId;
  notes.missingOwner(incoming.ownerId, incoming);
  return context.importerId;
}

/** Follows the ACL setting: only `replace` takes the package's owner, and only if the target has it. */
function ownerOfReplaced(incoming: IncomingObject, existing: ExistingObject, { context, notes }: WriteTools): string {
  if (context.settings.aclOnReplacingObjects !== 'replace' || incoming.ownerId === existing.ownerId) {
    return existing.ownerId;
  }
  if (context.principalExists(incoming.ownerId)) return incoming.ownerId;
  notes.missingOwner(incoming.ownerId, incoming);
  return existing.ownerId;
}

const replacedAcl = (incoming: IncomingObject, existing: ExistingObject, { acls }: WriteTools): ResolvedAclId =>
  acls.forReplaced({ existingAclId: existing.aclId, incomingAclId: incoming.aclId, isFolder: isFolder(incoming) });

function useAcl({ aclId, droppedTrustees }: ResolvedAclId, incoming: IncomingObject, { notes }: WriteTools): string {
  for (const trusteeId of droppedTrustees) notes.missingTrustee(trusteeId, incoming);
  return aclId;
}

/**
 * Version and time that a written object gets: the source's, which is what makes a second import find it identical.
 * A folder that holds something never has them, because what it holds is put into it after it was copied.
 */
function stampOf(incoming: IncomingObject, { context }: WriteTools): { version: string; dateModified: string } {
  if (isFolder(incoming) && (incoming.hasContents || incoming.role === 'ancestor')) {
    return { version: context.deriveId(`folder-version:${incoming.id}`), dateModified: context.now };
  }
  return { version: incoming.version, dateModified: incoming.dateModified };
}

export function createDecision(incoming: IncomingObject, reason: string, tools: WriteTools): CreateDecision {
  const ownerId = ownerOfNew(incoming, tools);
  const { parentId, aclId: incomingAclId } = incoming;
  const acl = tools.acls.forNew({ incomingAclId, parentId, isFolder: isFolder(incoming), ownerId });
  return {
    outcome: 'create',
    ...decisionBase(incoming, 'NEW', reason),
    name: incoming.name,
    parentId,
    ownerId,
    aclId: useAcl(acl, incoming, tools),
    ...stampOf(incoming, tools),
    dateCreated: incoming.dateCreated,
  };
}

export interface Meeting {
  readonly incoming: IncomingObject;
  readonly existing: ExistingObject;
  readonly conflict: ConflictKind;
}

export function replaceDecision(meeting: Meeting, reason: string, tools: WriteTools): ReplaceDecision {
  const { incoming, existing, conflict } = meeting;
  return {
    outcome: 'replace',
    ...decisionBase(incoming, conflict, reason),
    name: incoming.name,
    parentId: incoming.parentId,
    ownerId: ownerOfReplaced(incoming, existing, tools),
    aclId: useAcl(replacedAcl(incoming, existing, tools), incoming, tools),
    ...stampOf(incoming, tools),
    dateCreated: existing.dateCreated,
    moved: incoming.parentId !== existing.parentId,
  };
}

export function duplicateDecision(meeting: Meeting, reason: string, tools: WriteTools): DuplicateDecision {
  const { incoming, conflict } = meeting;
  const { context } = tools;
  const ownerId = ownerOfNew(incoming, tools);
  const { parentId, aclId: incomingAclId } = incoming;
  const acl = tools.acls.forNew({ incomingAclId, parentId, isFolder: isFolder(incoming), ownerId });
  return {
    outcome: 'duplicate',
    ...decisionBase(incoming, conflict, reason),
    newId: context.deriveId(`duplicate-id:${incoming.id}`),
    newVersion: context.deriveId(`duplicate-version:${incoming.id}`),
    name: incoming.name,
    parentId,
    ownerId,
    aclId: useAcl(acl, incoming, tools),
    date: context.now,
  };
}

const hasSameProperties = (incoming: IncomingObject, existing: ExistingObject): boolean =>
  incoming.name === existing.name &&
  incoming.parentId === existing.parentId &&
  incoming.description === existing.description &&
  incoming.abbreviation === existing.abbreviation &&
  incoming.hidden === existing.hidden &&
  incoming.bodyHash === existing.bodyHash;

/** True when replacing would leave owner and ACL as they are, or creating would have given the folder the ACL it has. */
function hasSettledAccess(incoming: IncomingObject, existing: ExistingObject, tools: WriteTools): boolean {
  const { context, acls } = tools;
  const takesOwner = context.settings.aclOnReplacingObjects === 'replace' && context.principalExists(incoming.ownerId);
  if (takesOwner && incoming.ownerId !== existing.ownerId) return false;
  if (replacedAcl(incoming, existing, tools).aclId === existing.aclId) return true;
  // Without this a folder that an import created with an inherited list would get the package's list by importing again.
  const { parentId, ownerId } = existing;
  const asNew = acls.forNew({ incomingAclId: incoming.aclId, parentId, isFolder: true, ownerId });
  return asNew.aclId === existing.aclId;
}

/**
 * True for a folder of which only version and time differ. They always do once it holds something, so that comparing
 * versions alone would write every folder again on every import. Where a copy would be made (`duplicate`), access
 * does not matter: a second, empty folder is never wanted.
 */
export function isSettledFolder(meeting: Meeting, outcome: 'replace' | 'duplicate', tools: WriteTools): boolean {
  const { incoming, existing, conflict } = meeting;
  if (!isFolder(incoming) || conflict !== 'DIFF' || incoming.action === 'force_replace') return false;
  if (!hasSameProperties(incoming, existing)) return false;
  return outcome === 'duplicate' || hasSettledAccess(incoming, existing, tools);
}
