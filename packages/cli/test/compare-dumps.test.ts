import { assert, constantFrom, property, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDumps, describeChanges } from '../src/demo/compare-dumps.ts';

const object = (id: string, fields: object = {}): object => ({
  kind: 'object',
  id,
  type: 12,
  name: `Name ${id}`,
  parentId: 'F1',
  version: 'V1',
  dateModified: '2001-01-01T00:00:00.000+0000',
  definition: { a: 1 },
  ...fields,
});
const dump = (...objects: object[]): string => objects.map((line) => `${JSON.stringify(line)}\n`).join('');
const content = ['A', 'B', 'C', 'D', 'E'].map((id) => ({ id, type: 12 }));

describe('what an import has changed', () => {
  it('tells created, replaced, moved, renamed, deleted and unchanged objects apart', () => {
    const before = dump(object('B'), object('C'), object('D'), object('E'), object('X'), object('Z'));
    const after = dump(
      object('A'),
      object('B', { definition: { a: 2 }, parentId: 'F2' }),
      object('C', { parentId: 'F2' }),
      object('D', { name: 'Other' }),
      object('E'),
      object('X', { acl: [] }),
    );
    expect(compareDumps(before, after, content)).toEqual([
      { id: 'A', type: 12, name: 'Name A', kind: 'created', isOutsidePackage: false },
      { id: 'B', type: 12, name: 'Name B', kind: 'replaced', isOutsidePackage: false },
      { id: 'C', type: 12, name: 'Name C', kind: 'moved', isOutsidePackage: false },
      { id: 'E', type: 12, name: 'Name E', kind: 'unchanged', isOutsidePackage: false },
      { id: 'X', type: 12, name: 'Name X', kind: 'replaced', isOutsidePackage: true },
      { id: 'Z', type: 12, name: 'Name Z', kind: 'deleted', isOutsidePackage: true },
      { id: 'D', type: 12, name: 'Other', kind: 'renamed', isOutsidePackage: false },
    ]);
  });

  it('finds no change between a dump and itself', () => {
    assert(
      property(uniqueArray(constantFrom('A', 'B', 'C', 'X', 'Y')), (ids) => {
        const text = dump(...ids.map((id) => object(id)));
        const changes = compareDumps(text, text, content);
        expect(changes.every(({ kind }) => kind === 'unchanged')).toBe(true);
        expect(changes).toHaveLength(ids.filter((id) => id < 'X').length);
      }),
    );
  });

  it('names some of many', () => {
    const ids = Array.from({ length: 9 }, (_, n) => `A${n}`);
    const changes = compareDumps(
      '',
      dump(...ids.map((id) => object(id))),
      ids.map((id) => ({ id, type: 12 })),
    );
    expect(describeChanges(changes)).toEqual([
      'created 9: Name A0, Name A1, Name A2, Name A3, Name A4, Name A5 and 3 more',
    ]);
  });
});
