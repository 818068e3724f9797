import { describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { anEnvironmentPair, anObject, aUser, idOf } from './environment.ts';

const YEAR = idOf('YEAR');
const TABLE = idOf('TABLE');
const METRIC = idOf('METRIC');
const FOLDER = idOf('FOLDER');

const uses = (...ids: string[]) => ({ needs: ids.map((objectId) => ({ objectId })) });
const year = (fields = {}) => anObject({ id: YEAR, type: 12, name: 'Year', definition: uses(TABLE), ...fields });
const table = (fields = {}) => anObject({ id: TABLE, type: 15, name: 'LU_YEAR', ...fields });
const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };

describe('an import that misses something', () => {
  it('names who needs what, also what is in neither place', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    const before = await target.dump();
    const made = await source.create({ content: [{ id: YEAR, type: 12 }] });
    await expect(target.import(made)).rejects.toThrow(
      `The attribute 'Year' (${YEAR}) needs the object 'LU_YEAR' (${TABLE}), which the target would not have.`,
    );
    expect(await target.dump()).toEqual(before);
  });

  it('does not learn a name from a package of somebody who may not see it', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    const caller = { principalIds: [WELL_KNOWN.everyone], bypassesSecurity: false };
    const made = await source.create({ content: [{ id: YEAR, type: 12 }], caller });
    const refused: unknown = await target.import(made).catch((error: unknown) => error);
    expect(String(refused)).toContain(`needs the object ${TABLE}, which`);
    expect(String(refused)).not.toContain('LU_YEAR');
  });
});

describe('an import and its undo', () => {
  it('are whole where definitions are too large to be read together, among small ones', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const many = (version: string, letter: string) =>
      Array.from({ length: 12 }, (_, n) => {
        const definition = { needs: [], text: letter.repeat(n % 4 === 1 ? 5_000_000 : 10) };
        return anObject({ id: idOf(`L${n}`), type: 4, name: `Metric ${n}`, version, definition });
      });
    await source.put(...many(idOf('V2'), 'b'));
    await target.put(...many(idOf('V1'), 'a'));
    const before = await target.dump();
    const content = many('', '').map(({ id }) => ({ id, type: 4 }));
    const made = await source.create({ content });
    const imported = await target.import(made);
    expect(imported.counts).toEqual({ keep: 2, replace: 12 });
    expect(await target.dump()).toEqual(await source.dump());
    await target.undo(made, imported.importId);
    expect(await target.dump()).toEqual(before);
  });

  it('creates what is missing, with what it needs, and takes it away again', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(
      anObject({ id: FOLDER, type: 8, name: 'Time' }),
      year({ parentId: FOLDER }),
      table({ parentId: FOLDER }),
    );
    const before = [await target.dump(), await target.references()];
    const made = await source.create({ content: [{ id: YEAR, type: 12, includeDependents: true }] });
    expect(made.result.content.map((entry) => [entry.name, entry.explicitIncluded])).toEqual([
      ['Year', true],
      ['LU_YEAR', false],
    ]);

    const imported = await target.import(made);
    expect(imported.counts).toEqual({ create: 3, keep: 2 });
    expect((await target.find(YEAR))?.parent_id).toBe(FOLDER);
    expect(imported.undo?.size).toBeGreaterThan(0);

    await target.undo(made, imported.importId);
    expect([await target.dump(), await target.references()]).toEqual(before);
  });

  it('replaces, moves and deletes, and the undo brings every byte back', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table({ ...newer, definition: { size: 2 } }), year({ parentId: WELL_KNOWN.projectRoot }));
    await target.put(table({ definition: { size: 1 } }), year(), anObject({ id: METRIC, type: 4, name: 'Old' }));
    const before = [await target.dump(), await target.references()];
    const made = await source.create({
      content: [
        { id: YEAR, type: 12, includeDependents: true },
        { id: METRIC, type: 4, name: 'Old', action: 'delete' },
      ],
    });
    const imported = await target.import(made);
    expect(imported.counts).toMatchObject({ replace: 1, move: 1, delete: 1 });
    expect(await target.find(METRIC)).toBeUndefined();
    expect((await target.find(YEAR))?.version).toBe(idOf('V1'));

    await target.undo(made, imported.importId);
    expect([await target.dump(), await target.references()]).toEqual(before);
  });

  it('writes nothing the second time', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(anObject({ id: FOLDER, type: 8, name: 'Time' }), year({ parentId: FOLDER }), table());
    const made = await source.create({
      content: [
        { id: FOLDER, type: 8 },
        { id: TABLE, type: 15 },
      ],
    });
    await target.import(made);
    const after = await target.dump();
    const second = await target.import(made);
    expect(Object.keys(second.counts)).toEqual(['keep']);
    expect(await target.dump()).toEqual(after);
  });
});

describe('an import that cannot be', () => {
  it('fails whole when a dependency is missing, and says who needs what', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table(), year());
    const made = await source.create({ content: [{ id: YEAR, type: 12 }] });
    const before = await target.dump();
    await expect(target.import(made)).rejects.toThrow(new RegExp(`Year[^]*${TABLE}`));
    expect(await target.dump()).toEqual(before);
  });

  it('does not delete what is still used, and names the user', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await target.put(table(), year());
    const made = await source.create({ content: [{ id: TABLE, type: 15, name: 'LU_YEAR', action: 'delete' }] });
    await expect(target.import(made)).rejects.toThrow(/LU_YEAR[^]*Year/);
  });

  it('deletes a used object together with its only user', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await target.put(table(), year());
    const made = await source.create({
      content: [
        { id: TABLE, type: 15, action: 'delete' },
        { id: YEAR, type: 12, action: 'delete' },
      ],
    });
    expect((await target.import(made)).counts).toEqual({ delete: 2 });
  });
});

describe('names', () => {
  it('gives an incoming object another name when the name is taken, with a warning', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table());
    await target.put(anObject({ id: idOf('OTHER'), type: 15, name: 'lu_year' }));
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    const imported = await target.import(made);
    expect((await target.find(TABLE))?.name).toBe('LU_YEAR (1)');
    expect(imported.message).toContain('LU_YEAR (1)');
  });

  it('refuses the import instead where the server is strict', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table());
    await target.put(anObject({ id: idOf('OTHER'), type: 15, name: 'LU_YEAR' }));
    const made = await source.create({ content: [{ id: TABLE, type: 15 }] });
    await expect(target.import(made, { nameClash: 'fail' })).rejects.toThrow(/LU_YEAR/);
  });

  it('does not rename what takes a name that is given up in the same import', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const second = idOf('SECOND');
    await source.put(table({ ...newer, name: 'LU_OLD' }), anObject({ id: second, type: 15, name: 'LU_YEAR' }));
    await target.put(table());
    const made = await source.create({
      content: [
        { id: TABLE, type: 15 },
        { id: second, type: 15 },
      ],
    });
    await target.import(made);
    expect([(await target.find(TABLE))?.name, (await target.find(second))?.name]).toEqual(['LU_OLD', 'LU_YEAR']);
  });
});

describe('keep_both', () => {
  it('saves a different object as a new one, leads copies to copies, and makes no undo package', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(table({ ...newer, definition: { size: 2 } }), year(newer));
    await target.put(table({ definition: { size: 1 } }), year());
    const made = await source.create({
      content: [{ id: YEAR, type: 12, action: 'keep_both', includeDependents: true }],
      settings: { defaultAction: 'keep_both' },
    });
    const imported = await target.import(made);
    expect(imported.undo).toBeNull();
    expect(imported.message).toContain('keep_both');
    expect((await target.find(YEAR))?.version).toBe(idOf('V1'));
    const copies = (await target.dump()).map((line) => JSON.parse(line)).filter((o) => o.name.endsWith('(1)'));
    const tableCopy = copies.find((o) => o.type === 15);
    expect(copies.find((o) => o.type === 12).definition.needs).toEqual([{ objectId: tableCopy.id }]);
  });
});

describe('users', () => {
  it('refuses a login name that another user has', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(aUser({ id: idOf('ANN'), name: 'Ann', abbreviation: 'ann' }));
    await target.put(aUser({ id: idOf('OTHERANN'), name: 'Ann B', abbreviation: 'ANN' }));
    const made = await source.create({ content: [{ id: idOf('ANN'), type: 34 }], type: 'configuration' });
    await expect(target.import(made)).rejects.toThrow(/login/i);
  });

  it('updates only the addresses of a user that is the same otherwise, and undoes that', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const ann = (definition: object) =>
      aUser({ id: idOf('ANN'), name: 'Ann', abbreviation: 'ann', definition: { username: 'ann', ...definition } });
    await source.put(ann({ addresses: [{ value: 'ann@new.example' }] }));
    await target.put(ann({ addresses: [{ value: 'ann@old.example' }], local: true }));
    const before = await target.dump();
    const made = await source.create({ content: [{ id: idOf('ANN'), type: 34 }], type: 'configuration' });
    const imported = await target.import(made);
    expect(imported.counts).toEqual({ update_contacts: 1 });
    const line = (await target.dump()).find((text) => text.includes('ann@new.example'));
    expect(line).toContain('"local":true');
    await target.undo(made, imported.importId);
    expect(await target.dump()).toEqual(before);
  });
});
