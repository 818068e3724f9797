import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  OTHER_PROJECT,
  TUTORIAL,
  createWorld,
  type Answer,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import {
  CONFIGURATION_CONTENT,
  YEAR,
  approved,
  createBody,
  created,
  expectStatus,
  moveImport,
  read,
  type Part,
} from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;
const TARGET = 'https://target/MicroStrategyLibrary/';

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
});
afterAll(() => world.close());

const post = (packageInfo: Part, importInfo?: Part): Promise<Answer> =>
  source.call('POST', '/migrations', { body: createBody(TARGET, packageInfo, importInfo), project: TUTORIAL });

const tocView = (settings: Part | null, ...content: Part[]): Part => ({ tocView: { settings, content } });
const year = { id: YEAR, name: 'Year', type: 12 };

describe('a new package', () => {
  it('is handed to the runner as it was asked for', async () => {
    await expectStatus(post({ treeView: { treeViewType: 'project' } }), 201);
    const job = source.runner.jobs.at(-1);
    expect(job).toMatchObject({
      kind: 'create',
      type: 'project',
      purpose: 'object_migration',
      createdAt: '2022-03-16T07:38:40.125+0000',
      caller: { name: 'Administrator', bypassesSecurity: true },
      project: { id: TUTORIAL, name: 'MicroStrategy Tutorial' },
      environment: { id: 'https://source/MicroStrategyLibrary/', name: 'source' },
      settings: { updateSchema: ['recal_table_logical_size'], defaultAction: 'replace' },
      content: [{ id: YEAR, name: 'Year', type: 12, action: 'replace', includeDependents: true }],
    });
    const creating = await read(source, `${job?.packageId}:${job?.importId}`, '?showContent=ALL');
    expect(creating.packageInfo).toMatchObject({
      status: 'creating',
      storage: {},
      treeView: '{"treeViewType":"project"}',
    });
    expect(creating.packageInfo.tocView?.content).toEqual([
      { id: YEAR, name: 'Year', type: 12, action: 'replace', includeDependents: true },
    ]);
    await source.runner.finishCreation();
  });

  it('of nulls and bare words gets the defaults, and never shows a null', async () => {
    const settings = {
      updateSchema: null,
      aclOnReplacingObjects: null,
      aclOnNewObjects: 'inherit_acl_as_dest_folder',
      defaultAction: null,
    };
    const entry = { ...year, name: null, action: null, includeDependents: null, parentId: null, unknownField: 1 };
    const { id } = await expectStatus(
      post({ ...tocView(settings, entry), purpose: null, treeView: null }, { environment: null, project: null }),
      201,
    );
    expect(source.runner.jobs.at(-1)).toMatchObject({
      settings: {
        updateSchema: [],
        aclOnReplacingObjects: 'use_existing',
        aclOnNewObjects: ['inherit_acl_as_dest_folder'],
        defaultAction: 'use_existing',
      },
      content: [{ id: YEAR, type: 12, includeDependents: false }],
    });
    await source.runner.finishCreation();
    const record = await read(source, id, '?showContent=all');
    expect(record.importInfo).toMatchObject({ environment: {}, project: {} });
    expect(JSON.stringify(record)).not.toContain('null');
  });

  it('without settings takes the defaults, and of equal ids the last', async () => {
    const lower = { id: YEAR.toLowerCase(), type: 12, action: 'delete' };
    await expectStatus(post(tocView(null, { ...year, action: 'replace' }, lower)), 201);
    expect(source.runner.jobs.at(-1)).toMatchObject({ content: [{ id: YEAR, type: 12, action: 'delete' }] });
    await source.runner.finishCreation();
  });

  it('takes a subtype for its type', async () => {
    await expectStatus(post(tocView({}, { ...year, type: 3072 })), 201);
    expect(source.runner.jobs.at(-1)).toMatchObject({ content: [{ id: YEAR, type: 12 }] });
    await source.runner.finishCreation();
  });

  it('of the configuration ignores a project header and updates no schema', async () => {
    const settings = { updateSchema: ['recal_table_logical_size'], defaultAction: 'replace' };
    const body = createBody(
      TARGET,
      { ...CONFIGURATION_CONTENT, tocView: { ...CONFIGURATION_CONTENT.tocView, settings } },
      {},
    );
    for (const project of [undefined, 'not an id', '0'.repeat(32)]) {
      const { id } = await expectStatus(
        source.call('POST', '/migrations', { body, ...(project ? { project } : {}) }),
        201,
      );
      expect(source.runner.jobs.at(-1)).toMatchObject({ project: null, settings: { updateSchema: [] } });
      await source.runner.finishCreation();
      const record = await read(source, id, '?showContent=tocview');
      expect(record.packageInfo).toMatchObject({ project: {}, tocView: { settings: { updateSchema: [] } } });
      expect(record.packageInfo.treeView).toBeUndefined();
    }
  });

  it('keeps a tree view that is a text as it is', async () => {
    const { id } = await expectStatus(post({ treeView: '{"a":1}' }), 201);
    await source.runner.finishCreation();
    expect((await read(source, id, '?showContent=treeview')).packageInfo.treeView).toBe('{"a":1}');
  });

  it('that fails says why and names no file', async () => {
    const { id } = await expectStatus(post({}), 201);
    source.runner.progress(30);
    await source.runner.fail("The object 'Year' does not exist.");
    expect((await read(source, id)).packageInfo).toMatchObject({
      status: 'create_failed',
      message: "The object 'Year' does not exist.",
      storage: {},
    });
    expect((await moveImport(source, id, 'requested')).status).toBe(400);
  });

  it('that the runner refuses fails at once', async () => {
    const closing = await world.start('closing');
    closing.runner.refuse();
    const { id } = await expectStatus(
      closing.call('POST', '/migrations', { body: createBody(TARGET), project: TUTORIAL }),
      201,
    );
    expect((await read(closing, id)).packageInfo).toMatchObject({
      status: 'create_failed',
      message: expect.stringContaining('shut down'),
    });
  });
});

describe('a body that cannot be', () => {
  it.each([
    ['a type that is none', { type: 'projects' }, 'ERR006', 'body.packageInfo.type'],
    ['no type', { type: undefined }, 'ERR005', 'packageInfo.type'],
    ['a purpose that is none', { purpose: 'object' }, 'ERR006', 'body.packageInfo.purpose'],
    ['no name', { name: ' ' }, 'ERR005', 'packageInfo.name'],
    ['no environment', { environment: {} }, 'ERR005', 'packageInfo.environment'],
    ['no tocView', { tocView: undefined }, 'ERR005', 'packageInfo.tocView'],
    ['no content', tocView({}), 'ERR005', 'content'],
    [
      'an action that is none',
      tocView({}, { ...year, action: 'overwrite' }),
      'ERR006',
      'body.packageInfo.tocView.content.0.action',
    ],
    [
      'a default action that is none',
      tocView({ defaultAction: 'x' }, year),
      'ERR006',
      'tocView.settings.defaultAction',
    ],
    ['an ACL rule that is none', tocView({ aclOnNewObjects: ['x'] }, year), 'ERR006', 'aclOnNewObjects'],
    [
      'an id that is none',
      tocView({}, { ...year, id: '8D67' }),
      'ERR006',
      "packageInfo.tocView.content[0].id: '8D67' is",
    ],
    ['a type number that is none', tocView({}, { ...year, type: 200 }), 'ERR006', 'content[0].type: The object'],
    ['a subtype that is none', tocView({}, year, { ...year, type: 9999 }), 'ERR006', 'content[1].type: The object'],
    ['a type as text', tocView({}, { ...year, type: '12' }), 'ERR006', 'body.packageInfo.tocView.content.0.type'],
    ['a user in a project package', tocView({}, { ...year, type: 34 }), 'ERR006', 'configuration package'],
    [
      'a report in a configuration package',
      { ...CONFIGURATION_CONTENT, ...tocView({}, { ...year, type: 3 }) },
      'ERR006',
      'project package',
    ],
    ['a system hierarchy', tocView({}, { ...year, type: 3584 }), 'ERR006', YEAR],
    [
      'a folder that is none',
      tocView({}, { ...year, parentId: 'x' }),
      'ERR006',
      'packageInfo.tocView.content[0].parentId',
    ],
    ['a target project that is none', { importInfo: 1 }, 'ERR006', 'importInfo.project.id'],
    ['an unknown uploaded file', { storage: { sharedFileStore: { files: { id: 'x' } } } }, 'ERR006', 'is not found'],
    ['a group', { purpose: 'migration_group' }, 'ERR006', 'Use /api/migrationGroups'],
  ])('%s', async (_, packageInfo: Part, code, text) => {
    const importInfo = 'importInfo' in packageInfo ? { project: { id: 'x' } } : undefined;
    const { status, body } = await post(packageInfo, importInfo);
    expect([status, body.code]).toEqual([400, code]);
    expect(body.message).toContain(text);
  });

  it('names every object that cannot be packed', async () => {
    const { body } = await post(tocView({}, { ...year, type: 34 }, year, { id: 'x', name: 'X', type: 12 }));
    expect(body.subErrors.map((error) => error.additionalProperties)).toEqual([
      { objectId: YEAR, objectName: 'Year' },
      { objectId: 'x', objectName: 'X' },
    ]);
    expect(body.message).toContain('1 more');
  });

  it('no importInfo, no packageInfo, no body at all, no JSON', async () => {
    const { importInfo: _, ...noImport } = createBody(TARGET);
    for (const body of [noImport, {}, undefined]) {
      expect((await source.call('POST', '/migrations', { body, project: TUTORIAL })).status).toBe(400);
    }
    const headers = { 'content-type': 'application/json', 'x-mstr-authtoken': source.adminToken };
    const response = await source.app.inject({ method: 'POST', url: '/api/migrations', headers, payload: '{"a":' });
    expect(response.json()).toMatchObject({ code: 'ERR006', message: expect.stringContaining('Invalid JSON') });
  });

  it('no project header, a bad one, one of a project that is not here', async () => {
    const body = createBody(TARGET);
    expect(await source.call('POST', '/migrations', { body })).toMatchObject({ status: 400, body: { code: 'ERR005' } });
    expect(await source.call('POST', '/migrations', { body, project: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'ERR005' },
    });
    const unknown = await source.call('POST', '/migrations', { body, project: 'A'.repeat(32) });
    expect(unknown).toMatchObject({
      status: 400,
      body: { code: 'ERR006', message: expect.stringContaining('A'.repeat(32)) },
    });
  });

  it('leaves no record and no job behind', async () => {
    const before = await expectStatus(source.call('GET', '/migrations'), 200);
    await post({ purpose: 'migration_group' });
    await source.call('POST', '/migrations', { body: createBody(TARGET) });
    expect((await expectStatus(source.call('GET', '/migrations'), 200)).total).toBe(before.total);
    expect(source.runner.jobs).toEqual([]);
  });
});

const reuse = (
  packageId: string,
  importInfo: Part = { environment: { id: TARGET }, project: { id: OTHER_PROJECT } },
): Promise<Answer> =>
  source.call('POST', `/migrations?unlockOnStart=True&packageId=${packageId}`, { body: { importInfo } });

describe('a further import of a package', () => {
  it('of a locked package is approved already, and the package stays as it is', async () => {
    const { id, packageInfo } = await approved(source, TARGET);
    const again = await expectStatus(reuse(packageInfo.id), 201);
    expect(again).toMatchObject({
      packageInfo: { id: packageInfo.id, status: 'locked', progress: 100 },
      importInfo: { status: 'pending', importRequestStatus: 'approved', undoRequestStatus: 'pending' },
    });
    expect(again.id).not.toBe(id);
    expect(source.runner.jobs).toEqual([]);
    const record = await read(source, again.id, '?showContent=all');
    expect(record.importInfo.project).toEqual({ id: OTHER_PROJECT });
    expect(record.packageInfo).toEqual({ ...packageInfo, replicated: false });
  });

  it('of a created package waits for its approval', async () => {
    const [packageId = ''] = (await created(source, TARGET)).split(':');
    expect((await expectStatus(reuse(packageId), 201)).importInfo.importRequestStatus).toBe('pending');
  });

  it('is refused while the package is created, after that failed, and for a package that is not there', async () => {
    const { id } = await expectStatus(post({}), 201);
    const [packageId = ''] = id.split(':');
    expect((await reuse(packageId)).body.message).toContain("'creating'");
    await source.runner.fail('no');
    expect((await reuse(packageId)).body.message).toContain("'create_failed'");
    expect(await reuse('A'.repeat(32))).toMatchObject({ status: 404, body: { code: 'ERR004' } });
    expect((await reuse('x')).body.message).not.toBe('HTTP 404 Not Found');
  });
});

describe('the storage location', () => {
  it('is looked at before a package is created', async () => {
    await rename(world.storage, `${world.storage}-away`);
    const { status, body } = await post({});
    await rename(`${world.storage}-away`, world.storage);
    expect([status, body.code]).toEqual([500, 'ERR001']);
    expect(body.message).toBe(
      'The Storage Service is not configured properly, please contact your administrator to configure Storage Service',
    );
    expect(source.runner.jobs).toEqual([]);
  });
});
