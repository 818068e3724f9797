import { setImmediate as afterMessages } from 'node:timers/promises';
import type { FrozenSpan, Span } from './freeze-span.ts';

/** Freezes spans elsewhere while others are frozen here; it is asked for one before the last one is done. */
export interface SpanFreezer {
  /** How many spans it has been given and not answered. */
  readonly waiting: number;
  freeze(span: Span): Promise<FrozenSpan>;
}

export interface SpanFreezers {
  readonly here: (span: Span) => Promise<FrozenSpan>;
  /** Asked before each span: it may be there only after a while, or never. */
  readonly beside: () => SpanFreezer | null;
}

export interface SpanResult {
  readonly span: Span;
  readonly frozen: FrozenSpan;
}

/** Spans that the other freezer has to do at a time: it never waits for the next one. */
const ASKED_AHEAD = 2;
/** Spans that are done or being done and not yet taken, all in memory. */
const MOST_AHEAD = 4;

interface Begun {
  readonly span: Span;
  frozen: FrozenSpan | null;
  readonly result: Promise<FrozenSpan>;
}

/** Gives the spans in their order. Both freezers are kept at work; whoever is free does the next one. */
export async function* frozenSpans(
  spans: AsyncIterable<Span>,
  { here, beside }: SpanFreezers,
): AsyncGenerator<SpanResult, void, undefined> {
  const source = spans[Symbol.asyncIterator]();
  const begun: Begun[] = [];
  const begin = (span: Span, result: Promise<FrozenSpan>): void => {
    const work: Begun = { span, frozen: null, result };
    result.then(
      (frozen) => (work.frozen = frozen),
      () => undefined,
    );
    begun.push(work);
  };
  try {
    for (let next = await source.next(); ;) {
      const other = beside();
      if (next.done !== true && other && other.waiting < ASKED_AHEAD && begun.length < MOST_AHEAD) {
        begin(next.value, other.freeze(next.value));
        next = await source.next();
        continue;
      }
      const [first] = begun;
      if (first && (first.frozen || next.done === true || begun.length >= MOST_AHEAD)) {
        yield { span: first.span, frozen: await first.result };
        begun.shift();
      } else if (next.done !== true) {
        const result = here(next.value);
        begin(next.value, result);
        await result;
        next = await source.next();
      } else return;
      // What the other one has answered is heard only between two turns of this thread.
      await afterMessages();
    }
  } finally {
    await source.return?.();
  }
}
