import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anId } from '../../test/builders.ts';
import type { JsonObject, JsonValue } from './metadata-object.ts';
import { referencesOf } from './references.ts';

const SELF = anId('self');
const [A, B, C] = [anId(0xa), anId(0xb), anId(0xc)];

const object = (
  definition: JsonObject,
  rest: { type?: number; uses?: { id: string; type: number | null }[] } = {},
) => ({
  id: SELF,
  type: 4,
  uses: [],
  ...rest,
  definition,
});

describe('referencesOf', () => {
  it('finds references in lists and objects, without the object itself, sorted by id', () => {
    const definition: JsonObject = {
      information: { objectId: SELF, subType: 'metric', name: 'Profit' },
      expression: { tree: { children: [{ target: { objectId: C, subType: 'fact' } }, { objectId: A }] } },
      dimty: { dimtyUnits: [{ target: { objectId: B, subType: 'attribute' } }] },
    };
    expect(referencesOf(object(definition))).toEqual([
      { id: A, type: null },
      { id: B, type: 12 },
      { id: C, type: 13 },
    ]);
  });

  it('leaves out the forms of attributes, which are no objects of their own', () => {
    const form = { objectId: A, subType: 'attribute_form_system', name: 'ID' };
    expect(referencesOf(object({ attribute: { objectId: B, subType: 'attribute' }, form }))).toEqual([
      { id: B, type: 12 },
    ]);
  });

  it.each<[JsonValue, number | null]>([
    ['attribute', 12],
    ['metric', 4],
    ['fact', 13],
    ['logical_table', 15],
    ['filter', 1],
    ['custom_group', 1],
    ['report_grid', 3],
    ['report_cube', 3],
    ['report_emma_cube', 3],
    ['dimension_user', 14],
    ['role_transformation', 43],
    ['prompt_elements', 10],
    ['db_role', 29],
    ['physical_table', 53],
    ['column', 26],
    ['agg_metric', 7],
    ['function', 11],
    ['document_definition', 55],
    ['md_security_filter', 58],
    ['user_group', 34],
    ['security_role', 44],
    ['ATTRIBUTE', 12],
    [12, 12],
    [3072, 12],
    [8705, 34],
    ['no such thing', null],
    [200, null],
    [true, null],
    [null, null],
  ])('reads the type from subType %j', (subType, type) => {
    expect(referencesOf(object({ target: { objectId: A, subType } }))).toEqual([{ id: A, type }]);
    expect(referencesOf(object({ target: { objectId: A, type: subType } }))).toEqual([{ id: A, type }]);
  });

  it('prefers subType to type', () => {
    const definition = { target: { objectId: A, subType: 'fact', type: 'metric' } };
    expect(referencesOf(object(definition))).toEqual([{ id: A, type: 13 }]);
  });

  it('adds explicit uses, and lets a known type win over an unknown one on either side', () => {
    const definition = { one: { objectId: A }, two: { objectId: B, subType: 'attribute' } };
    const uses = [
      { id: A, type: 4 },
      { id: B, type: null },
      { id: C, type: null },
      { id: SELF, type: 4 },
    ];
    expect(referencesOf(object(definition, { uses }))).toEqual([
      { id: A, type: 4 },
      { id: B, type: 12 },
      { id: C, type: null },
    ]);
  });

  it('reads ids in any case and leaves out what is no id', () => {
    const definition = {
      a: { objectId: A.toLowerCase() },
      b: { objectId: 'year' },
      c: { objectId: 7 },
      d: { objectId: null },
    };
    expect(referencesOf(object(definition))).toEqual([{ id: A, type: null }]);
  });

  it('reads groups and security roles of principals, and of nothing else', () => {
    const definition = {
      username: 'ann',
      memberships: [A, { id: B, name: 'Developers' }, 7, null],
      securityRoles: [{ projectId: anId(1), roleId: C }, 'x'],
    };
    expect(referencesOf(object(definition, { type: 34 }))).toEqual([
      { id: A, type: 34 },
      { id: B, type: 34 },
      { id: C, type: 44 },
    ]);
    expect(referencesOf(object(definition))).toEqual([]);
    expect(referencesOf(object({ memberships: 'all', securityRoles: {} }, { type: 34 }))).toEqual([]);
  });

  it('survives a definition nested a hundred thousand levels deep', () => {
    let definition: JsonObject = { objectId: A };
    for (let level = 0; level < 100_000; level += 1) definition = { child: [definition] };
    expect(referencesOf(object(definition))).toEqual([{ id: A, type: null }]);
  });

  it('finds every planted reference at any depth, whatever lies around it', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 12 });
    const path = fc.array(fc.oneof(fc.constant('list'), fc.string({ maxLength: 5 })), { maxLength: 8 });
    const noise = fc.jsonValue({ maxDepth: 3 }).map((value) => value as JsonValue);
    fc.assert(
      fc.property(ids, fc.infiniteStream(path), noise, (numbers, paths, around) => {
        const planted = numbers.map((number) => {
          const steps: readonly string[] = paths.next().value;
          const leaf: JsonValue = { objectId: anId(number), around };
          return steps.reduce<JsonValue>(
            (value, step) => (step === 'list' ? [around, value] : { [step]: value }),
            leaf,
          );
        });
        const expected = numbers.map(anId).toSorted();
        expect(referencesOf(object({ planted })).map((reference) => reference.id)).toEqual(expected);
      }),
    );
  });

  it('does not depend on the order of keys and lists', () => {
    const known = fc.constantFrom('attribute', 'metric', 'fact', undefined);
    const target = fc.record({ number: fc.integer({ min: 1, max: 5 }), subType: known });
    fc.assert(
      fc.property(fc.array(target), (targets) => {
        const list = targets.map(({ number, subType }): JsonObject => {
          const reference = { objectId: anId(number) };
          return subType === undefined ? reference : { ...reference, subType };
        });
        const forwards = referencesOf(object({ list }));
        expect(referencesOf(object({ list: list.toReversed() }))).toEqual(forwards);
        expect(new Set(forwards.map((reference) => reference.id)).size).toBe(forwards.length);
      }),
    );
  });
});
