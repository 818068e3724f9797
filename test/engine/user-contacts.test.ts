import { describe, expect, it } from 'vitest';
import { referencesOf, scopeOf, type MetadataObject } from '@longshore/domain';
import {
  anEnvironmentPair,
  anObject,
  aUser,
  idOf,
  type EngineEnvironment,
  type EnvironmentPair,
} from './environment.ts';
import { stateOf } from './outcomes.ts';

/** A user of the same version gets addresses and contacts alone, and with them what they need. */

const [ANN, GROUP, OLD, NEW] = ['ANN', 'GROUP', 'OLD', 'NEW'].map(idOf) as [string, string, string, string];

const device = (id: string, name: string) =>
  anObject({ id, type: 9, subtype: 2304, name, projectId: null, parentId: null });
const group = () => aUser({ id: GROUP, name: 'Analysts', subtype: 8705 });

const addressOn = (id: string) => ({ addresses: [{ value: 'ann@example.com', device: { objectId: id } }] });
const ann = (definition = {}) =>
  aUser({ id: ANN, name: 'Ann', abbreviation: 'ann', definition: { username: 'ann', ...definition } });

/** The repository keeps the references that its definitions make, and no others. */
async function expectWholeReferences(environment: EngineEnvironment): Promise<void> {
  const objects = (await environment.dump()).map((line) => JSON.parse(line) as MetadataObject);
  const derived = objects.flatMap((object) =>
    referencesOf(object).map(({ id, type }) => `${scopeOf(object.projectId)} ${object.id} ${id} ${type}`),
  );
  expect(await environment.references()).toEqual(derived.toSorted());
}

const takeAnn = { id: ANN, type: 34 } as const;
const createOf = ({ source }: EnvironmentPair, ...content: { id: string; type: number; action?: 'delete' }[]) =>
  source.create({ type: 'configuration', content });

describe('addresses that an import gives to a user', () => {
  it('need what they name, or the import is refused', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(device(NEW, 'Mail'), ann(addressOn(NEW)));
    await target.put(ann());
    const before = await stateOf(target);
    const made = await createOf(pair, takeAnn);
    await expect(target.import(made)).rejects.toThrow(
      `The user or group 'Ann' (${ANN}) needs the object 'Mail' (${NEW}), which the target would not have.`,
    );
    expect(await stateOf(target)).toEqual(before);
  });

  it('are kept as needs of the user, and undone to the byte', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(device(NEW, 'Mail'), ann(addressOn(NEW)));
    await target.put(device(NEW, 'Mail'), device(OLD, 'Fax'), group());
    await target.put(ann({ ...addressOn(OLD), memberships: [GROUP] }));
    const before = await stateOf(target);
    const made = await createOf(pair, takeAnn);
    const { importId, counts } = await target.import(made);
    expect(counts).toEqual({ update_contacts: 1 });
    expect(await target.findWrongHashes()).toEqual([]);
    await expectWholeReferences(target);
    const after = await stateOf(target);
    expect(after).not.toEqual(before);
    expect((await target.import(made)).counts).toEqual({ keep: 1 });
    expect(await stateOf(target)).toEqual(after);
    await source.remove(NEW, null);
    await expect(target.import(await createOf(pair, { id: NEW, type: 9, action: 'delete' }))).rejects.toThrow(
      /cannot be deleted[^]*Ann/,
    );
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('may name what the same import makes, whose undo takes both away', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(device(NEW, 'Mail'), ann(addressOn(NEW)));
    await target.put(ann());
    const before = await stateOf(target);
    const made = await createOf(pair, takeAnn, { id: NEW, type: 9 });
    const { importId, counts } = await target.import(made);
    expect(counts).toEqual({ create: 1, update_contacts: 1 });
    await expectWholeReferences(target);
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('let go what they named before, which the same import may delete', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(device(NEW, 'Mail'), ann(addressOn(NEW)));
    await target.put(device(NEW, 'Mail'), device(OLD, 'Fax'), ann(addressOn(OLD)));
    const before = await stateOf(target);
    const made = await createOf(pair, takeAnn, { id: OLD, type: 9, action: 'delete' });
    const { importId, counts } = await target.import(made);
    expect(counts).toEqual({ delete: 1, update_contacts: 1 });
    await expectWholeReferences(target);
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('do not let the same import delete what they name, nor what the user needs besides', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(ann(addressOn(NEW)));
    await target.put(device(NEW, 'Mail'), device(OLD, 'Fax'), group());
    await target.put(ann({ ...addressOn(OLD), memberships: [GROUP] }));
    const before = await stateOf(target);
    const deleting = (id: string, type: number) => createOf(pair, takeAnn, { id, type, action: 'delete' });
    await expect(target.import(await deleting(NEW, 9))).rejects.toThrow(
      `The user or group 'Ann' (${ANN}) needs the object ${NEW}`,
    );
    await expect(target.import(await deleting(GROUP, 34))).rejects.toThrow(/cannot be deleted[^]*Ann/);
    expect(await stateOf(target)).toEqual(before);
  });

  it('are taken by a user who needs something else that was missing before', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(ann({ addresses: [{ value: 'ann@example.com' }] }));
    await target.put(ann({ ...addressOn(OLD), memberships: [GROUP] }));
    const before = await stateOf(target);
    const made = await createOf(pair, takeAnn);
    const { importId, counts } = await target.import(made);
    expect(counts).toEqual({ update_contacts: 1 });
    await expectWholeReferences(target);
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });
});
