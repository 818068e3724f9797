import { describe, expect, it } from 'vitest';
import type { MergeOptions } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { anEnvironmentPair, anObject, idOf } from './environment.ts';

/** Folders that an import would leave in a circle, or with something in them when they are deleted. */

const [A, B, INNER] = ['A', 'B', 'INNER'].map(idOf) as [string, string, string];
const METRIC = idOf('METRIC');
const folder = (id: string, name: string, fields = {}) => anObject({ id, type: 8, name, ...fields });
const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };

const [takeA, takeB] = [
  { id: A, type: 8, action: 'replace' },
  { id: B, type: 8, action: 'replace' },
] as const;

const IN_A_CIRCLE = (...names: string[]) =>
  new RegExp(names.map((name) => `The folder '${name}'[^\n]* would lie in a circle of folders`).join('[^]*'));

const MERGE: MergeOptions = {
  validateDependencies: true,
  translationAction: 'force_replace',
  objectTypeActions: [],
  folderActions: [],
  objectActions: [],
};

describe('folders that would lie inside each other', () => {
  it('are refused when both are new', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(A, 'Alpha', { parentId: B }), folder(B, 'Beta', { parentId: A }));
    const made = await source.create({ content: [takeA, takeB] });
    const before = await target.dump();
    await expect(target.import(made)).rejects.toThrow(IN_A_CIRCLE('Alpha', 'Beta'));
    await expect(target.validate(made)).rejects.toThrow(IN_A_CIRCLE('Alpha', 'Beta'));
    expect(await target.dump()).toEqual(before);
  });

  it('are refused when a new one closes a circle with one that named it as its own before', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(A, 'Alpha', { parentId: B }), folder(B, 'Beta'));
    await target.put(folder(INNER, 'Inner', { parentId: A }), folder(B, 'Beta', { parentId: INNER }));
    const made = await source.create({ content: [takeA] });
    const before = await target.dump();
    await expect(target.import(made)).rejects.toThrow(IN_A_CIRCLE('Alpha'));
    expect(await target.dump()).toEqual(before);
  });

  it('are refused when one moves only because its texts change', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const texts = (name: string) => ({ translations: { '1:0:': { '1031': name } } });
    await source.put(folder(B, 'Beta'), folder(A, 'Alpha', { parentId: B, ...texts('Anfang') }));
    await target.put(folder(A, 'Alpha', texts('Alpha')), folder(B, 'Beta', { parentId: A }));
    const merge = { ...MERGE, objectActions: [{ id: B, action: 'use_existing' as const }] };
    const made = await source.create({ content: [], settings: { defaultAction: 'replace', merge } });
    const before = await target.dump();
    await expect(target.import(made)).rejects.toThrow(IN_A_CIRCLE('Alpha'));
    expect(await target.dump()).toEqual(before);
  });

  it('are refused when a copy of one lies elsewhere, but it stays where it is', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(B, 'Beta', newer), folder(A, 'Alpha', { parentId: B, ...newer }));
    await target.put(folder(A, 'Alpha'), folder(B, 'Beta', { parentId: A }));
    const made = await source.create({ content: [takeA, { ...takeB, action: 'keep_both' }] });
    const before = await target.dump();
    await expect(target.import(made)).rejects.toThrow(IN_A_CIRCLE('Alpha'));
    expect(await target.dump()).toEqual(before);
  });

  it('are told, and not those that would lie below them', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(
      folder(A, 'Alpha', { parentId: B }),
      folder(B, 'Beta', { parentId: A }),
      folder(INNER, 'Inner', { parentId: B }),
      folder(idOf('OTHER'), 'Other'),
    );
    const content = [A, B, INNER, idOf('OTHER')].map((id) => ({ id, type: 8 }));
    const made = await source.create({ content });
    const refused = String(await target.import(made).catch((error: unknown) => error));
    expect(refused).toMatch(IN_A_CIRCLE('Alpha', 'Beta'));
    expect(refused).not.toContain('Inner');
    expect(refused).not.toContain('Other');
  });

  it('are not added to when they do so already', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(B, 'Beta'), folder(INNER, 'Inner', { parentId: B }));
    await target.put(folder(A, 'Alpha', { parentId: B }), folder(B, 'Beta', { parentId: A }));
    const made = await source.create({ content: [{ id: INNER, type: 8 }] });
    await expect(target.import(made)).rejects.toThrow(IN_A_CIRCLE('Inner'));
    const { counts } = await target.import(await source.create({ content: [takeB] }));
    expect(counts).toMatchObject({ move: 1 });
  });
});

describe('folders that change places', () => {
  it('are imported when both are in the package', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(B, 'Beta'), folder(A, 'Alpha', { parentId: B }));
    await target.put(folder(A, 'Alpha'), folder(B, 'Beta', { parentId: A }));
    const before = await target.dump();
    const made = await source.create({ content: [takeA, takeB] });
    const { importId, counts } = await target.import(made);
    expect(counts).toMatchObject({ move: 2 });
    expect([(await target.find(A))?.parent_id, (await target.find(B))?.parent_id]).toEqual([
      B,
      folder(B, 'Beta').parentId,
    ]);
    await target.undo(made, importId);
    expect(await target.dump()).toEqual(before);
  });

  it('stay as they are when only their copies would lie in each other', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(B, 'Beta', { ...newer }), folder(A, 'Alpha', { parentId: B, ...newer }));
    await target.put(folder(A, 'Alpha'), folder(B, 'Beta', { parentId: A }));
    const made = await source.create({
      content: [
        { ...takeA, action: 'keep_both' },
        { ...takeB, action: 'keep_both' },
      ],
    });
    expect((await target.import(made)).counts).toMatchObject({ duplicate: 2 });
    expect([(await target.find(A))?.parent_id, (await target.find(B))?.parent_id]).toEqual([folder(A, '').parentId, A]);
  });
});

describe('a folder that is deleted', () => {
  it('is refused when something stays in it, of which only a copy lies elsewhere', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const metric = (fields = {}) => anObject({ id: METRIC, type: 4, name: 'Profit', ...fields });
    await source.put(folder(B, 'Beta'), metric({ parentId: B, ...newer }));
    await target.put(folder(A, 'Alpha'), folder(B, 'Beta'), metric({ parentId: A }));
    const made = await source.create({
      content: [
        { id: A, type: 8, name: 'Alpha', action: 'delete' },
        { id: METRIC, type: 4, action: 'keep_both' },
      ],
    });
    const before = await target.dump();
    await expect(target.import(made)).rejects.toThrow(/Alpha[^]*Profit/);
    expect(await target.dump()).toEqual(before);
  });
});
