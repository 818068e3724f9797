import { describe, expect, it } from 'vitest';
import { anEnvironmentPair, aUser, idOf } from './environment.ts';

const [ANN, OTHER] = ['ANN', 'OTHER'].map(idOf) as [string, string];

const user = (id: string, name: string, login: string, abbreviation = login) =>
  aUser({ id, name, abbreviation, definition: { username: login } });

const imported = (pair: Awaited<ReturnType<typeof anEnvironmentPair>>) => async () => {
  const made = await pair.source.create({ type: 'configuration', content: [{ id: ANN, type: 34 }] });
  return pair.target.import(made);
};

describe('a login name that the target has', () => {
  // The target compares logins as its login does: whatever the case, of any letter, composed or not.
  it.each([
    ['in another case', 'ann', 'ANN'],
    ['in another case of a letter that is not ASCII', 'älice', 'ÄLICE'],
    ['composed in another way', 'andr\u00e9', 'andre\u0301'],
  ])('stops the import, %s', async (_how, incoming, existing) => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(user(ANN, 'Ann', incoming));
    await pair.target.put(user(OTHER, 'Other', existing));
    const before = await pair.target.dump();
    await expect(imported(pair)()).rejects.toThrow(`The login name '${incoming}' of the user or group 'Ann'`);
    expect(await pair.target.dump()).toEqual(before);
  });

  it('is that of the definition, whatever the abbreviation says', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(user(ANN, 'Ann', 'root', 'ann'));
    await pair.target.put(user(OTHER, 'Other', 'root', 'other'));
    await expect(imported(pair)()).rejects.toThrow("The login name 'root'");
  });

  it('may move to another user when both come with the package', async () => {
    await using pair = await anEnvironmentPair();
    const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };
    await pair.source.put(user(ANN, 'Ann', 'one'), { ...user(OTHER, 'Other', 'two'), ...newer });
    await pair.target.put(user(OTHER, 'Other', 'one'));
    const before = await pair.target.dump();
    const content = [ANN, OTHER].map((id) => ({ id, type: 34, action: 'replace' as const }));
    const made = await pair.source.create({ type: 'configuration', content });
    const { importId } = await pair.target.import(made);
    expect((await pair.target.find(ANN, null))?.abbreviation).toBe('one');
    await pair.target.undo(made, importId);
    expect(await pair.target.dump()).toEqual(before);
  });

  it('stops an undo that would give it to a second user', async () => {
    await using pair = await anEnvironmentPair();
    const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };
    await pair.source.put({ ...user(ANN, 'Ann', 'new'), ...newer });
    await pair.target.put(user(ANN, 'Ann', 'öld'));
    const content = [{ id: ANN, type: 34, action: 'replace' as const }];
    const made = await pair.source.create({ type: 'configuration', content });
    const { importId } = await pair.target.import(made);
    await pair.target.put(user(OTHER, 'Other', 'ÖLD'));
    const before = await pair.target.dump();
    await expect(pair.target.undo(made, importId)).rejects.toThrow("The login name 'öld'");
    expect(await pair.target.dump()).toEqual(before);
  });
});
