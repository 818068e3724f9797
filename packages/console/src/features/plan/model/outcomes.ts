import { OUTCOMES, type Outcome } from '@longshore/domain';
import type { Count, Tone } from '../../../design/index.ts';
import { texts } from '../../../texts/index.ts';

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

/** The outcomes that there are objects of. Their counts add up to the number of objects, which the page shows. */
export function countsOf(counts: Readonly<Record<Outcome, number>>): readonly Count<Outcome>[] {
  return SHOWN_OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => ({
    id: outcome,
    label: texts.plan.outcomes[outcome],
    sign: texts.plan.signs[outcome],
    tone: OUTCOME_TONES[outcome],
    count: counts[outcome],
  }));
}

export const isOutcome = (value: unknown): value is Outcome => OUTCOMES.includes(value as Outcome);
