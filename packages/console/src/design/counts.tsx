import { countText } from '../format/index.ts';
import { texts } from '../texts/index.ts';
import type { Tone } from './badge.tsx';
import './counts.css';

const t = texts.common.counts;

/** One kind of thing, and how many of it there are. */
export interface Count<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Stands beside the word, so that nobody depends on a colour. */
  readonly sign: string;
  readonly tone: Tone;
  readonly count: number;
}

interface CountsProps<Id extends string> {
  /** What is counted, for screen readers. */
  readonly label: string;
  readonly counts: readonly Count<Id>[];
  readonly total: number;
  /** Null: all are shown. */
  readonly chosen: Id | null;
  readonly onChoose: (id: Id | null) => void;
}

/** Counts that are filters as well, and the sum that they add up to. */
export const Counts = <Id extends string>({ label, counts, total, chosen, onChoose }: CountsProps<Id>) => (
  <section className="stack">
    <div className="counts" role="group" aria-label={label}>
      <button type="button" className="count" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        <strong>{countText(total)}</strong>
        <span>{t.all}</span>
      </button>
      {counts.map(({ id, label: word, sign, tone, count }) => (
        <button
          key={id}
          type="button"
          className={`count count-${tone}`}
          aria-pressed={chosen === id}
          onClick={() => onChoose(chosen === id ? null : id)}
        >
          <strong>{countText(count)}</strong>
          <span>
            <span aria-hidden="true">{sign} </span>
            {word}
          </span>
        </button>
      ))}
    </div>
    <p className="small muted">{t.sum(counts.map(({ count }) => countText(count)).join(' + '), countText(total))}</p>
  </section>
);
