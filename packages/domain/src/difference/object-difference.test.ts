import { describe, expect, it } from 'vitest';
import { aclEffectOf } from './acl-effect.ts';
import { objectDifference, type ObjectSide } from './object-difference.ts';

const ANN = 'A'.repeat(32);
const BOB = 'B'.repeat(32);

const object = (changes: Partial<ObjectSide> = {}): ObjectSide => ({
  name: 'Profit',
  subtype: 1024,
  description: '',
  abbreviation: '',
  parentId: 'F'.repeat(32),
  ownerId: ANN,
  version: '1'.repeat(32),
  dateCreated: '2020-01-01T00:00:00.000+0000',
  dateModified: '2020-01-01T00:00:00.000+0000',
  hidden: false,
  acl: [],
  definition: {},
  translations: {},
  ...changes,
});

describe('the difference of two objects', () => {
  it('is empty for the same', () => {
    const none = { properties: [], definition: [], acl: [], translations: [] };
    expect(objectDifference(object(), object())).toEqual(none);
    expect(objectDifference(null, null)).toEqual(none);
  });

  it('tells each property that differs', () => {
    const { properties } = objectDifference(object(), object({ name: 'Margin', parentId: null, hidden: true }));
    expect(properties).toEqual([
      { property: 'name', change: 'changed', target: 'Profit', package: 'Margin' },
      { property: 'parentId', change: 'changed', target: 'F'.repeat(32), package: null },
      { property: 'hidden', change: 'changed', target: false, package: true },
    ]);
  });

  it('tells everything of an object that only one side has', () => {
    const one = object({
      definition: { metric: 1 },
      acl: [{ trusteeId: ANN, rights: 255, deny: false, inheritable: false }],
    });
    const added = objectDifference(null, one);
    expect(added.properties.map(({ change }) => change)).toEqual(Array<string>(10).fill('added'));
    expect(added.definition).toEqual([{ change: 'added', path: '/metric', to: 1 }]);
    expect(added.acl).toEqual([{ trusteeId: ANN, deny: false, inheritable: false, change: 'added', package: 255 }]);
    const removed = objectDifference(one, null);
    expect(removed.definition).toEqual([{ change: 'removed', path: '/metric', from: 1 }]);
  });

  it('compares access by what it grants, not by how it is written', () => {
    const entry = (trusteeId: string, rights: number, deny = false) => ({
      trusteeId,
      rights,
      deny,
      inheritable: false,
    });
    const { acl } = objectDifference(
      object({ acl: [entry(ANN, 1), entry(ANN, 4), entry(BOB, 255)] }),
      object({ acl: [entry(ANN, 5), entry(BOB, 199), entry(BOB, 8, true)] }),
    );
    expect(acl).toEqual([
      { trusteeId: BOB, deny: false, inheritable: false, change: 'changed', target: 255, package: 199 },
      { trusteeId: BOB, deny: true, inheritable: false, change: 'added', package: 8 },
    ]);
  });

  it('compares texts by language', () => {
    const { translations } = objectDifference(
      object({ translations: { '1:0:': { '1031': 'Gewinn', '1036': 'Profit' } } }),
      object({ translations: { '1:0:': { '1031': 'Ertrag', '1040': 'Profitto' } } }),
    );
    expect(translations).toEqual([
      { lcid: '1031', text: '1:0:', change: 'changed', target: 'Gewinn', package: 'Ertrag' },
      { lcid: '1036', text: '1:0:', change: 'removed', target: 'Profit' },
      { lcid: '1040', text: '1:0:', change: 'added', package: 'Profitto' },
    ]);
  });

  it('leaves a definition that is too large alone', () => {
    expect(objectDifference(object({ definition: null }), object({ definition: { a: 1 } })).definition).toEqual([]);
  });
});

describe('whose access an object has after an import', () => {
  const keep = 'keep_acl_as_source_object';
  const inherit = 'inherit_acl_as_dest_folder';
  it.each([
    ['create', { aclOnNewObjects: [] }, 'package'],
    ['create', { aclOnNewObjects: [keep] }, 'package'],
    ['duplicate', { aclOnNewObjects: [inherit] }, 'folder'],
    ['create', { aclOnNewObjects: [inherit, keep] }, 'both'],
    ['replace', { aclOnNewObjects: [keep] }, 'target'],
    ['replace', { aclOnNewObjects: [keep], aclOnReplacingObjects: 'use_existing' }, 'target'],
    ['replace', { aclOnNewObjects: [keep], aclOnReplacingObjects: 'replace' }, 'package'],
    ['replace', { aclOnNewObjects: [keep], aclOnReplacingObjects: 'keep_both' }, 'both'],
    ['move', { aclOnNewObjects: [keep], aclOnReplacingObjects: 'replace' }, 'target'],
    ['keep', { aclOnNewObjects: [keep], aclOnReplacingObjects: 'replace' }, 'target'],
  ] as const)('%s with %j: that of the %s', (outcome, settings, effect) => {
    expect(aclEffectOf(outcome, settings)).toBe(effect);
  });
});
