import { describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { anEnvironmentPair, anObject, idOf, type EnvironmentPair } from './environment.ts';

const [A, B, C] = [idOf('A'), idOf('B'), idOf('C')];
const PUBLIC = WELL_KNOWN.publicObjects;
const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };
const folder = (id: string, name: string, parentId: string, fields = {}) =>
  anObject({ id, type: 8, name, parentId, ...fields });

/** The import takes folder A out of folder B. */
async function takeOut({ source, target }: EnvironmentPair) {
  await source.put(folder(A, 'Years', PUBLIC, newer));
  await target.put(folder(B, 'Time', PUBLIC), folder(A, 'Years', B));
  const made = await source.create({ content: [{ id: A, type: 8 }] });
  const { importId } = await target.import(made);
  expect((await target.find(A))?.parent_id).toBe(PUBLIC);
  return { made, importId };
}

describe('an undo that would put folders into a circle', () => {
  it('stops, names the folder and the one that holds it, and changes nothing', async () => {
    await using pair = await anEnvironmentPair();
    const { target } = pair;
    const { made, importId } = await takeOut(pair);
    await target.put(folder(B, 'Time', A));
    const before = await target.dump();
    await expect(target.undo(made, importId)).rejects.toThrow(
      new RegExp(`'Years' \\(${A}\\) would lie inside itself[^]*'Time' \\(${B}\\)[^]*then undo again`),
    );
    expect(await target.dump()).toEqual(before);
  });

  it('goes through once that one was moved elsewhere', async () => {
    await using pair = await anEnvironmentPair();
    const { target } = pair;
    const { made, importId } = await takeOut(pair);
    await target.put(folder(B, 'Time', A));
    await expect(target.undo(made, importId)).rejects.toThrow('inside itself');
    await target.put(folder(B, 'Time', PUBLIC));
    expect(await target.undo(made, importId)).toEqual({ message: '' });
    expect((await target.find(A))?.parent_id).toBe(B);
  });

  it('stops for a circle over folders that stay, and for one of a folder that was deleted', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(A, 'Years', PUBLIC, newer));
    await target.put(folder(B, 'Time', PUBLIC), folder(C, 'Old', B), folder(A, 'Years', C));
    const made = await source.create({
      content: [
        { id: A, type: 8 },
        { id: C, type: 8, action: 'delete' },
      ],
    });
    const { importId } = await target.import(made);
    await target.put(folder(B, 'Time', A));
    const before = await target.dump();
    await expect(target.undo(made, importId)).rejects.toThrow(/'Old' \([^]*inside itself[^]*'Time' \(/);
    expect(await target.dump()).toEqual(before);
  });

  it('brings back one that was there before the import', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(A, 'Years', PUBLIC, newer), folder(B, 'Time', PUBLIC, newer));
    await target.put(folder(A, 'Years', B), folder(B, 'Time', A));
    const before = await target.dump();
    const made = await source.create({ content: [A, B].map((id) => ({ id, type: 8 })) });
    const { importId } = await target.import(made);
    await target.undo(made, importId);
    expect(await target.dump()).toEqual(before);
  });

  it('is not one where folders only lie below others, however deep', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const chain = Array.from({ length: 600 }, (_, level) =>
      folder(idOf(`D${level}`), `Level ${level}`, level === 0 ? PUBLIC : idOf(`D${level - 1}`)),
    );
    await target.put(...chain, folder(A, 'Years', idOf('D599')));
    await source.put(folder(A, 'Years', PUBLIC, newer));
    const before = await target.dump();
    const made = await source.create({ content: [{ id: A, type: 8 }] });
    const { importId } = await target.import(made);
    expect(await target.undo(made, importId)).toEqual({ message: '' });
    expect(await target.dump()).toEqual(before);
  });
});
