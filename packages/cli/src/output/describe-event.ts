import { ApiError } from '@longshore/client';
import { EXIT, StepError, exitCodeOf } from '../exit-codes.ts';
import { describePlan } from '../plan/describe-plan.ts';
import type { CliEvent, StateEvent, Work } from './events.ts';
import { bytesText, describeResult } from './results.ts';

export const PHASE_TITLES: Readonly<Record<Work, string>> = {
  create: 'Creating package',
  import: 'Importing',
  undo: 'Undoing',
  plan: 'Planning',
  validate: 'Validating',
};

/** The lines that stand for an event; progress has none of its own. */
export function describeEvent(event: CliEvent): string[] {
  switch (event.kind) {
    case 'connected':
      return [`${event.side} ${event.url}: logged in as ${event.user}`];
    case 'state':
      return [describeState(event)];
    case 'warning':
      return [`warning: ${event.message}`];
    case 'plan':
      return describePlan(event.report);
    case 'result':
      return describeResult(event.result);
    case 'failure':
      return describeFailure(event.error);
    case 'progress':
      return [`${PHASE_TITLES[event.phase]}: ${Math.round(event.percent)} %`];
    case 'bytes':
      return [`${event.label}: ${bytesOf(event.done, event.total)}`];
    default:
      return event satisfies never;
  }
}

function describeState({ side, phase, migrationId, status, detail }: StateEvent): string {
  const what = phase === 'create' ? 'package' : phase;
  return `${side} ${migrationId} ${what}: ${status}${detail === undefined ? '' : ` (${detail})`}`;
}

export function bytesOf(done: number, total: number | null): string {
  return total === null ? bytesText(done) : `${bytesText(done)} of ${bytesText(total)}`;
}

export function describeFailure(error: unknown): string[] {
  const cause = error instanceof StepError ? error.cause : error;
  const lines = [`error: ${messageOf(error)}`];
  if (cause instanceof ApiError) {
    for (const { message } of cause.subErrors.slice(0, 20)) lines.push(`  ${message}`);
    if (cause.ticketId !== '') lines.push(`  (${cause.status} ${cause.code}, ticket ${cause.ticketId})`);
  }
  if (error instanceof StepError) lines.push(...error.hints);
  // A defect: the place where it happened is what its report needs.
  if (exitCodeOf(error) === EXIT.unexpected && cause instanceof Error && cause.stack) lines.push(cause.stack);
  return lines;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
