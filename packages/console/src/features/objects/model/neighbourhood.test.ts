import { describe, expect, it } from 'vitest';
import { readObjectSearch } from '../object-search.ts';
import { MOST_NODES, neighbourhoodOf, type GraphNode, type Neighbours } from './neighbourhood.ts';

const node = (name: string): GraphNode => ({ id: name, type: 4, name });
/** A chain in which each letter uses the next one. */
const chain = 'ABCDEFG';
const load = async ({ id }: GraphNode): Promise<Neighbours> => {
  const at = chain.indexOf(id);
  return {
    uses: at + 1 < chain.length ? [node(chain.charAt(at + 1))] : [],
    usedBy: at > 0 ? [node(chain.charAt(at - 1))] : [],
  };
};
const ids = (nodes: readonly GraphNode[]): string =>
  nodes
    .map(({ id }) => id)
    .toSorted()
    .join('');

describe('what is around an object', () => {
  it('goes as many steps as it is asked to, in both directions', async () => {
    const options = { expand: new Set<string>(), load };
    expect(ids((await neighbourhoodOf(node('D'), { ...options, depth: 1 })).nodes)).toBe('CDE');
    const two = await neighbourhoodOf(node('D'), { ...options, depth: 2 });
    expect(ids(two.nodes)).toBe('BCDEF');
    expect(two.edges.map(({ from, to }) => from + to).toSorted()).toEqual(['BC', 'CD', 'DE', 'EF']);
    expect([...two.expanded].toSorted()).toEqual(['C', 'D', 'E']);
  });

  it('goes on from objects that are to be expanded', async () => {
    const graph = await neighbourhoodOf(node('D'), { depth: 1, expand: new Set(['E', 'F']), load });
    expect(ids(graph.nodes)).toBe('CDEFG');
  });

  it('holds no more than can be drawn, and comes to an end with circles', async () => {
    const many = Array.from({ length: 200 }, (_, n) => node(String(n)));
    const wide = async (): Promise<Neighbours> => ({ uses: many, usedBy: [node('middle')] });
    const graph = await neighbourhoodOf(node('middle'), { depth: 3, expand: new Set(), load: wide });
    expect([graph.nodes.length, graph.isFull]).toEqual([MOST_NODES, true]);
    expect(graph.edges.every(({ from, to }) => from !== to)).toBe(true);
  });
});

it('the address of an object says which part is shown', () => {
  expect([readObjectSearch({ part: 'graph' }), readObjectSearch({ part: 'x' })]).toEqual([{ part: 'graph' }, {}]);
});
