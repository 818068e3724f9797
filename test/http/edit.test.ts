import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { PRIVILEGE } from '../../packages/server/src/platform/http/access.ts';
import { storeBytes } from '../builders/held-runner.ts';
import {
  OTHER_PROJECT,
  TUTORIAL,
  createWorld,
  type Answer,
  type Call,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { aPackageRow, anImportRow, idOf, insertRows } from '../builders/migration-rows.ts';
import {
  CONFIGURATION_CONTENT,
  YEAR,
  created,
  expectStatus,
  imported,
  moveImport,
  read,
  storedSize,
  type Part,
} from '../builders/migration-walk.ts';
import { askValidation, validate, validationOf } from '../builders/validation-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const MONTH = 'A'.repeat(32);
const EDITED = {
  type: 'project',
  name: 'Edited',
  tocView: {
    settings: { defaultAction: 'use_newer', updateSchema: ['update_schema_logical_info'] },
    content: [
      { id: YEAR, name: 'Year', type: 12 },
      { id: MONTH, name: 'Month', type: 12, action: 'replace' },
    ],
  },
  treeView: { treeViewType: 'project' },
};

const edit = (id: string, change: Part = {}, call: Call = {}): Promise<Answer> =>
  source.call('PUT', `/migrations/${id}/packageInfo`, { body: { ...EDITED, ...change }, ...call });
const jobRows = (): Promise<unknown[]> => source.platform.library.reader.selectFrom('job').selectAll().execute();
const sizeAt = (path: string | undefined): Promise<{ size: number } | null> =>
  source.files.stat(parseStorePath(path ?? ''));

describe('an edit', () => {
  it('builds the package again under the same ids, and the old file goes when the new one is there', async () => {
    const id = await created(source, target.id);
    const before = await read(source, id, '?showContent=all');
    source.clock.advance(5000);
    const answer = await edit(id, { purpose: 'object_migration', project: { id: TUTORIAL.toLowerCase() } });
    const packageId = id.split(':')[0] ?? '';
    expect(answer).toMatchObject({ status: 202, body: { id: packageId, status: 'creating', progress: 0 } });
    expect(Object.keys(answer.body)).toEqual(['id', 'status', 'progress']);
    const [job] = source.runner.jobs;
    expect(job).toMatchObject({
      kind: 'create',
      packageId,
      name: 'Edited',
      project: before.packageInfo.project,
      environment: before.packageInfo.environment,
      settings: { defaultAction: 'use_newer', updateSchema: ['update_schema_logical_info'] },
      content: [{ id: YEAR }, { id: MONTH, action: 'replace' }],
      replacedPath: before.packageInfo.storage.path,
    });
    source.runner.progress(30);
    const creating = await read(source, id, '?showContent=all');
    expect(creating.packageInfo).toMatchObject({
      name: 'Edited',
      status: 'creating',
      progress: 30,
      storage: {},
      existing: true,
      treeView: '{"treeViewType":"project"}',
      creationDate: before.packageInfo.creationDate,
      creator: before.packageInfo.creator,
    });
    expect(await storedSize(source, before)).not.toBeNull();

    source.clock.advance(5000);
    const { size } = await source.runner.finishCreation();
    const after = await read(source, id, '?showContent=all');
    expect(after.packageInfo).toMatchObject({ status: 'created', progress: 100, storage: { size } });
    expect(after.packageInfo.lastUpdatedDate > before.packageInfo.lastUpdatedDate).toBe(true);
    expect(after.packageInfo.tocView?.settings?.defaultAction).toBe('use_newer');
    expect(after.packageInfo.tocView?.content?.map((entry) => entry.id)).toEqual([YEAR, MONTH]);
    expect(after.packageInfo.storage.path).not.toBe(before.packageInfo.storage.path);
    expect(after.importInfo).toEqual(before.importInfo);
    expect([await storedSize(source, before), (await sizeAt(after.packageInfo.storage.path))?.size]).toEqual([
      null,
      size,
    ]);
    expect(await jobRows()).toEqual([]);
  });

  it('that fails leaves no file, and can be made good by another edit', async () => {
    const id = await created(source, target.id);
    const before = await read(source, id);
    await expectStatus(edit(id), 202);
    await source.runner.fail("The object 'Month' does not exist.");
    expect((await read(source, id)).packageInfo).toMatchObject({
      status: 'create_failed',
      message: "The object 'Month' does not exist.",
      storage: {},
    });
    expect(await storedSize(source, before)).toBeNull();
    await expectStatus(edit(id), 202);
    expect(source.runner.jobs[0]).not.toHaveProperty('replacedPath');
    await source.runner.finishCreation();
    expect((await read(source, id)).packageInfo).toMatchObject({ status: 'created', message: '' });
  });

  it('that a crash interrupts leaves neither the old file nor the new one', async () => {
    const id = await created(source, target.id);
    const before = await read(source, id);
    await expectStatus(edit(id), 202);
    const [job] = source.runner.jobs;
    const path = job?.kind === 'create' ? job.storagePath : '';
    await storeBytes(source.files, path, 'whole, but the record did not hear of it');
    await source.settle();
    expect((await read(source, id)).packageInfo).toMatchObject({
      status: 'create_failed',
      message: expect.stringContaining('restart'),
      storage: {},
    });
    expect([await storedSize(source, before), await sizeAt(path), await jobRows()]).toEqual([null, null, []]);
  });

  it('drops the validation, and a result for the old content is none for the new one', async () => {
    const id = await created(source, target.id);
    const record = await read(source, id, '?showContent=all');
    await expectStatus(validate(target, record), 202);
    await expectStatus(askValidation(source, id), 200);
    await expectStatus(edit(id), 202);
    await target.runner.finishValidation();
    expect(await validationOf(source, id)).toBeUndefined();
    await source.runner.finishCreation();
    await expectStatus(askValidation(source, id), 200);
    expect((await validationOf(source, id))?.status).toBe('validating');
    // What the target is sent is compared with the file, and that is another one now.
    expect((await validate(target, record)).body.message).toContain('not in the shared file store');
    await expectStatus(validate(target, await read(source, id, '?showContent=all')), 202);
    await target.runner.finishValidation();
    expect((await validationOf(source, id))?.status).toBe('validated');
  });

  it('takes the certification back, if there was one', async () => {
    const id = await created(source, target.id);
    await expectStatus(edit(id), 202);
    await source.runner.finishCreation();
    expect((await read(source, id)).packageInfo).not.toHaveProperty('certification');
    const url = `/migrations/${id}/packageInfo/certification`;
    await expectStatus(source.call('PATCH', url, { body: { status: 'certified' } }), 204);
    source.clock.advance(1000);
    await expectStatus(edit(id), 202);
    const { certification, lastUpdatedDate } = (await read(source, id)).packageInfo;
    expect(certification).toMatchObject({
      status: 'uncertified',
      operator: { name: 'Administrator' },
      lastUpdatedDate,
    });
    await source.runner.finishCreation();
  });

  it('of a configuration package, and after a rejection, is fine', async () => {
    const id = await created(source, target.id, CONFIGURATION_CONTENT);
    await expectStatus(moveImport(source, id, 'requested'), 200);
    await expectStatus(moveImport(source, id, 'rejected'), 200);
    await expectStatus(edit(id, CONFIGURATION_CONTENT), 202);
    expect(source.runner.jobs).toMatchObject([{ type: 'configuration', project: null }]);
    await source.runner.finishCreation();
    expect((await read(source, id)).importInfo.importRequestStatus).toBe('rejected');
    await expectStatus(moveImport(source, id, 'requested'), 200);
  });

  it('of a project merge replaces its rules, and asks for the rights to make one', async () => {
    const merge = { purpose: 'project_merge', tocView: { settings: { defaultAction: 'use_existing' } } };
    const id = await created(source, target.id, merge);
    const rules = { ...merge, tocView: { settings: { defaultAction: 'replace', validateDependencies: false } } };
    expect((await edit(id, rules, { as: [PRIVILEGE.createPackage] })).status).toBe(403);
    const withContent = await edit(id, { purpose: 'project_merge' });
    expect(withContent).toMatchObject({ status: 400, body: { message: expect.stringContaining('content') } });
    await expectStatus(edit(id, rules), 202);
    const creating = await read(source, id, '?showContent=all');
    expect(creating.packageInfo.tocView).toMatchObject({ settings: { defaultAction: 'replace' } });
    expect(creating.packageInfo.tocView).not.toHaveProperty('content');
    await source.runner.finishCreation();
    const record = await read(source, id, '?showContent=all');
    expect(record.packageInfo.tocView).toEqual(creating.packageInfo.tocView);
    await expectStatus(validate(target, record), 202);
    expect(target.runner.jobs).toMatchObject([{ kind: 'validate', type: 'project' }]);
    await target.runner.finishValidation();
  });

  it('may change the fields of the answer', async () => {
    const id = await created(source, target.id);
    const answer = await source.call('PUT', `/migrations/${id}/packageInfo?fields=status`, { body: EDITED });
    expect(answer).toEqual({ status: 202, body: { status: 'creating' } });
    await source.runner.finishCreation();
  });
});

describe('an edit is refused', () => {
  it.each<[string, Part, string, string]>([
    ['without a type', { type: null }, 'ERR005', 'field type'],
    ['without a name', { name: null }, 'ERR005', 'field name'],
    ['with an empty name', { name: ' ' }, 'ERR005', 'name'],
    ['without a tocView', { tocView: null }, 'ERR005', 'field tocView'],
    ['without content', { tocView: { settings: {}, content: [] } }, 'ERR005', 'content'],
    ['with another type', { type: 'configuration' }, 'ERR006', "type is 'configuration'"],
    ['with another purpose', { purpose: 'project_merge' }, 'ERR006', "purpose is 'project_merge'"],
    ['with another project', { project: { id: OTHER_PROJECT } }, 'ERR006', `project.id is '${OTHER_PROJECT}'`],
    [
      'with what such a package cannot hold',
      { tocView: { content: [{ id: YEAR, type: 34 }] } },
      'ERR006',
      'cannot be in a project package',
    ],
    [
      'with a rule that is none',
      { tocView: { settings: { defaultAction: 'merge' } } },
      'ERR006',
      'body.tocView.settings',
    ],
  ])('%s', async (_, change, code, text) => {
    const id = await created(source, target.id);
    const before = await read(source, id, '?showContent=all');
    source.clock.advance(1000);
    const refused = await edit(id, change);
    expect(refused).toMatchObject({ status: 400, body: { code, message: expect.stringContaining(text) } });
    expect(await read(source, id, '?showContent=all')).toEqual(before);
    expect(source.runner.jobs).toEqual([]);
  });

  it('in a state that does not allow it, which it names', async () => {
    const text = (field: string, value: string): string =>
      `Cannot do current operation for now when \`${field}\` is '${value}'.`;
    const id = await created(source, target.id);
    await expectStatus(moveImport(source, id, 'requested'), 200);
    expect((await edit(id)).body).toMatchObject({
      code: 'ERR006',
      message: text('importInfo.importRequestStatus', 'requested'),
    });
    await expectStatus(moveImport(source, id, 'approved'), 200);
    expect((await edit(id)).body).toMatchObject({ code: 'ERR006', message: text('packageInfo.status', 'locked') });

    const again = await created(source, target.id);
    await expectStatus(edit(again), 202);
    expect((await edit(again)).body.message).toBe(text('packageInfo.status', 'creating'));
    await source.runner.finishCreation();

    const copy = await imported(source, target);
    const onCopy = await target.call('PUT', `/migrations/${copy}/packageInfo`, { body: EDITED });
    expect(onCopy.body.message).toContain("`packageInfo.replicated` is 'true'");
  });

  it('when another import of the package has been requested', async () => {
    const id = await created(source, target.id);
    const packageId = id.split(':')[0] ?? '';
    const body = { importInfo: {} };
    const other = await expectStatus(source.call('POST', `/migrations?packageId=${packageId}`, { body }), 201);
    await expectStatus(moveImport(source, other.id, 'requested'), 200);
    expect((await edit(id)).body.message).toContain("`importInfo.importRequestStatus` is 'requested'");
  });

  it.each(['migration_from_shared_file_store', 'migration_group', 'migration_group_child'])(
    'for a package of purpose %s',
    async (purpose) => {
      const packageId = idOf('E', purpose.length);
      const importId = idOf('F', purpose.length);
      const row = aPackageRow({ id: packageId, purpose });
      await insertRows(source.platform, [row], [anImportRow({ id: importId, package_id: packageId })]);
      const refused = await edit(`${packageId}:${importId}`);
      expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
      expect(refused.body.message).toContain(`\`packageInfo.purpose\` is '${purpose}'`);
    },
  );

  it('without Create package, and for what is not there', async () => {
    const id = await created(source, target.id);
    const { applyPackage, createPackage } = PRIVILEGE;
    expect(await edit(id, {}, { as: [applyPackage] })).toMatchObject({ status: 403, body: { code: 'ERR014' } });
    const elsewhere = (privilege: number, projectId: string | null): boolean =>
      privilege === createPackage && projectId === OTHER_PROJECT;
    expect((await edit(id, {}, { as: elsewhere, project: OTHER_PROJECT })).status).toBe(403);
    const unknown = id.split('').toReversed().join('');
    expect(await edit(unknown)).toMatchObject({ status: 404, body: { code: 'ERR004' } });
    await expectStatus(edit(id, {}, { as: [createPackage] }), 202);
    await source.runner.finishCreation();
  });
});
