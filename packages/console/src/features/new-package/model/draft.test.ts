import { describe, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import { closureOf, type Needed } from './closure.ts';
import { changeDraft, emptyDraft, missingPart, type Draft, type DraftItem, type MergeRule } from './draft.ts';
import { createBodyOf, draftOf, tocViewOf } from './draft-request.ts';

const anItem = (id: string, changes: Partial<DraftItem> = {}): DraftItem => ({
  id,
  type: 12,
  subtype: 3072,
  name: `Object ${id}`,
  reason: { kind: 'chosen' },
  action: null,
  includeDependents: true,
  ...changes,
});
const withItems = (...items: DraftItem[]): Draft => changeDraft(emptyDraft('A package'), { do: 'add', items });
const aRule: MergeRule = { scope: 'folder', key: 'F', name: 'Reports', type: 8, action: 'keep_both' };

describe('a draft', () => {
  it('holds an object once, and one that was chosen stays chosen', () => {
    const needed = anItem('A', { reason: { kind: 'needed', by: 'B' } });
    expect(changeDraft(withItems(anItem('A')), { do: 'add', items: [needed] }).items[0]?.reason.kind).toBe('chosen');
    expect(changeDraft(withItems(needed), { do: 'add', items: [anItem('A')] }).items[0]?.reason.kind).toBe('chosen');
  });
  it('is emptied when it becomes a package of another kind', () => {
    const draft = changeDraft(withItems(anItem('A')), { do: 'kind', kind: 'administration' });
    expect([draft.items, draft.name]).toEqual([[], 'A package']);
  });
  it('says what is missing', () => {
    expect(missingPart(emptyDraft(' '))).toBe('name');
    expect(missingPart(emptyDraft('A'))).toBe('items');
    expect(missingPart({ ...emptyDraft('A'), kind: 'merge' })).toBeNull();
    expect(missingPart(withItems(anItem('A')))).toBeNull();
  });
  it('has one rule for each type, folder or object', () => {
    const once = changeDraft(emptyDraft('A'), { do: 'addRule', rule: aRule });
    const twice = changeDraft(once, { do: 'addRule', rule: { ...aRule, action: 'replace' } });
    expect(twice.mergeRules.map(({ action }) => action)).toEqual(['replace']);
    expect(changeDraft(twice, { do: 'removeRule', rule: aRule }).mergeRules).toEqual([]);
  });
});

describe('what is sent', () => {
  it('is the content, with rules of their own only where there are some', () => {
    const { content } = tocViewOf(withItems(anItem('A'), anItem('B', { action: 'delete', includeDependents: false })));
    expect(content).toEqual([
      { id: 'A', type: 12, includeDependents: true },
      { id: 'B', type: 12, includeDependents: false, action: 'delete' },
    ]);
  });
  it('is rules alone for a project merge', () => {
    const draft = changeDraft({ ...emptyDraft('All'), kind: 'merge' }, { do: 'addRule', rule: aRule });
    const body = createBodyOf(draft, { id: 'http://dev', name: 'dev' });
    expect(body.packageInfo).toMatchObject({ type: 'project', purpose: 'project_merge' });
    expect(body.packageInfo.tocView).not.toHaveProperty('content');
    expect(body.packageInfo.tocView.settings).toMatchObject({
      folderActions: [{ id: 'F', action: 'keep_both' }],
      validateDependencies: true,
    });
  });
  it('has no schema updates for configuration objects', () => {
    const draft = changeDraft(emptyDraft('A'), {
      do: 'settings',
      change: { schemaUpdates: ['recal_table_logical_size'] },
    });
    expect(tocViewOf(draft).settings?.updateSchema).toHaveLength(1);
    expect(tocViewOf({ ...draft, kind: 'administration' }).settings?.updateSchema).toEqual([]);
  });
  it('is what an existing package was made from', () => {
    const draft = withItems(anItem('A'), anItem('B', { action: 'keep_both' }));
    const tocView = tocViewOf(draft);
    const read = {
      ...tocView,
      content: [
        ...(tocView.content ?? []).map((entry) => ({ action: 'replace' as const, ...entry, explicitIncluded: true })),
        { id: 'C', type: 13, explicitIncluded: false },
      ],
    };
    const record = {
      id: 'P:I',
      packageInfo: { name: 'A package', type: 'project', tocView: read },
    } as unknown as Migration;
    expect(tocViewOf(draftOf(record))).toEqual(tocView);
  });
});

describe('what an object needs', () => {
  const object = (id: string): Needed => ({ id, type: 1, subtype: 256, name: id.toUpperCase() });
  const edges: Readonly<Record<string, string>> = { a: 'bc', b: 'd', c: 'da', d: 'e', e: '' };
  const direct = async ({ id }: Needed): Promise<readonly Needed[]> => (edges[id] ?? '').split('').map(object);

  it('is found once each, nearest first, with what needs it', async () => {
    const { found, isCut } = await closureOf(object('a'), { direct, limit: 100, width: 2 });
    expect(found.map(({ object: { id }, by, distance }) => [id, by, distance])).toEqual([
      ['b', 'A', 1],
      ['c', 'A', 1],
      ['d', 'B', 2],
      ['e', 'D', 3],
    ]);
    expect(isCut).toBe(false);
  });
  it('is cut at the limit, and says so', async () => {
    const { found, isCut } = await closureOf(object('a'), { direct, limit: 2, width: 1 });
    expect([found.length, isCut]).toEqual([3, true]);
  });
});
