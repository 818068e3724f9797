import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Migration } from '@longshore/client';
import { WELL_KNOWN } from '@longshore/domain';
import { recordingIo, run } from '../../packages/cli/test/recording-io.ts';
import { announcePackage, fromFile, openSession, packageBytes, uploadPackage } from '../builders/uploads.ts';
import {
  createdPackage,
  dumpOf,
  isImported,
  PASSWORD,
  PROJECT,
  twoEnvironments,
  undo,
  YEAR,
  type TwoEnvironments,
} from './two-environments.ts';

describe('plans of what has calls of its own', () => {
  let pair: TwoEnvironments;
  beforeAll(async () => void (pair = await twoEnvironments()));
  afterAll(() => pair[Symbol.asyncDispose]());
  const content = [{ id: YEAR, type: 12, includeDependents: true }];

  it('an uploaded file is planned where it was uploaded, as it is imported', async () => {
    const { dev, prod } = pair;
    const bytes = await packageBytes(dev, await createdPackage(dev, prod, { content }));
    const session = await openSession(prod);
    const before = await dumpOf(prod);
    const file = await uploadPackage(session, bytes);
    const { plans } = prod.client;
    const { id } = await plans.createForFile(file.id, { projectId: PROJECT });
    const plan = await plans.waitFor(id);
    expect(plan).toMatchObject({
      status: 'planned',
      package: { purpose: 'migration_from_shared_file_store', path: file.path },
      project: { id: PROJECT },
    });
    expect(await dumpOf(prod)).toBe(before);
    const [year] = (await plans.objects(id, { q: YEAR })).items;
    expect((await plans.difference(id, year?.id ?? '')).sides).toEqual({ target: true, package: true });
    expect((await plans.list({ packageId: plan.package.id })).data).toMatchObject([{ id }]);
    const { body } = await session.call('POST', '/migrations', { json: fromFile(file.id) });
    const imported = await prod.client.migrations.waitFor(body.id, isImported);
    expect(imported.importInfo.status).toBe('imported');
    expect(imported.packageInfo.id).toBe(plan.package.id);
    const { data } = await prod.client.journal.list({ kind: 'import' });
    const done = data.find(({ importId }) => importId === imported.importInfo.id);
    const { counts = {} } = (done?.summary ?? {}) as { counts?: Record<string, number> };
    const planned = Object.entries(plan.result?.counts ?? {}).filter(([, count]) => count > 0);
    expect(Object.fromEntries(planned)).toEqual(counts);
    expect((await undo(prod, imported.id)).importInfo.status).toBe('undo_success');
  });

  it('the command plans an uploaded file, and needs no source for it', async () => {
    const { dev, prod } = pair;
    const bytes = await packageBytes(dev, await createdPackage(dev, prod, { content }));
    const file = await uploadPackage(await openSession(prod), bytes);
    const io = () => recordingIo({ env: { LONGSHORE_TARGET_PASSWORD: PASSWORD } });
    const args = ['plan', '--file', file.id, '--target', prod.running.url];
    const { code, out } = await run([...args, '--target-project', PROJECT], io());
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(`Plan for ${prod.running.url}`) });
    expect(out).toContain('8D679D51');
    expect((await run([...args, '--id', `${'A'.repeat(32)}:${'B'.repeat(32)}`], io())).code).toBe(2);
    expect((await run(args, io())).code).toBe(3);
  });

  it('a file that is not here, or has no bytes yet, cannot be planned; nor can it be without its rights', async () => {
    const { dev, prod } = pair;
    const { plans } = prod.client;
    const unknown = Buffer.from(`migrations.packages:${'A'.repeat(32)}`).toString('base64');
    await expect(plans.createForFile(unknown, { projectId: PROJECT })).rejects.toMatchObject({ status: 404 });
    const bytes = await packageBytes(dev, await createdPackage(dev, prod, { content }));
    const session = await openSession(prod);
    const announced = await announcePackage(session, bytes);
    await expect(plans.createForFile(announced.id, { projectId: PROJECT })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('was not uploaded yet'),
    });
    const file = await uploadPackage(session, bytes);
    await expect(plans.createForFile(file.id)).rejects.toMatchObject({ status: 400, code: 'ERR005' });
  });

  it('each member of a group is planned against the target as it is, and says so', async () => {
    const { dev, prod } = pair;
    const session = await openSession(dev);
    const settings = {
      aclOnReplacingObjects: 'replace',
      aclOnNewObjects: ['keep_acl_as_source_object'],
      defaultAction: 'replace',
    };
    const project = { id: PROJECT, name: 'MicroStrategy Tutorial' };
    const member = (packageInfo: object, importInfo = {}) => ({ packageInfo, importInfo });
    const users = [{ id: WELL_KNOWN.everyone, type: 34 }];
    const json = {
      name: 'To plan',
      sourceEnvironment: { id: dev.running.url, name: 'dev' },
      targetEnvironment: { id: prod.running.url, name: 'prod' },
      treeView: {},
      migrations: [
        member({ type: 'configuration', tocView: { settings, content: users } }),
        member({ type: 'project', project, tocView: { settings, content } }, { project }),
      ],
    };
    const { status, body } = await session.call('POST', '/migrationGroups', { json, project: null });
    expect([status, body.message]).toEqual([201, undefined]);
    const { migrations } = body as never as { migrations: { id: string }[] };
    expect(migrations).toHaveLength(2);
    for (const { id: memberId } of migrations) {
      const isBuilt = ({ packageInfo }: Migration) => !['empty', 'creating'].includes(packageInfo.status);
      await dev.client.migrations.waitFor(memberId, isBuilt);
      const record = await dev.client.migrations.get(memberId, { show: 'all' });
      const projectId = record.packageInfo.type === 'configuration' ? undefined : PROJECT;
      const { id } = await prod.client.plans.create(record, { projectId });
      const plan = await prod.client.plans.waitFor(id);
      expect(plan).toMatchObject({ status: 'planned', package: { purpose: record.packageInfo.purpose } });
      expect(plan.result?.notes[0]).toContain(
        'a member of a migration group. It is planned against the target as it is',
      );
    }
  });
});
