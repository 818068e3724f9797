import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import { isCreated, isImported, PROJECT, twoEnvironments, YEAR, type TwoEnvironments } from './two-environments.ts';

let both: TwoEnvironments;
beforeAll(async () => {
  both = await twoEnvironments();
});
afterAll(() => both[Symbol.asyncDispose]());

const project = { id: PROJECT, name: 'MicroStrategy Tutorial' };
const tocView = {
  settings: { defaultAction: 'replace' },
  content: [{ id: YEAR, type: 12, includeDependents: true }],
} as const;

const environmentOf = (name: 'dev' | 'prod') => ({ id: both[name].running.url, name });

async function aPackage(name: string): Promise<Migration> {
  const { migrations } = both.dev.client;
  const { id } = await migrations.create(
    {
      packageInfo: { type: 'project', name, environment: environmentOf('dev'), tocView },
      importInfo: { environment: environmentOf('prod'), project },
    },
    { projectId: PROJECT },
  );
  const created = await migrations.waitFor(id, isCreated);
  expect(created.packageInfo).toMatchObject({ status: 'created', creator: { name: 'Administrator' } });
  return created;
}

describe('calls that the console makes', () => {
  it('says which privileges the caller holds', async () => {
    const privileges = await both.dev.client.privileges();
    expect(privileges.find(({ id }) => id === '296')).toMatchObject({ isUserLevelAllowed: true });
  });

  it('validates on the target and reads the result from the source', async () => {
    const { dev, prod } = both;
    const { id } = await aPackage('To validate');
    const record = await dev.client.migrations.get(id, { show: 'all' });
    await prod.client.migrations.validate(record, { projectId: PROJECT });
    await dev.client.migrations.patch(id, { validation: { status: 'validating' } });
    const { validation } = await dev.client.migrations.waitFor(
      id,
      (read) => read.validation !== undefined && read.validation.status !== 'validating',
    );
    expect(validation).toMatchObject({ status: 'validated', progress: 100 });
  });

  it('edits and certifies', async () => {
    const { migrations } = both.dev.client;
    const { id } = await aPackage('To edit');
    await migrations.edit(id, { type: 'project', name: 'Edited', tocView });
    expect((await migrations.waitFor(id, isCreated)).packageInfo.name).toBe('Edited');
    await migrations.certify(id, { status: 'certified' });
    expect((await migrations.get(id)).packageInfo.certification).toMatchObject({
      status: 'certified',
      operator: { name: 'Administrator' },
    });
  });

  it('downloads a package, uploads it on the other side and imports the file', async () => {
    const { dev, prod } = both;
    const { packageInfo } = await aPackage('By hand');
    const blob = await (await dev.client.migrations.downloadPackage(packageInfo.id)).blob();
    const sha256 = createHash('sha256')
      .update(Buffer.from(await blob.arrayBuffer()))
      .digest('hex');
    const file = await prod.client.files.create({
      name: 'By hand',
      type: 'migrations.packages',
      extension: 'mmp',
      size: blob.size,
      sha256,
      environment: environmentOf('prod'),
      extraInfo: { packageType: 'project', packagePurpose: 'object_migration' },
    });
    expect(await prod.client.files.upload(file.id, blob)).toMatchObject({ existing: true });
    expect((await prod.client.files.list()).data.map(({ name }) => name)).toEqual(['By hand']);
    const target = { fileId: file.id, environment: environmentOf('prod'), project };
    const { id } = await prod.client.migrations.importFile(target, { projectId: PROJECT });
    const imported = await prod.client.migrations.waitFor(id, isImported);
    expect(imported.importInfo.status).toBe('imported');
    const undo = await (await prod.client.migrations.downloadUndo(imported.importInfo.id)).blob();
    expect(undo.size).toBe(imported.importInfo.undoStorage?.size);
    await prod.client.files.delete(file.id);
  });

  it('takes a group from its creation to its import', async () => {
    const { dev, prod } = both;
    const groups = dev.client.migrationGroups;
    const { id } = await groups.create({
      name: 'A group',
      sourceEnvironment: environmentOf('dev'),
      targetEnvironment: environmentOf('prod'),
      treeView: {},
      migrations: [{ packageInfo: { type: 'project', project, tocView } as never, importInfo: { project } }],
    });
    await expect.poll(async () => (await groups.get(id)).status, { timeout: 20_000 }).toBe('created');
    await groups.certify(id, { status: 'certified' });
    await groups.patch(id, { importRequestStatus: 'requested' });
    await groups.patch(id, { importRequestStatus: 'approved' });
    await prod.client.migrationGroups.import(await groups.get(id, { show: 'all' }));
    await expect
      .poll(async () => (await prod.client.migrationGroups.get(id)).status, { timeout: 20_000 })
      .toBe('imported');
    expect((await prod.client.migrationGroups.list()).data.map(({ name }) => name)).toEqual(['A group']);
    await groups.delete(id.split(':')[0] ?? '');
    expect((await groups.list()).total).toBe(0);
  });
});
