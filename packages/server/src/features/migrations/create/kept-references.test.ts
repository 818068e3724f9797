import { expect, it } from 'vitest';
import { KeptReferences } from './kept-references.ts';
import type { Edge, PackageSource } from './package-source.repository.ts';

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
  const kept = new KeptReferences({ loadReferences } satisfies Partial<PackageSource> as unknown as PackageSource);
  await kept.load(['A', 'C']);
  await kept.load(['A', 'B', 'C', 'D']);
  expect(asked).toEqual(['A', 'C', 'B', 'D']);
  for (const id of ['A', 'B', 'C', 'D']) {
    expect(kept.edgesOf(id).map((edge) => ({ fromId: id, ...edge }))).toEqual(EDGES.filter((e) => e.fromId === id));
  }
  expect([...kept.usedBy(['D', 'C', 'A'])]).toEqual(['A', 'B', 'C']);
  expect(() => kept.edgesOf('X')).toThrow('The references of object X were not loaded.');
});
