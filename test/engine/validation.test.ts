import { describe, expect, it } from 'vitest';
import { AppError } from '@longshore/contracts';
import { STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { anEnvironmentPair, anObject, aUser, idOf, PROJECT, type EngineEnvironment } from './environment.ts';

const [ANN, ROLE, YEAR] = ['ANN', 'ROLE', 'YEAR'].map(idOf) as [string, string, string];

const role = () => anObject({ id: ROLE, type: 44, subtype: 11264, projectId: null, parentId: null, name: 'Analyst' });
const ann = (definition = {}) => aUser({ id: ANN, name: 'Ann', definition: { username: 'ann', ...definition } });
const linked = { securityRoles: [{ projectId: PROJECT, roleId: ROLE }] };

const state = async (environment: EngineEnvironment) => [
  await environment.dump(),
  await environment.references(),
  await environment.metadata.reader.selectFrom('journal_transaction').selectAll().execute(),
  await Array.fromAsync(environment.files.list(STORE_FOLDERS.undo)),
];

const packLinks = (source: EngineEnvironment) =>
  source.create({
    type: 'project_security',
    content: [{ id: ANN, type: 34, action: 'replace' }],
    settings: { aclOnReplacingObjects: null },
  });

describe('a validation of links', () => {
  it('finds what is missing on the target', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(role(), ann(linked));
    await pair.target.put(ann());
    const made = await packLinks(pair.source);
    const before = await state(pair.target);
    await expect(pair.target.validate(made)).rejects.toThrow(AppError);
    await expect(pair.target.validate(made)).rejects.toThrow(ROLE);
    expect(await state(pair.target)).toEqual(before);
  });

  it('says what the import does, and writes none of it', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(role(), ann(linked));
    await pair.target.put(role(), ann());
    const made = await packLinks(pair.source);
    const before = await state(pair.target);
    const validated = await pair.target.validate(made);
    expect(await state(pair.target)).toEqual(before);
    const { message, counts } = await pair.target.import(made);
    expect(validated).toEqual({ message, counts });
    expect(await state(pair.target)).not.toEqual(before);
  });
});

describe('a validation of a file', () => {
  it('refuses one that is not the package, or not there, as the import does', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(anObject({ id: YEAR, type: 12 }));
    const made = await pair.source.create({ content: [{ id: YEAR, type: 12 }] });
    await expect(pair.target.validate({ ...made, packageId: idOf('OTHER') })).rejects.toThrow('is not package');
    await expect(pair.target.validate({ ...made, type: 'configuration' })).rejects.toThrow('type');
    const resized = { ...made, result: { ...made.result, size: made.result.size + 1 } };
    await expect(pair.target.validate(resized)).rejects.toThrow('bytes');
    await expect(pair.target.validate(made, { projectId: idOf('NONE') })).rejects.toThrow('does not exist');
  });
});
