import { describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { anEnvironmentPair, anObject, idOf } from './environment.ts';

const TABLE = idOf('TABLE');
const FOLDER = idOf('FOLDER');
const REPORT = idOf('REPORT');

const table = (fields = {}) => anObject({ id: TABLE, type: 15, name: 'LU_YEAR', ...fields });
const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000', definition: { size: 2 } };

describe('an undo after work went on', () => {
  it('fails whole when something has come to use what the import made', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table());
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const { importId } = await target.import(made);
    await target.put(anObject({ id: REPORT, type: 3, name: 'Sales', definition: { of: { objectId: TABLE } } }));
    const before = await target.dump();
    await expect(target.undo(made, importId)).rejects.toThrow(/LU_YEAR[^]*Sales/);
    expect(await target.dump()).toEqual(before);
  });

  it('puts back an object that was edited since, and says so', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table(newer));
    await target.put(table({ definition: { size: 1 } }));
    const before = await target.dump();
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const { importId } = await target.import(made);
    await target.put(table({ version: idOf('V3'), definition: { size: 3 } }));
    const { message } = await target.undo(made, importId);
    expect(message).toContain('LU_YEAR');
    expect(await target.dump()).toEqual(before);
  });

  it('keeps a folder that it made when somebody has put something into it', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(anObject({ id: FOLDER, type: 8, name: 'Time' }), table({ parentId: FOLDER }));
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const { importId } = await target.import(made);
    await target.put(anObject({ id: REPORT, type: 3, name: 'Sales', parentId: FOLDER }));
    const { message } = await target.undo(made, importId);
    expect(message).toContain('Time');
    expect(await target.find(FOLDER)).toBeDefined();
    expect(await target.find(REPORT)).toBeDefined();
    expect(await target.find(TABLE)).toBeUndefined();
  });

  it('makes an object again that was deleted since', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table(newer));
    await target.put(table({ definition: { size: 1 } }));
    const before = await target.dump();
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const { importId } = await target.import(made);
    await target.remove(TABLE);
    await target.undo(made, importId);
    expect(await target.dump()).toEqual(before);
  });

  it('fails when what a restored object needs is gone', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const needing = anObject({ id: REPORT, type: 3, name: 'Sales', definition: { of: { objectId: TABLE } } });
    await source.put({ ...needing, ...newer });
    await target.put(table(), needing);
    const made = await source.create({ content: [{ id: REPORT, type: 3 }] });
    const { importId } = await target.import(made);
    await target.remove(TABLE);
    await expect(target.undo(made, importId)).rejects.toThrow(new RegExp(`Sales[^]*${TABLE}[^]*then undo again`));
  });

  it('restores the object into its former folder, and fails when that folder is gone', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table());
    await target.put(anObject({ id: FOLDER, type: 8, name: 'Elsewhere' }), table({ parentId: FOLDER }));
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const { importId, counts } = await target.import(made);
    expect(counts).toMatchObject({ move: 1 });
    expect((await target.find(TABLE))?.parent_id).toBe(WELL_KNOWN.publicObjects);
    await target.remove(FOLDER);
    await expect(target.undo(made, importId)).rejects.toThrow(
      new RegExp(`LU_YEAR[^]*the folder ${FOLDER}[^]*then undo again`),
    );
  });
});
