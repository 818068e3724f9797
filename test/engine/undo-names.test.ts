import { describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment, type EnvironmentPair } from './environment.ts';

const [T, D, E, FOLDER] = [idOf('T'), idOf('D'), idOf('E'), idOf('FOLDER')];
const PUBLIC = WELL_KNOWN.publicObjects;
const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };
const metric = (id: string, name: string, fields = {}) => anObject({ id, type: 4, name, ...fields });
const folder = (id: string, name: string, fields = {}) => anObject({ id, type: 8, name, ...fields });

const importOf = async ({ source, target }: EnvironmentPair, id = T, action: 'replace' | 'delete' = 'replace') => {
  const made = await source.create({ content: [{ id, type: id === FOLDER ? 8 : 4, action }] });
  return { made, importId: (await target.import(made)).importId };
};

async function expectRefused(
  target: EngineEnvironment,
  { made, importId }: Awaited<ReturnType<typeof importOf>>,
  message: RegExp,
): Promise<void> {
  const before = await target.dump();
  await expect(target.undo(made, importId)).rejects.toThrow(message);
  expect(await target.dump()).toEqual(before);
}

describe('an undo that would give an object a name that is taken meanwhile', () => {
  it('stops, names both and their folder, and goes through once the other one is renamed', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(metric(T, 'New', newer));
    await target.put(metric(T, 'Old'));
    const imported = await importOf(pair);
    await target.put(metric(D, 'OLD'));
    const said = `'Old' \\(${T}\\)[^]*'Public Objects' \\(${PUBLIC}\\)[^]*'OLD' \\(${D}\\)[^]*then undo again`;
    await expectRefused(target, imported, new RegExp(said));
    await target.put(metric(D, 'Other'));
    expect(await target.undo(imported.made, imported.importId)).toEqual({ message: '' });
    expect((await target.find(T))?.name).toBe('Old');
  });

  it('stops for what the import deleted', async () => {
    await using pair = await anEnvironmentPair();
    await pair.target.put(metric(T, 'Old'));
    const imported = await importOf(pair, T, 'delete');
    await pair.target.put(metric(D, 'Old'));
    await expectRefused(pair.target, imported, /'Old'[^]*'Old'/);
  });

  it('stops for what the import moved', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(metric(T, 'Old', { parentId: PUBLIC }));
    await target.put(folder(FOLDER, 'Sales'), metric(T, 'Old', { parentId: FOLDER }));
    const imported = await importOf(pair);
    await target.put(metric(D, 'old', { parentId: FOLDER }));
    await expectRefused(target, imported, /'Old'[^]*'Sales'[^]*'old'/);
  });

  it('stops for what the import only edited, and others renamed', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(metric(T, 'Old', { ...newer, definition: { of: 2 } }));
    await target.put(metric(T, 'Old'));
    const imported = await importOf(pair);
    await target.put(metric(T, 'Renamed', { version: idOf('V3') }), metric(D, 'Old'));
    await expectRefused(target, imported, /'Old'[^]*'Old'/);
  });

  it('stops for a folder that the import made and that stays', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const [made, inside] = [idOf('MADE'), idOf('INSIDE')];
    await source.put(folder(FOLDER, 'New', newer), folder(made, 'Sales'), metric(T, 'T', { parentId: made }));
    await target.put(folder(FOLDER, 'Sales'));
    const content = [{ id: FOLDER, type: 8 }, ...[T].map((id) => ({ id, type: 4 }))];
    const created = await source.create({ content });
    const { importId } = await target.import(created);
    expect((await target.find(made))?.name).toBe('Sales');
    await target.put(metric(inside, 'Mine', { parentId: made }));
    await expectRefused(
      target,
      { made: created, importId },
      new RegExp(`'Sales' \\(${FOLDER}\\)[^]*'Sales' \\(${made}\\)`),
    );
  });

  it('stops in the configuration, but for people, who share names', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const [role, user] = [idOf('ROLE'), idOf('USER')];
    const own = { projectId: null, parentId: null, acl: [], definition: {} };
    const aRole = (id: string, name: string, fields = {}) => anObject({ id, type: 44, name, ...own, ...fields });
    const aUser = (id: string, name: string, fields = {}) =>
      anObject({ id, type: 34, subtype: 8704, abbreviation: id, name, ...own, ...fields });
    await source.put(aRole(role, 'New', newer), aUser(user, 'New', newer));
    await target.put(aRole(role, 'Old'), aUser(user, 'Old'));
    const content = [
      { id: role, type: 44 },
      { id: user, type: 34 },
    ];
    const made = await source.create({ content, type: 'configuration' });
    const { importId } = await target.import(made);
    await target.put(aUser(idOf('OTHER'), 'Old'));
    await target.put(aRole(D, 'OLD'));
    await expectRefused(
      target,
      { made, importId },
      new RegExp(`^[^]*'Old' \\(${role}\\)[^\n]*'OLD' \\(${D}\\)[^\n]*$`),
    );
    await target.remove(D, null);
    expect(await target.undo(made, importId)).toEqual({ message: '' });
  });
});

describe('two objects that had one name before an import', () => {
  const pairOfOld = async (pair: EnvironmentPair) => {
    await pair.target.put(metric(T, 'Old'), metric(D, 'OLD'));
    return pair.target.dump();
  };

  it('have it again after the undo, when one was renamed', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(metric(T, 'New', newer));
    const before = await pairOfOld(pair);
    const { made, importId } = await importOf(pair);
    expect(await pair.target.undo(made, importId)).toEqual({ message: '' });
    expect(await pair.target.dump()).toEqual(before);
  });

  it('have it again after the undo, when both were', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(metric(T, 'New', newer), metric(D, 'Newer', newer));
    const before = await pairOfOld(pair);
    const made = await pair.source.create({ content: [T, D].map((id) => ({ id, type: 4 })) });
    const { importId } = await pair.target.import(made);
    expect(await pair.target.undo(made, importId)).toEqual({ message: '' });
    expect(await pair.target.dump()).toEqual(before);
  });

  it('have it again when one was deleted, and a third one still is in the way', async () => {
    await using pair = await anEnvironmentPair();
    const before = await pairOfOld(pair);
    const imported = await importOf(pair, T, 'delete');
    await pair.target.put(metric(E, 'old'));
    await expectRefused(pair.target, imported, new RegExp(`^[^\n]*\n[^\n]*\\(${T}\\)[^\n]*'old' \\(${E}\\)[^\n]*$`));
    await pair.target.remove(E);
    expect(await pair.target.undo(imported.made, imported.importId)).toEqual({ message: '' });
    expect(await pair.target.dump()).toEqual(before);
  });

  it('do not count when the other one comes from elsewhere', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(metric(T, 'New', newer), metric(E, 'Newer', newer));
    await target.put(
      folder(FOLDER, 'Sales'),
      metric(T, 'Old', { parentId: FOLDER }),
      metric(E, 'Old'),
      metric(D, 'Old'),
    );
    const made = await source.create({ content: [T, E].map((id) => ({ id, type: 4 })) });
    const { importId } = await target.import(made);
    // Before the import D shared its name with E, and now would with T, in another folder.
    await target.put(metric(D, 'Old', { parentId: FOLDER }));
    await expectRefused(target, { made, importId }, new RegExp(`'Old' \\(${T}\\)[^]*'Sales'[^]*'Old' \\(${D}\\)`));
  });

  it('do not stop an undo that only brings a definition back', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(metric(T, 'Old', { ...newer, definition: { of: 2 } }));
    await target.put(metric(T, 'Old'));
    const { made, importId } = await importOf(pair);
    await target.put(metric(D, 'Old'));
    expect(await target.undo(made, importId)).toEqual({ message: '' });
  });
});
