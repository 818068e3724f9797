import type { Journal } from '@longshore/contracts';
import { OUTCOMES } from '@longshore/domain';
import { countText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';

/** What an entry says of its numbers: `Create 10, Replace 7`. Objects that stayed as they were are left out. */
export function resultText(summary: Readonly<Record<string, unknown>>): string {
  const { counts } = summary;
  if (typeof counts !== 'object' || counts === null) return '';
  return OUTCOMES.filter((outcome) => outcome !== 'keep' && outcome !== 'skip')
    .flatMap((outcome) => {
      const count = (counts as Record<string, unknown>)[outcome];
      return typeof count === 'number' && count > 0
        ? [texts.journal.count(texts.plan.outcomes[outcome], countText(count))]
        : [];
    })
    .join(', ');
}

export type JournalEntry = Journal['data'][number];

/** What was done, in a word; what this console has no word for as the server says it. */
export const kindText = (kind: string): string => texts.journal.kinds[kind] ?? kind;
