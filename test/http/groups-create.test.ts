import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import {
  aMember,
  call,
  CONFIGURATION,
  createdGroup,
  expecting,
  groupBody,
  MEMBERS,
  packagesOf,
  patch,
  readGroup,
} from '../builders/group-walk.ts';
import {
  createWorld,
  OTHER_PROJECT,
  TUTORIAL,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { idOf } from '../builders/migration-rows.ts';
import type { Part } from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
});
afterAll(() => world.close());

const create = (changes: Part = {}, as?: readonly number[]) =>
  call(source, 'POST', '', { body: groupBody('https://target/', changes), ...(as ? { as: as as never } : {}) });
const HEX = /^[0-9A-F]{32}:[0-9A-F]{32}$/;

describe('a new group', () => {
  it('has its first package under way and the others empty', async () => {
    const body = await expecting(create(), 201);
    expect(Object.keys(body).toSorted()).toEqual([
      'id',
      'importRequestStatus',
      'migrations',
      'name',
      'undoRequestStatus',
    ]);
    expect(body).toMatchObject({ name: 'G1', importRequestStatus: 'pending', undoRequestStatus: 'pending' });
    expect(body.id).toMatch(HEX);
    expect(packagesOf(body)).toEqual(['creating', 'empty', 'empty']);
    const [packageGroupId, importGroupId] = body.id.split(':');
    for (const { id, packageInfo, importInfo } of body.migrations) {
      expect(id).toBe(`${packageInfo.id}:${importInfo.id}`);
      expect(packageInfo).toEqual({
        id: packageInfo.id,
        groupId: packageGroupId,
        status: packageInfo.status,
        progress: 0,
      });
      expect(importInfo).toEqual({ id: importInfo.id, groupId: importGroupId, status: 'pending', progress: 0 });
    }
    expect(source.runner.jobs).toHaveLength(1);
    source.runner.forget();
  });

  it('is built member by member, in the order of the body', async () => {
    const body = await expecting(create(), 201);
    const built: string[] = [];
    for (const expected of [
      ['created', 'creating', 'empty'],
      ['created', 'created', 'creating'],
      ['created', 'created', 'created'],
    ]) {
      const [job] = source.runner.jobs;
      built.push(job?.kind === 'create' ? `${job.packageId} ${job.project?.id ?? 'configuration'} ${job.purpose}` : '');
      await source.runner.finishCreation();
      const stored = await readGroup(source, body.id);
      const byId = new Map(stored.migrations.map((member) => [member.id, member.packageInfo.status]));
      expect(body.migrations.map((member) => byId.get(member.id))).toEqual(expected);
    }
    const ids = body.migrations.map((member) => member.packageInfo.id);
    expect(built).toEqual([
      `${ids[0]} configuration object_migration`,
      `${ids[1]} ${TUTORIAL} object_migration`,
      `${ids[2]} ${OTHER_PROJECT} object_migration`,
    ]);
    expect(source.runner.jobs).toEqual([]);
  });

  it('is read whole, configuration first and then by project name', async () => {
    const id = await createdGroup(source, 'https://target/', {
      migrations: [CONFIGURATION, aMember(TUTORIAL), aMember(OTHER_PROJECT)],
      treeView: { expanded: true },
    });
    const group = await readGroup(source, id);
    expect(group).toMatchObject({
      id,
      name: 'G1',
      status: 'created',
      sourceEnvironment: { id: 'https://source/MicroStrategyLibrary/', name: 'source' },
      targetEnvironment: { id: 'https://target/', name: 'target' },
      treeView: '{"expanded":true}',
      importRequestStatus: 'pending',
      undoRequestStatus: 'pending',
      version: '1',
    });
    expect(group.migrations.map(({ packageInfo }) => packageInfo.project.name ?? packageInfo.type)).toEqual([
      'configuration',
      'Human Resources',
      'MicroStrategy Tutorial',
    ]);
    expect(group.migrations.map(({ packageInfo }) => packageInfo.purpose)).toEqual([
      'migration_group',
      'migration_group_child',
      'migration_group_child',
    ]);
    const [configuration, , tutorial] = group.migrations;
    expect(tutorial?.packageInfo).toMatchObject({
      name: 'G1',
      groupId: id.split(':')[0],
      replicated: false,
      status: 'created',
      progress: 100,
      existing: true,
      storage: { size: expect.any(Number), path: expect.stringMatching(/^mstr\/shared\/migrations\/packages\//) },
      tocView: { settings: { defaultAction: 'replace' }, content: [{ name: 'Year', action: 'replace' }] },
    });
    expect(tutorial?.importInfo).toMatchObject({
      creator: {},
      project: { id: TUTORIAL },
      undoStorage: {},
      message: '',
    });
    expect(configuration?.importInfo.project).toEqual({});
    for (const member of group.migrations) {
      expect(member.packageInfo).not.toHaveProperty('environment');
      expect(member.packageInfo).not.toHaveProperty('treeView');
      for (const key of ['environment', 'importRequestStatus', 'undoRequestStatus']) {
        expect(member.importInfo).not.toHaveProperty(key);
      }
    }
  });

  it('shows while it is built what was asked for, and tree views when they are wanted', async () => {
    const { id } = await expecting(create(), 201);
    const group = await readGroup(source, id, '?showContent=ALL');
    expect(group.status).toBe('creating');
    expect(group.migrations[2]?.packageInfo).toMatchObject({
      status: 'empty',
      storage: {},
      existing: true,
      tocView: { content: [{ name: 'Year' }] },
      treeView: '{}',
    });
    source.runner.progress(40);
    const building = await readGroup(source, id);
    expect(building.migrations[0]?.packageInfo).toMatchObject({ status: 'creating', progress: 40 });
    source.runner.forget();
  });

  it('stops at the first package that cannot be built', async () => {
    const { id } = await expecting(create(), 201);
    await source.runner.finishCreation();
    await source.runner.fail('Object X no longer exists in the source');
    expect(source.runner.jobs).toEqual([]);
    const group = await readGroup(source, id);
    expect(group.status).toBe('create_failed');
    expect(packagesOf(group).toSorted()).toEqual(['create_failed', 'created', 'empty']);
    const failed = group.migrations.find((member) => member.packageInfo.status === 'create_failed');
    expect(failed?.packageInfo.message).toBe('Object X no longer exists in the source');
    const { status, body } = await patch(source, id, { importRequestStatus: 'requested' });
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain("`packageInfo.status` is 'create_failed'.");
    expect(body.message).toContain(failed?.packageInfo.id);
  });

  it('leaves nothing at work when the runner takes no more', async () => {
    const world = await createWorld();
    try {
      const other = await world.start('other');
      other.runner.refuse();
      const body = groupBody('https://target/');
      const { id } = await expecting(call(other, 'POST', '', { body }), 201);
      const group = await readGroup(other, id);
      expect([group.status, packagesOf(group)]).toEqual(['create_failed', ['create_failed', 'empty', 'empty']]);
      expect(group.migrations[0]?.packageInfo.message).toContain('shut down');
    } finally {
      await world.close();
    }
  });
});

describe('a body that cannot be', () => {
  it.each<[string, Part, string, string]>([
    ['no name', { name: ' ' }, 'ERR005', 'The field name is required'],
    ['no source', { sourceEnvironment: null }, 'ERR005', 'sourceEnvironment'],
    ['no members', { migrations: [] }, 'ERR005', 'The field migrations is required'],
    ['too many', { migrations: Array.from({ length: 5 }, () => CONFIGURATION) }, 'ERR006', 'migrations has 5 packages'],
    [
      'two packages of one project',
      { migrations: [aMember(TUTORIAL), aMember(OTHER_PROJECT), aMember(TUTORIAL)] },
      'ERR006',
      `migrations[2].packageInfo.project.id is ${TUTORIAL}, which migrations[0] has already`,
    ],
    [
      'a configuration package in second place',
      { migrations: [aMember(TUTORIAL), CONFIGURATION] },
      'ERR006',
      "migrations[1].packageInfo.type is 'configuration', but only the first",
    ],
    [
      'a second configuration package',
      { migrations: [CONFIGURATION, CONFIGURATION] },
      'ERR006',
      "migrations[1].packageInfo.type is 'configuration'",
    ],
    [
      'a member without project',
      { migrations: [CONFIGURATION, aMember(TUTORIAL, { project: null })] },
      'ERR005',
      'migrations[1].packageInfo.project is required',
    ],
    [
      'a project that is not here',
      { migrations: [aMember(idOf('D', 1))] },
      'ERR006',
      `migrations[0].packageInfo.project.id is ${idOf('D', 1)}, which is not a project`,
    ],
    [
      'a project id that is none',
      { migrations: [aMember('abc')] },
      'ERR006',
      "migrations[0].packageInfo.project.id 'abc' is not 32 hex digits",
    ],
    [
      'a member without type',
      { migrations: [aMember(TUTORIAL, { type: undefined })] },
      'ERR005',
      'migrations[0].packageInfo.type is required',
    ],
    [
      'a member without content',
      { migrations: [CONFIGURATION, aMember(TUTORIAL, { tocView: { settings: {} } })] },
      'ERR005',
      'migrations[1].packageInfo.tocView.content is required',
    ],
    [
      'a user in a project package',
      { migrations: [aMember(TUTORIAL, { tocView: { content: [{ id: idOf('1', 1), type: 34 }] } })] },
      'ERR006',
      'migrations[0].packageInfo.tocView.content[0].type: The object',
    ],
    [
      'a target project that is none',
      { migrations: [aMember(TUTORIAL, {}, { project: { id: 'x' } })] },
      'ERR006',
      "migrations[0].importInfo.project.id 'x' is not 32 hex digits",
    ],
    [
      'a wrong type',
      { migrations: [aMember(TUTORIAL, { type: 'projects' })] },
      'ERR006',
      'body.migrations.0.packageInfo.type',
    ],
    ['no list', { migrations: {} }, 'ERR006', 'body.migrations'],
  ])('%s', async (_, changes, code, text) => {
    const { status, body } = await create(changes);
    expect([status, body.code]).toEqual([400, code]);
    expect(body.message).toContain(text);
    expect(source.runner.jobs).toEqual([]);
  });

  it('leaves no record behind', async () => {
    const before = await expecting(call(source, 'GET', ''), 200);
    await create({ migrations: [aMember(TUTORIAL), CONFIGURATION] });
    expect((await expecting(call(source, 'GET', ''), 200)).total).toBe(before.total);
    const rows = await source.platform.library.reader.selectFrom('migration_group_member').selectAll().execute();
    expect(rows.length).toBe(before.data.flatMap((group) => group.migrations).length);
  });

  it('takes as many members as the server allows', async () => {
    const { status } = await create({ migrations: MEMBERS });
    expect(status).toBe(201);
    source.runner.forget();
  });
});

describe('who may create a group', () => {
  it('holds Create package in every project of it', async () => {
    const held = (projects: readonly (string | null)[]) => (privilege: number, project: string | null) =>
      privilege === 295 && projects.includes(project);
    const post = (projects: readonly (string | null)[]) =>
      call(source, 'POST', '', { body: groupBody('https://target/'), as: held(projects) });
    const refused = await post([null, TUTORIAL]);
    expect([refused.status, refused.body.code]).toEqual([403, 'ERR014']);
    expect(refused.body.message).toContain('Create package');
    expect((await post([TUTORIAL, OTHER_PROJECT])).status).toBe(403);
    expect((await post([null, TUTORIAL, OTHER_PROJECT])).status).toBe(201);
    source.runner.forget();
  });
});

describe('a group that is not there', () => {
  it.each(['', '?showContent=all'])('is 404 ERR004 %s', async (query) => {
    for (const id of [`${idOf('A', 1)}:${idOf('B', 1)}`, 'nonsense']) {
      const { status, body } = await call(source, 'GET', `/${id}${query}`);
      expect([status, body.code]).toEqual([404, 'ERR004']);
      expect(body.message).toBe(`The migration group with id ${id} is not found.`);
    }
  });

  it('nor is one whose other half is another group', async () => {
    const id = await createdGroup(source, 'https://target/');
    const { status } = await call(source, 'GET', `/${id.split(':')[0]}:${idOf('B', 1)}`);
    expect(status).toBe(404);
    const { status: unknownView } = await call(source, 'GET', `/${id}?showContent=some`);
    expect(unknownView).toBe(400);
  });

  it('is 404 ERR006 when it is to be deleted', async () => {
    const { status, body } = await call(source, 'DELETE', `?packageGroupId=${idOf('A', 1)}`);
    expect([status, body.code]).toEqual([404, 'ERR006']);
    const missing = await call(source, 'DELETE', '');
    expect([missing.status, missing.body.code]).toEqual([400, 'ERR005']);
  });
});

describe('deleting a group where it was built', () => {
  it('takes its packages and their files away, and shows it as deleted', async () => {
    const id = await createdGroup(source, 'https://target/');
    const group = await readGroup(source, id);
    const packageGroupId = id.split(':')[0];
    await expecting(call(source, 'DELETE', `?packageGroupId=${packageGroupId}`), 204);
    for (const member of group.migrations) {
      expect(await source.files.stat(parseStorePath(member.packageInfo.storage.path ?? ''))).toBeNull();
      expect((await source.call('GET', `/migrations/${member.id}`)).body.packageInfo.deleted).toBe(true);
    }
    expect((await readGroup(source, id)).migrations.map((member) => member.packageInfo.deleted)).toEqual([
      true,
      true,
      true,
    ]);
    const list = await expecting(call(source, 'GET', ''), 200);
    expect(list.data.map((shown) => shown.id)).not.toContain(id);
    const again = await call(source, 'DELETE', `?packageGroupId=${packageGroupId}`);
    expect([again.status, again.body.code]).toEqual([404, 'ERR006']);
    expect((await patch(source, id, { name: 'X' })).status).toBe(404);
  });

  it('is refused while its packages are built', async () => {
    const { id } = await expecting(create(), 201);
    const { status, body } = await call(source, 'DELETE', `?packageGroupId=${id.split(':')[0]}`);
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain("Cannot do current operation for now when `packageInfo.status` is 'creating'.");
    source.runner.forget();
  });
});
