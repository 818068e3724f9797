import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@longshore/domain';
import { computeTableFacts, readAttribute, type MappedAttribute } from './logical-tables.ts';

const attribute = (id: string, tableIds: string[], parentIds: string[] = []): MappedAttribute => ({
  id,
  tableIds: new Set(tableIds),
  parentIds: new Set(parentIds),
});
const ID = { year: 'A'.repeat(32), quarter: 'B'.repeat(32), table: '1'.repeat(32), lookup: '2'.repeat(32) };

describe('computeTableFacts', () => {
  const year = attribute('year', ['lu_year', 'lu_month', 'lu_day', 'sales']);
  const month = attribute('month', ['lu_month', 'lu_day'], ['year']);
  const day = attribute('day', ['lu_day', 'sales'], ['month']);
  const item = attribute('item', ['sales']);
  const facts = computeTableFacts(['lu_year', 'lu_month', 'lu_day', 'sales', 'empty'], [day, item, month, year]);

  it('weighs an attribute by its level in its hierarchy', () => {
    // Three levels: year 3.33, month 6.67, day 10; item is a hierarchy of its own: 10.
    expect(facts.get('lu_year')?.logicalSize).toBe(3);
    expect(facts.get('lu_month')?.logicalSize).toBe(10);
    expect(facts.get('lu_day')?.logicalSize).toBe(20);
    expect(facts.get('sales')?.logicalSize).toBe(23);
    expect(facts.get('empty')).toEqual({ logicalSize: 0, key: [] });
  });

  it('takes the attributes that are above no other one as the key, also across a missing level', () => {
    expect(facts.get('lu_month')?.key).toEqual(['month']);
    expect(facts.get('lu_day')?.key).toEqual(['day']);
    expect(facts.get('sales')?.key).toEqual(['day', 'item']);
  });

  it('does not depend on the order of the attributes', () => {
    expect(computeTableFacts(['sales', 'lu_day'], [year, month, item, day]).get('sales')).toEqual(facts.get('sales'));
  });

  it('weighs very many attributes of one parent, and one attribute of very many parents', () => {
    const children = Array.from({ length: 130_000 }, (_, at) => attribute(`child ${at}`, ['t'], ['top']));
    const bottom = attribute(
      'bottom',
      ['u'],
      children.map(({ id }) => id),
    );
    const many = computeTableFacts(['u'], [attribute('top', ['u']), ...children, bottom]);
    expect(many.get('u')).toEqual({ logicalSize: 13, key: ['bottom'] });
  });

  it('ends on a circle of parents, which belongs to the key as a whole', () => {
    const circle = [attribute('a', ['t'], ['b']), attribute('b', ['t'], ['a'])];
    const both = computeTableFacts(['t'], circle);
    expect(both.get('t')?.key).toEqual(['a', 'b']);
    expect(both).toEqual(computeTableFacts(['t'], circle.toReversed()));
  });

  it('keeps a circle together when something lies below it', () => {
    const circle = [attribute('a', ['t'], ['b']), attribute('b', ['t'], ['a']), attribute('c', ['t'], ['a'])];
    expect(computeTableFacts(['t'], circle).get('t')?.key).toEqual(['c']);
  });

  it('takes the longest chain of parents', () => {
    const chain = Array.from({ length: 5000 }, (_, i) => attribute(`a${i}`, ['t'], i === 0 ? [] : [`a${i - 1}`, 'a0']));
    expect(computeTableFacts(['t'], chain).get('t')?.key).toEqual(['a4999']);
  });
});

describe('readAttribute', () => {
  it('finds tables in forms and lookups, and parents in the relationships in which it is the child', () => {
    const definition: JsonObject = {
      forms: [
        {
          expressions: [{ tables: [{ objectId: ID.table, subType: 'logical_table' }] }],
          lookupTable: { objectId: ID.lookup.toLowerCase() },
        },
      ],
      relationships: [
        { parent: { objectId: ID.year }, child: { objectId: ID.quarter }, relationshipTable: { objectId: 'x' } },
        { parent: { objectId: ID.quarter }, child: { objectId: 'C'.repeat(32) } },
      ],
    };
    const read = readAttribute(ID.quarter, definition);
    expect([...read.tableIds]).toEqual([ID.table, ID.lookup]);
    expect([...read.parentIds]).toEqual([ID.year]);
  });

  it('takes a definition in any other shape as one without tables', () => {
    expect(readAttribute(ID.year, { forms: 'none', relationships: [null, 7] })).toEqual(attribute(ID.year, []));
  });
});
