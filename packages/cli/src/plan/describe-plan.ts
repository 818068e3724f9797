import type { PlanIssue, PlanObject } from '@longshore/contracts';
import { OUTCOMES, findObjectType, type Outcome } from '@longshore/domain';
import type { PlanReport } from './read-plan.ts';

/** A sign that does not depend on colour, and the word of the last sentence. */
const SIGNS: Readonly<Record<Outcome, { readonly sign: string; readonly verb: string }>> = {
  delete: { sign: '-', verb: 'to delete' },
  replace: { sign: '~', verb: 'to replace' },
  duplicate: { sign: '*', verb: 'to add as a copy' },
  move: { sign: '>', verb: 'to move' },
  create: { sign: '+', verb: 'to create' },
  update_contacts: { sign: '@', verb: 'to get other contacts' },
  update_translations: { sign: '@', verb: 'to get other translations' },
  keep: { sign: '=', verb: 'to stay' },
  skip: { sign: '.', verb: 'not there and not made' },
};

/** So many of the lists that are not about deletions are printed; the rest is counted. */
const MOST_LINES = 50;

/** What would be done, line by line: what blocks, deletions, the rest, and one sentence that sums it up. */
export function describePlan({ plan, objects, issues, target }: PlanReport): string[] {
  const { result } = plan;
  if (!result) return [];
  const blocking = issues.filter((issue) => issue.severity === 'blocking');
  const deletions = objects.filter((object) => object.outcome === 'delete');
  const others = objects.filter((object) => object.outcome !== 'delete');
  return [
    `Plan for ${target}, nothing is changed yet:`,
    ...(deletions.length === 0 ? [] : [`INCLUDES DELETIONS: ${deletions.length}`]),
    ...blocking.map((issue) => describeIssue('BLOCKED', issue)),
    ...deletions.map(describeObject),
    ...shortened(others.map(describeObject)),
    ...shortened(
      issues.filter((issue) => issue.severity === 'warning').map((issue) => describeIssue('warning', issue)),
    ),
    ...result.notes.map((note) => `note: ${note}`),
    ...(result.undo.possible ? [] : [`note: ${result.undo.reason ?? 'The import cannot be undone.'}`]),
    summaryOf(result.counts, blocking.length),
  ];
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= MOST_LINES) return [...lines];
  return [...lines.slice(0, MOST_LINES), `  … and ${lines.length - MOST_LINES} more (--json lists them all)`];
}

function describeIssue(word: string, { message }: PlanIssue): string {
  return `${word}: ${message}`;
}

function describeObject(object: PlanObject): string {
  const { sign } = SIGNS[object.outcome];
  const kind = findObjectType(object.type)?.name.toLowerCase() ?? `type ${object.type}`;
  const before = object.names.before;
  const renamed = before !== undefined && before !== object.name ? ` (now '${before}')` : '';
  const from = object.parents.before;
  const isMoved = from !== undefined && object.parents.after !== undefined && from.id !== object.parents.after.id;
  const moved = isMoved ? ` from ${from.path}` : '';
  const where = `${object.path}/${object.name}`;
  return `  ${sign} ${kind} ${where}${renamed}${moved} [${object.conflict}, ${object.action}] ${object.id}`;
}

function summaryOf(counts: Readonly<Record<Outcome, number>>, blocking: number): string {
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${counts[outcome]} ${SIGNS[outcome].verb}`,
  );
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const end = blocking === 0 ? '' : `; ${blocking === 1 ? '1 issue blocks' : `${blocking} issues block`} the import`;
  return `${total} ${total === 1 ? 'object' : 'objects'}: ${parts.join(', ') || 'nothing'}${end}.`;
}
