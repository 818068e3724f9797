import { OUTCOMES, type Outcome } from '@longshore/domain';
import type { Tone } from '../../../design/index.ts';

/** Outcomes in the order in which they are shown: what takes away first, what stays last. */
export const SHOWN_OUTCOMES: readonly Outcome[] = [
  'delete',
  'replace',
  'duplicate',
  'move',
  'create',
  'update_contacts',
  'update_translations',
  'keep',
  'skip',
];

export const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = {
  delete: 'bad',
  replace: 'warn',
  duplicate: 'run',
  move: 'info',
  create: 'good',
  update_contacts: 'info',
  update_translations: 'info',
  keep: 'neutral',
  skip: 'plain',
};

export interface OutcomeCount {
  readonly outcome: Outcome;
  readonly count: number;
}

/** The outcomes that there are objects of. Their counts add up to the number of objects, which the page shows. */
export function countsOf(counts: Readonly<Record<Outcome, number>>): readonly OutcomeCount[] {
  return SHOWN_OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => ({
    outcome,
    count: counts[outcome],
  }));
}

export const isOutcome = (value: unknown): value is Outcome => OUTCOMES.includes(value as Outcome);
