import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anId } from '../../test/builders.ts';
import { checkLoginNames, nameKey, resolveNameClashes } from './name-clashes.ts';
import type { NameClash } from './name-clashes.ts';

const folder = anId(1);
const [A, B, C] = [anId(0xa), anId(0xb), anId(0xc)];

const aClash = (overrides: Partial<NameClash> = {}): NameClash => ({
  parentId: folder,
  type: 4,
  name: 'Profit',
  members: [
    { id: B, decided: true },
    { id: A, decided: false },
  ],
  siblingNames: ['Profit', 'Profit'],
  ...overrides,
});

describe('resolveNameClashes', () => {
  it('renames what the import writes, never what was there', () => {
    const { renames, issues } = resolveNameClashes([aClash()], 'rename');
    expect(renames).toEqual([{ id: B, name: 'Profit (1)' }]);
    expect(issues).toEqual([
      { type: 'renamed', severity: 'warning', object: { id: B, type: 4, name: 'Profit' }, newName: 'Profit (1)' },
    ]);
  });

  it('lets the smallest id keep the name when the import writes all of them', () => {
    const members = [C, A, B].map((id) => ({ id, decided: true }));
    expect(resolveNameClashes([aClash({ members })], 'rename').renames).toEqual([
      { id: B, name: 'Profit (1)' },
      { id: C, name: 'Profit (2)' },
    ]);
  });

  it('takes the first free number, without regard to case', () => {
    const siblingNames = ['PROFIT', 'profit (1)', 'Profit (3)'];
    const members = [A, B, C].map((id) => ({ id, decided: id !== A }));
    expect(resolveNameClashes([aClash({ siblingNames, members })], 'rename').renames).toEqual([
      { id: B, name: 'Profit (2)' },
      { id: C, name: 'Profit (4)' },
    ]);
  });

  it('leaves clashes alone that were there before the import', () => {
    const members = [A, B].map((id) => ({ id, decided: false }));
    expect(resolveNameClashes([aClash({ members })], 'rename')).toEqual({ renames: [], issues: [] });
    expect(resolveNameClashes([aClash({ members: [{ id: A, decided: true }] })], 'fail').issues).toEqual([]);
  });

  it('blocks instead under the policy fail', () => {
    const { renames, issues } = resolveNameClashes([aClash()], 'fail');
    expect(renames).toEqual([]);
    expect(issues).toEqual([
      {
        type: 'name-clash',
        severity: 'blocking',
        object: { id: B, type: 4, name: 'Profit' },
        parentId: folder,
        holderId: A,
      },
    ]);
  });

  it('renames ten thousand objects of one name without counting from one each time', () => {
    const members = Array.from({ length: 10_000 }, (_, index) => ({ id: anId(index + 1), decided: true }));
    const { renames } = resolveNameClashes([aClash({ members })], 'rename');
    expect(renames.at(-1)).toEqual({ id: anId(10_000), name: 'Profit (9999)' });
  });

  /** Objects in two folders, of which some were there and some are written, with names that invite trouble. */
  const objects = fc.uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 200 }),
      parentId: fc.constantFrom(anId(1), anId(2), null),
      type: fc.constantFrom(4, 12),
      name: fc.constantFrom('A', 'a', 'A (1)', 'a (2)', 'A (1) (1)', 'B', 'B (1)'),
      decided: fc.boolean(),
    }),
    { selector: ({ number }) => number, maxLength: 24 },
  );

  it('leaves no two names alike among those it may change, whatever the order of clashes', () => {
    fc.assert(
      fc.property(objects, (drawn) => {
        const placeOf = (object: (typeof drawn)[number]): string => `${object.parentId} ${object.type}`;
        const groups = Map.groupBy(drawn, (object) => `${placeOf(object)} ${nameKey(object.name)}`);
        const clashes = [...groups.values()].flatMap((members): NameClash[] => {
          const [first] = members;
          if (first === undefined || members.length < 2) return [];
          const { parentId, type, name } = first;
          const siblings = drawn.filter((object) => placeOf(object) === placeOf(first));
          return [
            {
              parentId,
              type,
              name,
              members: members.map(({ number, decided }) => ({ id: anId(number), decided })),
              siblingNames: siblings.map((sibling) => sibling.name),
            },
          ];
        });
        const { renames, issues } = resolveNameClashes(clashes, 'rename');
        expect(resolveNameClashes(clashes.toReversed(), 'rename')).toEqual({ renames, issues });
        expect(issues).toHaveLength(renames.length);

        const newNames = new Map(renames.map(({ id, name }) => [id, name]));
        const seen = new Set<string>();
        const ordered = drawn.toSorted((a, b) => Number(a.decided) - Number(b.decided));
        for (const object of ordered) {
          const renamed = newNames.get(anId(object.number));
          if (!object.decided) expect(renamed).toBeUndefined();
          const key = `${placeOf(object)} ${nameKey(renamed ?? object.name)}`;
          if (object.decided) expect(seen.has(key)).toBe(false);
          seen.add(key);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const user = (id: string, decided: boolean) => ({ id, type: 34, name: `User ${id.at(-1)}`, decided });

describe('checkLoginNames', () => {
  it('blocks every incoming user but the holder, who is one that was there if there is one', () => {
    expect(checkLoginNames([{ loginName: 'ann', users: [user(A, true), user(C, false), user(B, true)] }])).toEqual(
      [A, B].map((id) => ({
        type: 'login-name-clash',
        severity: 'blocking',
        object: { id, type: 34, name: `User ${id.at(-1)}` },
        loginName: 'ann',
        holder: { id: C, type: 34, name: 'User C' },
      })),
    );
    expect(checkLoginNames([{ loginName: 'ann', users: [user(B, true), user(A, true)] }])).toMatchObject([
      { object: { id: B }, holder: { id: A } },
    ]);
  });

  it('says nothing of users that the import does not write', () => {
    expect(checkLoginNames([{ loginName: 'ann', users: [user(A, false), user(B, false)] }])).toEqual([]);
  });
});
