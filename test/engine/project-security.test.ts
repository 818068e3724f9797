import { describe, expect, it } from 'vitest';
import type { ConflictAction, JsonObject, MetadataObject } from '@longshore/domain';
import {
  anEnvironmentPair,
  anObject,
  aUser,
  idOf,
  PROJECT,
  type EngineEnvironment,
  type MadePackage,
} from './environment.ts';
import { stateOf } from './outcomes.ts';

const [ANN, STAFF, ROLE, OTHER_ROLE, FILTER, CONNECTION, PROFILE, ELSEWHERE] = [
  'ANN',
  'STAFF',
  'ROLE',
  'OTHERROLE',
  'FILTER',
  'CONNECTION',
  'PROFILE',
  'ELSEWHERE',
].map(idOf) as [string, string, string, string, string, string, string, string];

const role = (id: string, name: string) =>
  anObject({ id, type: 44, subtype: 11264, projectId: null, parentId: null, name, definition: { privileges: [] } });
const filter = (fields = {}) => anObject({ id: FILTER, type: 58, name: 'North only', ...fields });
const roles = (...given: readonly [roleId: string, projectId?: string][]) => ({
  securityRoles: given.map(([roleId, projectId = PROJECT]) => ({ projectId, roleId })),
});
const ann = (definition: JsonObject, fields = {}) =>
  aUser({ id: ANN, name: 'Ann', abbreviation: 'ann', definition: { username: 'ann', ...definition }, ...fields });

const pack = (source: EngineEnvironment, action: ConflictAction = 'replace', id = ANN): Promise<MadePackage> =>
  source.create({
    type: 'project_security',
    content: [{ id, type: 34, action }],
    settings: { aclOnReplacingObjects: null },
  });

async function definitionOf(environment: EngineEnvironment, id = ANN): Promise<JsonObject> {
  const line = (await environment.dump()).find((text) => text.includes(`"id":"${id}","kind"`)) ?? '{}';
  return (JSON.parse(line) as MetadataObject).definition;
}

/** Ann has the role in the source; what the target has of her is given. */
async function aPair(existing: JsonObject, fields: Partial<MetadataObject> = {}) {
  const pair = await anEnvironmentPair();
  await pair.source.put(role(ROLE, 'Analyst'), role(OTHER_ROLE, 'Editor'), ann(roles([ROLE]), fields));
  await pair.target.put(role(ROLE, 'Analyst'), role(OTHER_ROLE, 'Editor'), ann(existing));
  return pair;
}

describe('a project security package', () => {
  it('sets the links, of every kind, for the project it is imported into, and is undone to the byte', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const links = {
      securityRoles: [
        { projectId: PROJECT, roleId: ROLE },
        { projectId: ELSEWHERE, roleId: OTHER_ROLE },
      ],
      securityFilters: [{ projectId: PROJECT, filterId: FILTER }],
      connectionMaps: [{ projectId: PROJECT, connectionId: CONNECTION, locale: '1033' }],
      profileFolders: [{ projectId: PROJECT, folderId: PROFILE }],
      preferences: [{ projectId: PROJECT, rowsPerPage: 50 }],
    };
    const connection = anObject({ id: CONNECTION, type: 31, projectId: null, parentId: null, name: 'Warehouse' });
    const folder = anObject({ id: PROFILE, type: 8, name: 'Ann' });
    for (const environment of [source, target]) {
      await environment.put(role(ROLE, 'Analyst'), role(OTHER_ROLE, 'Editor'), filter(), connection, folder);
    }
    await source.put(ann({ ...links, privileges: ['295'], secret: 'of the source' }));
    await target.put(ann({ privileges: ['16'], securityRoles: [{ projectId: ELSEWHERE, roleId: ROLE }] }));
    const before = await stateOf(target);

    const made = await pack(source);
    expect(made.result.content).toMatchObject([
      {
        id: ANN,
        name: 'Ann',
        type: 34,
        level: 'configuration_object',
        explicitIncluded: true,
        includeDependents: false,
      },
    ]);
    const imported = await target.import(made);
    expect(imported).toMatchObject({ message: '', counts: { replace: 1 } });
    const { securityRoles: _roles, ...others } = links;
    expect(await definitionOf(target)).toEqual({
      username: 'ann',
      privileges: ['16'],
      securityRoles: [
        { projectId: ELSEWHERE, roleId: ROLE },
        { projectId: PROJECT, roleId: ROLE },
      ],
      ...others,
    });
    expect((await target.find(ANN, null))?.version).not.toBe(idOf('V1'));
    expect(await target.findWrongHashes()).toEqual([]);

    const after = await stateOf(target);
    expect((await target.import(made)).counts).toEqual({ keep: 1 });
    expect(await stateOf(target)).toEqual(after);
    await target.undo(made, imported.importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('holds nothing of the user but the links', async () => {
    await using pair = await aPair({});
    const { source } = pair;
    await source.put(ann({ ...roles([ROLE]), email: 'ann@example.com' }, { description: 'A person' }));
    const { storagePath } = await pack(source);
    const lines = await source.readPackage(storagePath);
    expect(JSON.stringify(lines)).not.toMatch(/example\.com|A person|username/);
    expect(lines.map((line) => line.body)).toEqual([
      JSON.stringify({ names: { [ROLE]: 'Analyst' }, securityRoles: [{ projectId: PROJECT, roleId: ROLE }] }),
    ]);
  });

  it('goes into a project of another id', async () => {
    await using pair = await aPair({});
    const { target } = pair;
    await target.metadata.write(async (tx) => {
      const row = await tx.selectFrom('project').selectAll().executeTakeFirstOrThrow();
      await tx
        .insertInto('project')
        .values({ ...row, id: ELSEWHERE, name: 'Elsewhere' })
        .execute();
    });
    const before = await stateOf(target);
    const made = await pack(pair.source);
    const { importId } = await target.import(made, { projectId: ELSEWHERE });
    expect(await definitionOf(target)).toMatchObject(roles([ROLE, ELSEWHERE]));
    await target.undo(made, importId, { projectId: ELSEWHERE });
    expect(await stateOf(target)).toEqual(before);
  });

  it('is validated with the outcome that the import then has, and changes nothing', async () => {
    await using pair = await aPair({});
    const { source, target } = pair;
    const before = await stateOf(target);
    const made = await pack(source);
    const { counts } = await target.validate(made);
    expect(await stateOf(target)).toEqual(before);
    expect((await target.import(made)).counts).toEqual(counts);
    await target.remove(ROLE, null);
    await expect(target.validate(made)).rejects.toThrow(/Analyst/);
  });

  it('of a group takes the links of the group', async () => {
    await using pair = await aPair({});
    const { source, target } = pair;
    const staff = (definition: JsonObject) => aUser({ id: STAFF, name: 'Staff', subtype: 8705, definition });
    await source.put(staff(roles([ROLE])));
    await target.put(staff({}));
    await target.import(await pack(source, 'replace', STAFF));
    expect(await definitionOf(target, STAFF)).toEqual(roles([ROLE]));
  });

  it('leaves the schema of the project as it is, also when it is undone', async () => {
    await using pair = await aPair({});
    const { source, target } = pair;
    const tableState = { project_id: PROJECT, table_id: idOf('TABLE'), logical_size: 7, table_key: null };
    await target.metadata.write((tx) => tx.insertInto('table_state').values(tableState).execute());
    const made = await pack(source);
    const { importId } = await target.import(made);
    await target.undo(made, importId);
    expect(await target.metadata.reader.selectFrom('table_state').selectAll().execute()).toEqual([tableState]);
  });
});

describe('the rule for a user who has links on the target', () => {
  const LATER = { dateModified: '2021-01-01T00:00:00.000+0000' };
  it.each([
    ['use_existing', LATER, [OTHER_ROLE]],
    ['replace', {}, [ROLE]],
    ['force_replace', {}, [ROLE]],
    ['keep_both', {}, [OTHER_ROLE, ROLE]],
    ['use_newer', LATER, [ROLE]],
    ['use_newer', {}, [OTHER_ROLE]],
    ['use_older', LATER, [OTHER_ROLE]],
    ['use_older', {}, [ROLE]],
    ['delete', {}, []],
  ] as const)('%s (source %o) leaves %o', async (action, fields, expected) => {
    await using pair = await aPair(roles([OTHER_ROLE], [ROLE, ELSEWHERE]), fields);
    const { source, target } = pair;
    const before = await stateOf(target);
    const made = await pack(source, action);
    const imported = await target.import(made);
    const others = roles([ROLE, ELSEWHERE], ...expected.map((id): [string] => [id])).securityRoles;
    const { securityRoles } = await definitionOf(target);
    expect(new Set(securityRoles as object[])).toEqual(new Set(others));
    if (action === 'keep_both') {
      expect(imported.undo).toBeNull();
      expect(imported.message).toContain('keep_both');
      return;
    }
    await target.undo(made, imported.importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('use_existing gives them to a user who has none', async () => {
    await using pair = await aPair(roles([OTHER_ROLE, ELSEWHERE]));
    await pair.target.import(await pack(pair.source, 'use_existing'));
    expect(await definitionOf(pair.target)).toMatchObject(roles([OTHER_ROLE, ELSEWHERE], [ROLE]));
  });

  it('delete takes away the links of a user whom the source no longer has', async () => {
    await using pair = await aPair(roles([OTHER_ROLE]));
    await pair.source.remove(ANN, null);
    await pair.target.import(await pack(pair.source, 'delete'));
    expect(await definitionOf(pair.target)).toEqual({ username: 'ann', securityRoles: [] });
  });
});

describe('a project security package that cannot be imported', () => {
  const refused = async (prepare: (target: EngineEnvironment, source: EngineEnvironment) => Promise<void>) => {
    await using pair = await aPair({});
    const { source, target } = pair;
    await prepare(target, source);
    const before = await stateOf(target);
    const made = await pack(source);
    const message = await target.import(made).then(
      () => 'imported',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    expect(await stateOf(target)).toEqual(before);
    return message;
  };

  it('names a user whom the target does not have', async () => {
    const message = await refused((target) => target.remove(ANN, null));
    expect(message).toMatch(new RegExp(`'Ann' \\(${ANN}\\) is not on the target`));
  });

  it('names a role that the target does not have, as the source calls it', async () => {
    const message = await refused((target) => target.remove(ROLE, null));
    expect(message).toMatch(new RegExp(`'Ann'.*security role 'Analyst' \\(${ROLE}\\), which the target does not have`));
  });

  it('names a filter that is not in the target project, though it is in another one', async () => {
    const message = await refused(async (target, source) => {
      await source.put(filter(), ann({ securityFilters: [{ projectId: PROJECT, filterId: FILTER }] }));
      await target.put(filter({ projectId: ELSEWHERE }));
    });
    expect(message).toMatch(new RegExp(`security filter 'North only' \\(${FILTER}\\)`));
  });

  it('does not take a group for a user', async () => {
    const message = await refused((target) => target.put(aUser({ id: ANN, name: 'Ann', subtype: 8705 })));
    expect(message).toMatch(/has the id of/);
  });

  it('but leaves out a profile folder that the target does not have, and says so', async () => {
    await using pair = await aPair({});
    const { source, target } = pair;
    await source.put(ann({ ...roles([ROLE]), profileFolders: [{ projectId: PROJECT, folderId: PROFILE }] }));
    const { message } = await target.import(await pack(source));
    expect(message).toMatch(new RegExp(`folder ${PROFILE}, which the target does not have; the link was left out`));
    expect(await definitionOf(target)).toEqual({ username: 'ann', ...roles([ROLE]) });
  });
});
