import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anId } from '../../test/builders.ts';
import { CONFLICT_ACTIONS } from './actions.ts';
import { createMergeRules } from './merge-precedence.ts';
import type { MergeSettings, RuledObject } from './merge-precedence.ts';

const [inner, outer] = [anId(11), anId(12)];
const filter: RuledObject = { id: anId(1), type: 1, subtype: 256, ancestorIds: [inner, outer] };
const nothing: MergeSettings = {
  defaultAction: 'use_existing',
  objectTypeActions: [],
  folderActions: [],
  objectActions: [],
};

/** The levels from the strongest to the weakest, each with an action of its own. */
const levels: readonly Partial<MergeSettings>[] = [
  { objectActions: [{ id: filter.id, action: 'replace' }] },
  { folderActions: [{ id: inner, action: 'use_newer' }] },
  { folderActions: [{ id: outer, action: 'use_older' }] },
  { objectTypeActions: [{ type: 1, subtype: 256, action: 'keep_both' }] },
  { objectTypeActions: [{ type: 1, action: 'force_replace' }] },
];
const actions = ['replace', 'use_newer', 'use_older', 'keep_both', 'force_replace', 'use_existing'] as const;

const settingsFrom = (chosen: readonly number[]): MergeSettings => ({
  ...nothing,
  objectActions: chosen.flatMap((level) => levels[level]?.objectActions ?? []),
  folderActions: chosen.flatMap((level) => levels[level]?.folderActions ?? []),
  objectTypeActions: chosen.flatMap((level) => levels[level]?.objectTypeActions ?? []),
});

describe('createMergeRules', () => {
  it('takes the strongest of any set of rules, in whatever order they are listed', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4]), (chosen) => {
        const expected = actions[Math.min(5, ...chosen)];
        expect(createMergeRules(settingsFrom(chosen))(filter)).toBe(expected);
      }),
    );
  });

  it('applies a folder rule to the folder itself, before those of the folders above', () => {
    const folder: RuledObject = { id: inner, type: 8, subtype: 2048, ancestorIds: [outer] };
    expect(createMergeRules(settingsFrom([1, 2]))(folder)).toBe('use_newer');
    expect(createMergeRules(settingsFrom([2]))(folder)).toBe('use_older');
  });

  it('does not take a folder rule for an object that happens to have the id', () => {
    expect(createMergeRules(settingsFrom([1]))({ ...filter, id: inner, ancestorIds: [] })).toBe('use_existing');
  });

  it('reads a type of 256 and more as a subtype', () => {
    const rules = createMergeRules({ ...nothing, objectTypeActions: [{ type: 257, action: 'replace' }] });
    expect(rules({ ...filter, subtype: 257 })).toBe('replace');
    expect(rules(filter)).toBe('use_existing');
  });

  it('lets the last of several rules for one thing count', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CONFLICT_ACTIONS), { minLength: 1 }), (list) => {
        const rules = createMergeRules({
          ...nothing,
          objectActions: list.map((action) => ({ id: filter.id, action })),
        });
        expect(rules(filter)).toBe(list.at(-1));
      }),
    );
  });
});
