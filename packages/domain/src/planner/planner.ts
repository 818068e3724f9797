import { isPredefinedFolder } from '../objects/predefined-folders.ts';
import { isFolder, isSystemObject, USER_TYPE } from '../objects/types.ts';
import { conflictKindOf } from '../rules/conflict-kinds.ts';
import { outcomeOf } from '../rules/decision-table.ts';
import type { Verdict } from '../rules/decision-table.ts';
import { createAclResolver } from './acl-resolver.ts';
import type { BlockingIssue, ObjRef, Warning } from './issues.ts';
import { decidingOrder } from './order-rows.ts';
import { createPlanNotes } from './plan-notes.ts';
import type { Decision, ExistingObject, IncomingObject, Outcome, PlanContext, PlanRow } from './plan-types.ts';
import {
  createDecision,
  decisionBase,
  duplicateDecision,
  isSettledFolder,
  replaceDecision,
} from './write-decisions.ts';
import type { Meeting, WriteTools } from './write-decisions.ts';

/**
 * Decides what an import does, chunk by chunk. Feed the folders first, top-down (within a chunk any order will do),
 * then the deletes, then the rest: objects that are created inherit from folders as the plan leaves them.
 */
export interface Planner {
  /** One decision per row, in the order of the rows. */
  decide(rows: readonly PlanRow[]): Decision[];
  /** What stops the import, of all rows so far. Add `checkPostImage`, `resolveNameClashes` and `checkLoginNames`. */
  issues(): BlockingIssue[];
  /** Left-out ACL entries and owners, of all rows so far. */
  warnings(): Warning[];
  counts(): Record<Outcome, number>;
  /** Entries with the action `keep_both`, ancestors not counted. Any of them means: no undo package. */
  undoSuppressedBy(): number;
  /**
   * Key of the list that objects created in the folder would inherit from, as far as the plan has come; null when nothing
   * is known of it. Of what the book holds, the next rows ask for the lists that they name, those of their folders as told
   * here, and what was put into it since `forgetAcls`.
   */
  folderAcl(folderId: string): string | null;
  /** To be called before lists are taken out of the book: those of folders are worked out again. */
  forgetAcls(): void;
}

const toRef = ({ id, type, name }: ObjRef): ObjRef => ({ id, type, name });

/** Users and groups share a type, but one never takes the place of the other. */
const isOtherKind = (incoming: IncomingObject, existing: ExistingObject): boolean =>
  incoming.type !== existing.type ||
  (incoming.type === USER_TYPE && !incoming.absent && incoming.subtype !== existing.subtype);

/** A predefined folder stays where it is and keeps its name: the root, for one, is named after its own project. */
const pinned = (incoming: IncomingObject, existing: ExistingObject): IncomingObject =>
  isFolder(incoming) && isPredefinedFolder(incoming.id)
    ? { ...incoming, name: existing.name, parentId: existing.parentId }
    : incoming;

const TEXTS_DIFFER = 'The versions are equal, but the texts in other languages are not.';

/** An object that nothing would be written of, but its folder at most, gets other texts if it is to have them. */
function decideTexts({ incoming, existing, conflict }: Meeting, { outcome }: Verdict): Decision | null {
  if (!incoming.changesTexts || (outcome !== 'move' && outcome !== 'keep')) return null;
  const { parentId } = outcome === 'move' ? incoming : existing;
  const base = decisionBase(incoming, conflict, TEXTS_DIFFER);
  return { outcome: 'update_translations', ...base, name: existing.name, parentId };
}

/** Carries out a verdict of the decision table for an object that is on the target. */
function decideMeeting(meeting: Meeting, verdict: Verdict, tools: WriteTools): Decision {
  const { incoming, existing, conflict } = meeting;
  const base = decisionBase(incoming, conflict, verdict.reason);
  const { outcome, reason } = verdict;
  if ((outcome === 'replace' || outcome === 'duplicate') && isSettledFolder(meeting, outcome, tools)) {
    return { outcome: 'keep', ...base, reason: 'The folder itself is the same; only what it holds makes it differ.' };
  }
  switch (outcome) {
    case 'replace':
      return replaceDecision(meeting, reason, tools);
    case 'duplicate':
      return duplicateDecision(meeting, reason, tools);
    case 'move':
    case 'update_contacts':
      return { outcome, ...base, name: existing.name, parentId: incoming.parentId };
    case 'delete':
      return { outcome, ...base };
    case 'keep':
    case 'create':
    case 'update_translations':
    case 'skip':
      return { outcome: 'keep', ...base };
  }
  return outcome satisfies never;
}

const ancestorKind = (incoming: IncomingObject): 'folder' | 'system' => (isFolder(incoming) ? 'folder' : 'system');

const LACKING = { folder: 'The target lacks this parent folder.', system: 'The target lacks this system object.' };
const THERE = {
  folder: 'The folder is there, and is used where it is.',
  system: 'The target has this system object by itself.',
};

function decideMissing(incoming: IncomingObject, tools: WriteTools): Decision {
  if (incoming.role === 'ancestor') return createDecision(incoming, LACKING[ancestorKind(incoming)], tools);
  const times = { incoming: incoming.dateModified, existing: '' };
  const verdict = outcomeOf(incoming.action, 'NEW', times);
  if (verdict.outcome === 'create' && !incoming.absent) return createDecision(incoming, verdict.reason, tools);
  return { outcome: 'skip', ...decisionBase(incoming, 'NEW', verdict.reason) };
}

function decidePresent(incoming: IncomingObject, existing: ExistingObject, tools: WriteTools): Decision {
  const { notes, context } = tools;
  const keep = (reason: string, conflict = conflictKindOf(incoming, existing)): Decision => ({
    outcome: 'keep',
    ...decisionBase(incoming, conflict, reason),
  });
  if (isOtherKind(incoming, existing)) {
    notes.block({ type: 'type-mismatch', severity: 'blocking', object: toRef(incoming), existing: toRef(existing) });
    return keep('The id belongs to an object of another type.', 'DIFF');
  }
  if (incoming.role === 'ancestor') return keep(THERE[ancestorKind(incoming)], 'SAME');
  if (incoming.action === 'delete' && (isSystemObject(existing) || existing.id === context.importerId)) {
    notes.block({ type: 'protected-object', severity: 'blocking', object: toRef(existing) });
    return keep('The object is never deleted.');
  }
  if (incoming.absent && incoming.action !== 'delete') return keep('The package holds nothing to import.');
  const conflict = conflictKindOf(incoming, existing);
  const times = { incoming: incoming.dateModified, existing: existing.dateModified };
  const meeting: Meeting = { incoming, existing, conflict };
  const verdict = outcomeOf(incoming.action, conflict, times);
  return decideTexts(meeting, verdict) ?? decideMeeting(meeting, verdict, tools);
}

/** Starts a plan. It is synchronous, total and deterministic: the same rows in any order give the same decisions. */
export function createPlanner(context: PlanContext): Planner {
  const acls = createAclResolver(context);
  const notes = createPlanNotes();
  const tools: WriteTools = { context, acls, notes };
  let keepBothEntries = 0;

  const decideRow = ({ incoming, existing }: PlanRow): Decision => {
    if (incoming.action === 'keep_both' && incoming.role !== 'ancestor') keepBothEntries += 1;
    const decision =
      existing === null ? decideMissing(incoming, tools) : decidePresent(pinned(incoming, existing), existing, tools);
    notes.count(decision.outcome);
    if (isFolder(incoming)) {
      if (decision.outcome === 'create' || decision.outcome === 'replace')
        acls.setFolderAcl(incoming.id, decision.aclId);
      else if (existing !== null) acls.setFolderAcl(incoming.id, existing.aclId);
    }
    return decision;
  };

  return {
    decide(rows) {
      const decisions = new Map<number, Decision>();
      for (const position of decidingOrder(rows)) {
        const row = rows[position];
        if (row !== undefined) decisions.set(position, decideRow(row));
      }
      return rows.flatMap((_, position) => decisions.get(position) ?? []);
    },
    issues: () => notes.issues(),
    warnings: () => notes.warnings(),
    counts: () => notes.counts(),
    undoSuppressedBy: () => keepBothEntries,
    folderAcl: (folderId) => acls.folderAcl(folderId),
    forgetAcls: () => acls.forget(),
  };
}
