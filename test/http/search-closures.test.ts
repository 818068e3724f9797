import { afterEach, beforeEach, expect, it } from 'vitest';
import { DependencyGraphs } from '../../packages/server/src/features/searches/dependency-graphs.ts';
import type { MetadataDatabase } from '../../packages/server/src/platform/platform.ts';
import { anApi, type TestApi } from '../builders/api.ts';
import { aMetricLine, aProjectLine, idOf, PROJECT_ID } from '../builders/objects.ts';

let api: TestApi;
beforeEach(async () => {
  api = await anApi();
  await api.load([aProjectLine(), aMetricLine('A', ['B']), aMetricLine('B'), aMetricLine('C'), aMetricLine('D')]);
});
afterEach(() => api.close());

const idsOf = (...names: string[]) => new Set(names.map((name) => idOf(name)));

/** A database whose readings of edges wait, after they have begun, until they are let go on. */
function heldReadings() {
  const { metadata } = api.platform;
  const begun: PromiseWithResolvers<void>[] = [];
  const openReader: MetadataDatabase['openReader'] = () => {
    const reader = metadata.openReader();
    const held = Promise.withResolvers<void>();
    return {
      ...reader,
      async *batches<Row>(text: string, values: readonly (string | number)[], size: number) {
        if (text.includes('object_reference') && !begun.includes(held)) {
          begun.push(held);
          await held.promise;
        }
        yield* reader.batches<Row>(text, values, size);
      },
    };
  };
  let answers = 0;
  const reader = metadata.reader.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      answers += 1;
      return result;
    },
  });
  const graphs = new DependencyGraphs({ ...metadata, reader, openReader });
  const closure = async () => new Set((await graphs.load(PROJECT_ID))?.reach(idOf('A'), 'uses'));
  /** `asked` are the questions answered about the revision of what is being read or kept. */
  return { closure, begun, asked: () => answers };
}

it('shows what was written before it was asked for, though another search reads an older state', async () => {
  const { closure, begun, asked } = heldReadings();
  const first = closure();
  await expect.poll(() => begun).toHaveLength(1);
  await api.load([aMetricLine('B', ['C'])]);
  const [second, third] = [closure(), closure()];
  begun[0]?.resolve();
  // Both know that the first has read something else, and wait for one further reading.
  await expect.poll(() => [begun.length, asked()]).toEqual([2, 2]);
  await api.load([aMetricLine('C', ['D'])]);
  begun[1]?.resolve();
  expect(await first).toEqual(idsOf('B'));
  expect(await second).toEqual(idsOf('B', 'C'));
  expect(await third).toEqual(idsOf('B', 'C'));
  expect(begun).toHaveLength(2);
});

it('reads once where nothing is written meanwhile', async () => {
  const { closure, begun } = heldReadings();
  const searches = [closure(), closure()];
  await expect.poll(() => begun).toHaveLength(1);
  searches.push(closure());
  begun[0]?.resolve();
  expect(await Promise.all(searches)).toEqual(searches.map(() => idsOf('B')));
  expect(begun).toHaveLength(1);
});
