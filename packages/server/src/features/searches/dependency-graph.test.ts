import { array, assert, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { DependencyGraphBuilder, type GraphEdge } from './dependency-graph.ts';

const node = integer({ min: 0, max: 12 }).map((number) => `N${number}`);
const edges = array(record({ fromId: node, toId: node }), { maxLength: 40 });

function graphOf(list: readonly GraphEdge[]) {
  const builder = new DependencyGraphBuilder();
  for (const edge of list) builder.add(edge);
  return builder.build();
}

/** By the definition: what can be reached in any number of steps, over and over until nothing is added. */
function reachable(list: readonly GraphEdge[], from: string): Set<string> {
  const reached = new Set([from]);
  for (let before = 0; before !== reached.size;) {
    before = reached.size;
    for (const edge of list) if (reached.has(edge.fromId)) reached.add(edge.toId);
  }
  reached.delete(from);
  return reached;
}

it('reaches exactly what the edges lead to, each once and never the start, in both directions', () => {
  assert(
    property(edges, node, (list, from) => {
      const graph = graphOf(list);
      const turned = list.map(({ fromId, toId }) => ({ fromId: toId, toId: fromId }));
      for (const [direction, along] of [
        ['uses', list],
        ['used-by', turned],
      ] as const) {
        const reached = graph.reach(from, direction);
        expect(new Set(reached)).toEqual(reachable(along, from));
        expect(new Set(reached).size).toBe(reached.length);
      }
    }),
  );
});

it('grows beyond what it was made for', () => {
  const list = Array.from({ length: 10_000 }, (_, number) => ({ fromId: `${number}`, toId: `${number + 1}` }));
  const graph = graphOf(list);
  expect(graph.edges).toBe(10_000);
  expect(graph.reach('0', 'uses')).toHaveLength(10_000);
  expect(graph.reach('10000', 'used-by')[0]).toBe('9999');
  expect(graph.reach('not there', 'uses')).toEqual([]);
});
