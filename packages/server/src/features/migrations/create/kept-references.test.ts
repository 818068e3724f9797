import { expect, it } from 'vitest';
import { IdNumbers } from '../id-numbers.ts';
import { KeptReferences } from './kept-references.ts';
import type { Edge } from './package-source.repository.ts';

const EDGES: readonly Edge[] = [
  { fromId: 'A', toId: 'B', toType: 4 },
  { fromId: 'A', toId: 'C', toType: null },
  { fromId: 'B', toId: 'C', toType: 0 },
  { fromId: 'D', toId: 'A', toType: 13 },
];

it('gives the edges of each object as they were read, and reads each object once', async () => {
  const asked: string[] = [];
  const loadReferences = async (ids: readonly string[]): Promise<Edge[]> => {
    asked.push(...ids);
    return EDGES.filter(({ fromId }) => ids.includes(fromId));
  };
  const numbers = new IdNumbers();
  const kept = new KeptReferences({ loadReferences }, numbers);
  const load = (...ids: string[]): Promise<void> => kept.load(ids.map((id) => numbers.of(id)));
  await load('A', 'C');
  await load('A', 'B', 'C', 'D');
  expect(asked).toEqual(['A', 'C', 'B', 'D']);
  for (const id of ['A', 'B', 'C', 'D']) {
    const object = numbers.of(id);
    const edges = EDGES.filter((edge) => edge.fromId === id);
    expect(kept.edgesOf(object).map((edge) => ({ fromId: id, ...edge }))).toEqual(edges);
    expect([...kept.usedBy(object)].map((used) => numbers.idOf(used))).toEqual(edges.map(({ toId }) => toId));
  }
  expect(() => kept.edgesOf(numbers.of('X'))).toThrow('The references of object X were not loaded.');
});
