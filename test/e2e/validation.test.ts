import { describe, expect, it } from 'vitest';
import type { ImportInfo, Migration, PackageInfo } from '@longshore/contracts';
import { plainCaller, type PlainCall } from '../builders/plain-http.ts';
import { dumpOf, importInto, PASSWORD, PROJECT, twoEnvironments, YEAR, type TestServer } from './two-environments.ts';

const caller = (server: TestServer): Promise<PlainCall> =>
  plainCaller({ url: server.running.url, password: PASSWORD, projectId: PROJECT });

async function until(call: PlainCall, id: string, isDone: (record: Migration) => boolean): Promise<Migration> {
  for (;;) {
    const record = JSON.parse((await call('GET', `/migrations/${id}?showContent=all`)).text) as Migration;
    if (isDone(record)) return record;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isBuilt = ({ packageInfo }: { packageInfo: Pick<PackageInfo, 'status'> }): boolean =>
  packageInfo.status !== 'creating';
const isValidated = ({ validation }: Migration): boolean => validation?.status !== 'validating';

const toc = (...content: object[]): object => ({
  settings: {
    updateSchema: ['recal_table_logical_size'],
    aclOnReplacingObjects: 'replace',
    aclOnNewObjects: ['keep_acl_as_source_object'],
    defaultAction: 'replace',
  },
  content,
});

async function createOn(dev: TestServer, prod: TestServer, call: PlainCall, content: object[]): Promise<Migration> {
  const importInfo: Partial<ImportInfo> = {
    environment: { id: prod.running.url, name: 'prod' },
    project: { id: PROJECT, name: 'MicroStrategy Tutorial' },
  };
  const environment = { id: dev.running.url, name: 'dev' };
  const packageInfo = { type: 'project', name: 'To be validated', environment, tocView: toc(...content), treeView: {} };
  const { text } = await call('POST', '/migrations', { packageInfo, importInfo });
  return until(call, (JSON.parse(text) as { id: string }).id, isBuilt);
}

/** As clients do it: the target first, then the source, which is then asked until it knows. */
async function validated(source: PlainCall, target: PlainCall, record: Migration): Promise<Migration['validation']> {
  const started = await target('PUT', `/migrations/${record.id}/validation`, record);
  expect(started).toEqual({ status: 202, text: '' });
  const asked = await source('PATCH', `/migrations/${record.id}`, { validation: { status: 'validating' } });
  expect(asked.status).toBe(200);
  return (await until(source, record.id, isValidated)).validation;
}

describe('a validation between two real servers', () => {
  it('passes, changes nothing, and is followed by an import that does what it foresaw', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const [source, target] = [await caller(dev), await caller(prod)];
    const before = await dumpOf(prod);
    const record = await createOn(dev, prod, source, [{ id: YEAR, type: 12, includeDependents: true }]);
    expect(await validated(source, target, record)).toMatchObject({ status: 'validated', progress: 100 });
    expect(await dumpOf(prod)).toBe(before);

    for (const importRequestStatus of ['requested', 'approved']) {
      await source('PATCH', `/migrations/${record.id}`, { importInfo: { importRequestStatus } });
    }
    const approved = await dev.client.migrations.get(record.id, { show: 'all' });
    const imported = await importInto(prod, approved);
    expect(imported.importInfo).toMatchObject({ status: 'imported' });
    expect(await dumpOf(prod)).not.toBe(before);
  });

  it('fails with what the import would fail with, and passes after the package was edited', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const [source, target] = [await caller(dev), await caller(prod)];
    const before = await dumpOf(prod);
    const record = await createOn(dev, prod, source, [{ id: YEAR, type: 12, action: 'delete' }]);
    const failed = await validated(source, target, record);
    expect(failed).toMatchObject({ status: 'validation_failed', message: expect.stringContaining("'Year'") });
    expect(await dumpOf(prod)).toBe(before);

    const edit = { type: 'project', name: 'Edited', tocView: toc({ id: YEAR, type: 12, includeDependents: true }) };
    expect((await source('PUT', `/migrations/${record.id}/packageInfo`, edit)).status).toBe(202);
    const edited = await until(source, record.id, isBuilt);
    expect(edited.packageInfo).toMatchObject({ status: 'created', name: 'Edited' });
    expect(edited).not.toHaveProperty('validation');
    expect(await validated(source, target, edited)).toMatchObject({ status: 'validated' });
    expect(await dumpOf(prod)).toBe(before);
  });

  it('fails while somebody else has locked the schema, as the import would', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const [source, target] = [await caller(dev), await caller(prod)];
    const ann = { username: 'ann', password: 'the password of ann' };
    const administrators = ['5F3FAFE111D2D8CC6000CC8E67019608'];
    expect((await target('POST', '/users', { ...ann, fullName: 'Ann', memberships: administrators })).status).toBe(201);
    const asAnn = await plainCaller({ url: prod.running.url, projectId: PROJECT, ...ann });
    expect((await asAnn('POST', '/model/schema/lock', { lockType: 'absolute_individual' })).status).toBe(201);
    const record = await createOn(dev, prod, source, [{ id: YEAR, type: 12, includeDependents: true }]);
    const failed = await validated(source, target, record);
    expect(failed).toMatchObject({ status: 'validation_failed', message: expect.stringContaining("by 'Ann'") });
  });
});
