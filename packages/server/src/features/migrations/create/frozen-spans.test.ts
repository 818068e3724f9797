import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FrozenSpan, Span } from './freeze-span.ts';
import { frozenSpans, type SpanFreezer } from './frozen-spans.ts';

const spanAt = (first: number): Span => ({ first, entries: [], references: [] });
const frozenAt = (count: number): FrozenSpan => ({ count, lines: [], piece: null });

async function* spansOf(count: number, closed?: () => void): AsyncGenerator<Span> {
  try {
    for (let first = 1; first <= count; first += 1) yield await Promise.resolve(spanAt(first));
  } finally {
    closed?.();
  }
}

/** Freezes spans one after another, each for so many milliseconds, and is there from the so-manieth question on. */
function slowFreezer(
  pauses: readonly number[],
  from: number,
): { readonly beside: () => SpanFreezer | null; did: number[] } {
  let asked = 0;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  const did: number[] = [];
  const freezer: SpanFreezer = {
    get waiting() {
      return waiting;
    },
    async freeze({ first }) {
      waiting += 1;
      const work = last.then(() => delay(pauses[first % pauses.length] ?? 0));
      last = work;
      await work;
      waiting -= 1;
      did.push(first);
      return frozenAt(first);
    },
  };
  return { beside: () => ((asked += 1) > from ? freezer : null), did };
}

it('gives each span once and in its order, whoever froze it and however long that took', async () => {
  const pauses = fc.array(fc.nat(4), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.nat(30), pauses, pauses, fc.nat(10), async (count, herePauses, besidePauses, from) => {
      const other = slowFreezer(besidePauses, from);
      const here: number[] = [];
      const given: number[] = [];
      const freezers = {
        here: async ({ first }: Span) => {
          await delay(herePauses[first % herePauses.length] ?? 0);
          here.push(first);
          return frozenAt(first);
        },
        beside: other.beside,
      };
      for await (const { span, frozen } of frozenSpans(spansOf(count), freezers)) {
        expect(frozen).toEqual(frozenAt(span.first));
        given.push(span.first);
      }
      const all = Array.from({ length: count }, (_, index) => index + 1);
      expect(given).toEqual(all);
      expect([...here, ...other.did].toSorted((a, b) => a - b)).toEqual(all);
    }),
    { numRuns: 40 },
  );
});

it('has both at work, and no more than a few spans ahead of who takes them', async () => {
  const other = slowFreezer([1], 0);
  let here = 0;
  let taken = 0;
  let mostAhead = 0;
  const freezers = {
    here: async ({ first }: Span) => {
      await delay(1);
      here += 1;
      return frozenAt(first);
    },
    beside: other.beside,
  };
  for await (const { span } of frozenSpans(spansOf(40), freezers)) {
    taken = span.first;
    mostAhead = Math.max(mostAhead, here + other.did.length - taken);
  }
  expect(taken).toBe(40);
  expect(Math.min(here, other.did.length)).toBeGreaterThan(0);
  expect(mostAhead).toBeLessThanOrEqual(4);
});

it.each(['here', 'beside'])(
  'fails with what was thrown %s, after the spans before it, and closes its source',
  async (where) => {
    let isClosed = false;
    const failing = async ({ first }: Span): Promise<FrozenSpan> => {
      await delay(1);
      if (first === 7) throw new Error('span 7 can not be frozen');
      return frozenAt(first);
    };
    const given: number[] = [];
    const take = async (): Promise<void> => {
      const freezers = {
        here: where === 'here' ? failing : () => Promise.reject(new Error('nobody asks for this')),
        beside: () => (where === 'here' ? null : { waiting: 0, freeze: failing }),
      };
      const spans = spansOf(20, () => (isClosed = true));
      for await (const { span } of frozenSpans(spans, freezers)) given.push(span.first);
    };
    await expect(take()).rejects.toThrow('span 7 can not be frozen');
    expect(given.length).toBeLessThanOrEqual(6);
    expect(isClosed).toBe(true);
  },
);

it('closes its source when nobody wants more', async () => {
  let isClosed = false;
  const freezers = { here: async ({ first }: Span) => frozenAt(first), beside: () => null };
  for await (const { span } of frozenSpans(
    spansOf(20, () => (isClosed = true)),
    freezers,
  ))
    if (span.first === 3) break;
  expect(isClosed).toBe(true);
});
