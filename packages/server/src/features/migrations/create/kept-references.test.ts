import { expect, it } from 'vitest';
import { IdNumbers } from '../id-numbers.ts';
import { KeptReferences } from './kept-references.ts';
import type { Edge } from './package-source.repository.ts';

const EDGES: readonly Edge[] = [
  ['A', 'B', 4],
  ['A', 'C', null],
  ['B', 'C', 0],
  ['D', 'A', 13],
];

it('gives the references of each object as they were read, and reads each object once', async () => {
  const asked: string[] = [];
  const loadReferences = async (ids: readonly string[]): Promise<Edge[]> => {
    asked.push(...ids);
    return EDGES.filter(([fromId]) => ids.includes(fromId));
  };
  const numbers = new IdNumbers();
  const kept = new KeptReferences({ loadReferences }, numbers);
  const load = (...ids: string[]): Promise<void> => kept.load(ids.map((id) => numbers.of(id)));
  await load('A', 'C');
  await load('A', 'B', 'C', 'D');
  expect(asked).toEqual(['A', 'C', 'B', 'D']);
  for (const id of ['A', 'B', 'C', 'D']) {
    const object = numbers.of(id);
    const edges = EDGES.filter(([fromId]) => fromId === id);
    const references = edges.map(([, toId, type]) => ({ id: toId, type, ...(toId === 'C' ? { name: 'Is "C"' } : {}) }));
    const nameOf = (used: number): string | undefined => (numbers.idOf(used) === 'C' ? 'Is "C"' : undefined);
    expect(kept.textOf(object, nameOf)).toBe(JSON.stringify(references));
    expect(kept.usedBy(object).map((used) => numbers.idOf(used))).toEqual(edges.map(([, toId]) => toId));
  }
  expect(() => kept.usedBy(numbers.of('X'))).toThrow('The references of object X were not loaded.');
});

it('gives those of all objects, however the edges of one come in parts, and then asks for nothing', async () => {
  const numbers = new IdNumbers();
  const loadReferences = async (ids: readonly string[]): Promise<Edge[]> =>
    EDGES.filter(([fromId]) => ids.includes(fromId));
  for (const size of [1, 2, 3, EDGES.length]) {
    async function* references(): AsyncGenerator<readonly Edge[]> {
      for (let at = 0; at < EDGES.length; at += size) yield await Promise.resolve(EDGES.slice(at, at + size));
    }
    const kept = new KeptReferences({ loadReferences }, numbers);
    // What was read before is read once more.
    await kept.load([numbers.of('A')]);
    await kept.loadAll({ references });
    await kept.load([numbers.of('B'), numbers.of('X')]);
    for (const id of ['A', 'B', 'C', 'D', 'X']) {
      const ends = EDGES.filter(([fromId]) => fromId === id).map(([, toId]) => toId);
      expect(kept.usedBy(numbers.of(id)).map((used) => numbers.idOf(used))).toEqual(ends);
    }
  }
});
