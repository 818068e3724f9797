import { describe, expect, it } from 'vitest';
import { PREDEFINED_FOLDERS } from '@longshore/domain';
import {
  approvedPackage,
  dumpOf,
  importInto,
  PROJECT,
  twoEnvironments,
  undo,
  type TestServer,
} from './two-environments.ts';

const COPY = 'C0'.repeat(16);

interface DumpedObject extends Record<string, unknown> {
  readonly id: string;
  readonly kind: string;
  readonly type: number;
  readonly definition: Record<string, unknown>;
}

const objectsOf = (dump: string): DumpedObject[] =>
  dump
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DumpedObject)
    .filter((line) => line.kind === 'object');

const PREDEFINED = new Set(PREDEFINED_FOLDERS.map((folder) => folder.id));

/** What a merge carries. A folder that holds something gets a version and a time of its own. */
const carried = (dump: string): Map<string, object> =>
  new Map(
    objectsOf(dump)
      .filter((object) => !PREDEFINED.has(object.id))
      .map((object) => {
        const { projectId: _, ...rest } = object;
        return [object.id, object.type === 8 ? { ...rest, version: '', dateModified: '' } : rest];
      }),
  );

async function addProject(server: TestServer): Promise<void> {
  const line = JSON.stringify({ kind: 'project', id: COPY, name: 'Copy', description: '' });
  await server.client.metadata.load(new Blob([line]).stream());
}

describe('a project merge between two real servers', () => {
  it('into an empty project makes it equal, and its undo leaves nothing behind', async () => {
    await using pair = await twoEnvironments();
    const { dev } = pair;
    await addProject(dev);
    const before = await dumpOf(dev);
    const options = { purpose: 'project_merge', targetProjectId: COPY } as const;
    const record = await approvedPackage(dev, dev, options);
    expect(record.packageInfo.tocView).not.toHaveProperty('content');
    const imported = await importInto(dev, record);
    expect(imported.importInfo).toMatchObject({ status: 'imported', message: '', project: { id: COPY } });
    expect(carried(await dumpOf(dev, COPY))).toEqual(carried(await dumpOf(dev, PROJECT)));
    expect((await undo(dev, record.id, COPY)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(dev)).toBe(before);
  });

  it('brings an older project up to date, and its undo brings every byte back', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const before = await dumpOf(prod);
    const users = await approvedPackage(dev, prod, {
      type: 'configuration',
      content: objectsOf(await dumpOf(dev))
        .filter((object) => object['projectId'] === null && object.type !== 8)
        .map((object) => ({ id: object.id, type: object.type })),
      settings: { defaultAction: 'use_existing' },
    });
    expect((await importInto(prod, users)).importInfo.message).toBe('');
    const settings = { translationAction: 'replace', updateSchema: ['recal_table_logical_size'] };
    const record = await approvedPackage(dev, prod, { purpose: 'project_merge', settings });
    const imported = await importInto(prod, record);
    expect(imported.importInfo.status).toBe('imported');
    const [source, target] = [carried(await dumpOf(dev, PROJECT)), carried(await dumpOf(prod, PROJECT))];
    expect([...source.keys()].filter((id) => !target.has(id))).toEqual([]);
    expect(imported.importInfo.undoStorage?.size).toBeGreaterThan(0);
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect((await undo(prod, users.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);
  });
});

describe('a project security package between two real servers', () => {
  it('gives users who have lost their roles what they have in the source, at once', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const onProd = new Map(objectsOf(await dumpOf(prod)).map((object) => [object.id, object]));
    const holders = objectsOf(await dumpOf(dev)).filter(
      (object) =>
        object.type === 34 &&
        onProd.has(object.id) &&
        rolesOf(object).length > 0 &&
        rolesOf(object).every((roleId) => onProd.has(roleId)),
    );
    expect(holders.length).toBeGreaterThan(0);
    const robbed = holders.map(({ id }) => {
      const object = onProd.get(id);
      return JSON.stringify({ ...object, definition: { ...object?.definition, securityRoles: [] } });
    });
    await prod.client.metadata.load(new Blob([robbed.join('\n')]).stream());
    const before = await dumpOf(prod);

    const record = await approvedPackage(dev, prod, {
      type: 'project_security',
      content: holders.map(({ id }) => ({ id, type: 34 })),
    });
    expect(record.packageInfo).toMatchObject({ type: 'project_security', project: { id: PROJECT } });
    const imported = await importInto(prod, record);
    expect(imported.importInfo).toMatchObject({ status: 'imported', message: '' });
    const after = new Map(objectsOf(await dumpOf(prod)).map((object) => [object.id, object]));
    for (const holder of holders) expect(rolesOf(after.get(holder.id))).toEqual(rolesOf(holder));
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);
  });
});

function rolesOf(object: DumpedObject | undefined): string[] {
  const roles = (object?.definition['securityRoles'] ?? []) as { projectId: string; roleId: string }[];
  return roles.filter((role) => role.projectId === PROJECT).map((role) => role.roleId);
}
