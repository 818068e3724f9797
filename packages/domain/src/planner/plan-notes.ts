import { compareIssues } from './issues.ts';
import type { BlockingIssue, ObjRef, Warning } from './issues.ts';
import { OUTCOMES } from './plan-types.ts';
import type { IncomingObject, Outcome } from './plan-types.ts';

/** What a plan has to say besides its decisions. Warnings about people are counted per person, not per object. */
export interface PlanNotes {
  count(outcome: Outcome): void;
  block(issue: BlockingIssue): void;
  missingTrustee(trusteeId: string, object: IncomingObject): void;
  missingOwner(ownerId: string, object: IncomingObject): void;
  counts(): Record<Outcome, number>;
  issues(): BlockingIssue[];
  warnings(): Warning[];
}

interface Tally {
  /** The first object by type and id, so that the order of rows does not show. */
  object: ObjRef;
  objectCount: number;
}

const isBefore = (a: ObjRef, b: ObjRef): boolean => a.type < b.type || (a.type === b.type && a.id < b.id);

function tally(tallies: Map<string, Tally>, key: string, { id, type, name }: IncomingObject): void {
  const object = { id, type, name };
  const known = tallies.get(key);
  if (known === undefined) {
    tallies.set(key, { object, objectCount: 1 });
    return;
  }
  known.objectCount += 1;
  if (isBefore(object, known.object)) known.object = object;
}

export function createPlanNotes(): PlanNotes {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const issues: BlockingIssue[] = [];
  const trustees = new Map<string, Tally>();
  const owners = new Map<string, Tally>();
  return {
    count(outcome) {
      counts[outcome] += 1;
    },
    block(issue) {
      issues.push(issue);
    },
    missingTrustee(trusteeId, object) {
      tally(trustees, trusteeId, object);
    },
    missingOwner(ownerId, object) {
      tally(owners, ownerId, object);
    },
    counts: () => ({ ...counts }),
    issues: () => issues.toSorted(compareIssues),
    warnings() {
      const found: Warning[] = [];
      for (const [trusteeId, rest] of trustees) {
        found.push({ type: 'missing-trustee', severity: 'warning', trusteeId, ...rest });
      }
      for (const [ownerId, rest] of owners)
        found.push({ type: 'missing-owner', severity: 'warning', ownerId, ...rest });
      return found.toSorted(compareIssues);
    },
  };
}
