import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import {
  approvedGroup,
  asReplica,
  aMember,
  call,
  CONFIGURATION,
  createdGroup,
  expecting,
  importedGroup,
  importsOf,
  patch,
  put,
  readGroup,
  type GroupBody,
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
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

/** The body with one member changed. */
function changed(body: GroupBody, index: number, packageInfo: Part, rest: Part = {}): GroupBody {
  const migrations = body.migrations.map((member, at) =>
    at === index ? { ...member, ...rest, packageInfo: { ...member.packageInfo, ...packageInfo } } : member,
  );
  return { ...body, migrations };
}

describe('the import request of a group', () => {
  it('is requested and approved for all members at once, and locks them', async () => {
    const id = await createdGroup(source, target.id);
    const requested = await expecting(patch(source, id, { importRequestStatus: 'requested' }), 200);
    expect(requested).toMatchObject({ importRequestStatus: 'requested', undoRequestStatus: 'pending' });
    const approved = await expecting(patch(source, id, { importRequestStatus: 'approved' }), 200);
    expect(approved.importRequestStatus).toBe('approved');
    expect(approved.migrations.map((member) => member.packageInfo.status)).toEqual(['locked', 'locked', 'locked']);
    expect((await readGroup(source, id)).status).toBe('locked');
  });

  it.each<[string, readonly Part[], string]>([
    ['approved before it was requested', [{ importRequestStatus: 'approved' }], "`importRequestStatus` is 'pending'."],
    [
      'requested once more when it was approved',
      [{ importRequestStatus: 'requested' }, { importRequestStatus: 'approved' }, { importRequestStatus: 'requested' }],
      "`packageInfo.status` is 'locked'.",
    ],
    [
      'renamed when it was approved',
      [{ importRequestStatus: 'requested' }, { importRequestStatus: 'approved' }, { name: 'G2' }],
      "`packageInfo.status` is 'locked'.",
    ],
    [
      'given another target when it was approved',
      [{ importRequestStatus: 'requested' }, { importRequestStatus: 'approved' }, { targetEnvironment: { id: 'X' } }],
      "`packageInfo.status` is 'locked'.",
    ],
    ['undone where it was built', [{ undoRequestStatus: 'requested' }], "`packageInfo.status` is 'created'."],
  ])('cannot be %s', async (_, steps, text) => {
    const id = await createdGroup(source, target.id);
    for (const step of steps.slice(0, -1)) await expecting(patch(source, id, step), 200);
    const { status, body } = await patch(source, id, steps.at(-1) ?? {});
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain(`Cannot do current operation for now when ${text}`);
  });

  it('can be rejected, withdrawn and repeated, and a value that is there already changes nothing', async () => {
    const id = await createdGroup(source, target.id);
    for (const status of ['pending', 'requested', 'requested', 'rejected', 'requested', 'pending']) {
      const body = await expecting(patch(source, id, { importRequestStatus: status }), 200);
      expect(body.importRequestStatus).toBe(status);
    }
  });

  it('needs to know where every package goes', async () => {
    const migrations = [aMember(TUTORIAL, {}, {}), aMember(OTHER_PROJECT)];
    const id = await createdGroup(source, '', { targetEnvironment: null, migrations });
    await expecting(patch(source, id, { importRequestStatus: 'requested' }), 200);
    const approve = () => patch(source, id, { importRequestStatus: 'approved' });
    expect((await approve()).body.message).toContain('set targetEnvironment');
    await expecting(patch(source, id, { targetEnvironment: { id: target.id, name: 'target' } }), 200);
    const lacking = (await readGroup(source, id)).migrations.find((member) => !member.importInfo.project.id);
    const { status, body } = await approve();
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain(`The target project of package ${lacking?.packageInfo.id} is not known`);
    const named = { id: lacking?.id, importInfo: { project: { id: TUTORIAL, name: 'Tutorial' } } };
    await expecting(patch(source, id, { migrations: [named], importRequestStatus: 'approved' }), 200);
    const group = await readGroup(source, id);
    expect(group.migrations.map((member) => member.importInfo.project.id ?? '').toSorted()).toEqual([
      TUTORIAL,
      OTHER_PROJECT,
    ]);
  });

  it('takes the whole group back with nothing but a new name', async () => {
    const id = await createdGroup(source, target.id);
    const group = await readGroup(source, id, '?showContent=all');
    await expecting(patch(source, id, { ...group, name: 'Renamed' }), 200);
    const renamed = await readGroup(source, id);
    expect(renamed.name).toBe('Renamed');
    expect(renamed.migrations.map((member) => member.packageInfo.name)).toEqual(['Renamed', 'Renamed', 'Renamed']);
    const stranger = { id: `${idOf('A', 1)}:${idOf('B', 1)}`, importInfo: { project: { id: TUTORIAL } } };
    const { status, body } = await patch(source, id, { migrations: [stranger] });
    expect([status, body.message.startsWith('migrations[0]: The id')]).toEqual([400, true]);
  });

  it('is moved by those who may', async () => {
    const id = await createdGroup(source, target.id);
    const move = (status: string, as: readonly number[]) =>
      patch(source, id, { importRequestStatus: status }, { as: as as never });
    expect((await move('requested', [296])).status).toBe(403);
    expect((await move('requested', [295])).status).toBe(200);
    expect((await move('approved', [295])).status).toBe(403);
    expect((await patch(source, id, { name: 'N' }, { as: [] })).status).toBe(403);
    expect((await move('approved', [296])).status).toBe(200);
  });
});

describe('the import of a group', () => {
  it('goes member by member, and is imported when all are', async () => {
    const body = await approvedGroup(source, target.id);
    target.clock.advance(60_000);
    const started = await expecting(put(target, body), 201);
    expect(started).toMatchObject({ id: body.id, importRequestStatus: 'approved', undoRequestStatus: 'pending' });
    expect(importsOf(started)).toEqual(['importing', 'pending', 'pending']);
    const order: (string | null)[] = [];
    while (target.runner.jobs.length > 0) {
      const [job] = target.runner.jobs;
      order.push(job?.kind === 'import' ? job.projectId : 'no import');
      target.runner.progress(30);
      expect((await readGroup(target, body.id)).status).toBe('importing');
      await target.runner.finishImport();
    }
    expect(order).toEqual([null, OTHER_PROJECT, TUTORIAL]);
    const group = await readGroup(target, body.id);
    expect(group).toMatchObject({ status: 'imported', name: 'G1', creationDate: body.creationDate });
    expect(importsOf(group)).toEqual(['imported', 'imported', 'imported']);
    for (const [index, member] of group.migrations.entries()) {
      const [packageId, importId] = member.id.split(':');
      expect(member.packageInfo).toMatchObject({ replicated: true, status: 'locked', progress: 100 });
      expect(member.packageInfo.tocView).toEqual(body.migrations[index]?.packageInfo.tocView);
      expect(member.importInfo).toMatchObject({
        progress: 100,
        creator: { name: 'Administrator' },
        creationDate: body.migrations[index]?.importInfo.creationDate,
        undoStorage: { path: `mstr/shared/migrations/undo/${packageId}/${importId}.mmp` },
      });
    }
    // The source knows nothing of it: each side has its own record.
    expect(importsOf(await readGroup(source, body.id))).toEqual(['pending', 'pending', 'pending']);
  });

  it('stops at the first member that fails; it is taken up again where it stopped', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    await target.runner.finishImport();
    await target.runner.fail('Object needs Y');
    expect(target.runner.jobs).toEqual([]);
    const failed = await readGroup(target, body.id);
    expect([failed.status, importsOf(failed)]).toEqual(['import_failed', ['imported', 'import_failed', 'pending']]);
    expect(failed.migrations[1]?.importInfo.message).toBe('Object needs Y');
    const again = await expecting(put(target, body), 201);
    expect(importsOf(again)).toEqual(['imported', 'importing', 'pending']);
    expect(target.runner.jobs).toHaveLength(1);
    await target.runner.finishImport();
    await target.runner.finishImport();
    const group = await readGroup(target, body.id);
    expect([group.status, group.migrations[1]?.importInfo.message]).toEqual(['imported', '']);
    const { status, body: refusal } = await put(target, body);
    expect([status, refusal.code]).toEqual([400, 'ERR006']);
    expect(refusal.message).toContain("Cannot do current operation for now when `importInfo.status` is 'imported'.");
  });

  it('is refused while it is under way, and so is everything else but reading', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    const packageGroupId = body.id.split(':')[0];
    for (const answer of [
      await put(target, body),
      await patch(target, body.id, { undoRequestStatus: 'requested' }),
      await call(target, 'DELETE', `?packageGroupId=${packageGroupId}`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'ERR006']);
      expect(answer.body.message).toMatch(/`(importInfo\.)?status` is 'importing'/);
    }
    for (const _ of body.migrations) await target.runner.finishImport();
  });

  it.each([
    ['the query', '?generateUndo=False', {}],
    ['the header', '', { generateUndo: 'false' }],
  ])('leaves undo packages out when %s says so', async (_, query, headers) => {
    const body = await approvedGroup(source, target.id, { migrations: [aMember(TUTORIAL)] });
    await expecting(put(target, body, query, { headers }), 201);
    expect(target.runner.jobs[0]).toMatchObject({ kind: 'import', generateUndo: false });
    await target.runner.finishImport();
    const { status, body: refusal } = await patch(target, body.id, { undoRequestStatus: 'requested' });
    expect([status, refusal.code]).toEqual([400, 'ERR006']);
    expect(refusal.message).toContain("`importInfo.undoStorage` is '{}'");
  });

  it('refuses a header that is neither', async () => {
    const body = await approvedGroup(source, target.id, { migrations: [aMember(TUTORIAL)] });
    const { status, body: refusal } = await put(target, body, '', { headers: { generateUndo: 'perhaps' } });
    expect([status, refusal.message]).toEqual([
      400,
      "The header generateUndo is 'perhaps', and must be true or false.",
    ]);
  });

  it('works where source and target are one environment, whose records stay originals', async () => {
    const body = await approvedGroup(source, source.id);
    await expecting(put(source, body), 201);
    for (const _ of body.migrations) await source.runner.finishImport();
    const group = await readGroup(source, body.id);
    expect(group.status).toBe('imported');
    expect(group.migrations.map((member) => member.packageInfo.replicated)).toEqual([false, false, false]);
  });

  it('of a group that was not approved is refused where it was built', async () => {
    const id = await createdGroup(source, source.id);
    const stored = await readGroup(source, id, '?showContent=all');
    const claimed = asReplica(stored);
    for (const [index] of claimed.migrations.entries()) {
      claimed.migrations.splice(index, 1, changed(claimed, index, { status: 'locked' }).migrations[index]!);
    }
    const { status, body } = await put(source, claimed);
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain("`migrations[0].packageInfo.status` is 'created'.");
  });
});

describe('a body that cannot be imported', () => {
  let body: GroupBody;
  beforeAll(async () => {
    body = await approvedGroup(source, target.id);
  });

  it.each<[string, (body: GroupBody) => unknown, string]>([
    [
      'a member that is no replica',
      (sent) => changed(sent, 1, { replicated: false }),
      "migrations[1].packageInfo.replicated is 'false'",
    ],
    [
      'a member that is not locked',
      (sent) => changed(sent, 2, { status: 'created' }),
      "`migrations[2].packageInfo.status` is 'created'.",
    ],
    [
      'some members with ids',
      (sent) => changed(sent, 0, { id: undefined }, { id: undefined }),
      'migrations[0] has no id',
    ],
    [
      'another id than that of the path',
      (sent) => ({ ...sent, id: `${idOf('A', 1)}:${idOf('B', 1)}` }),
      'is not the id',
    ],
    [
      'a member of another group',
      (sent) => changed(sent, 1, { groupId: idOf('A', 1) }),
      `migrations[1].packageInfo.groupId is '${idOf('A', 1)}'`,
    ],
    ['a member twice', (sent) => ({ ...sent, migrations: [...sent.migrations, sent.migrations[1]] }), 'once more'],
    [
      'the configuration package in second place',
      (sent) => ({ ...sent, migrations: sent.migrations.toReversed() }),
      "migrations[2].packageInfo.type is 'configuration'",
    ],
    [
      'a package file that is not there',
      (sent) =>
        changed(sent, 1, {
          storage: { size: 5, path: `mstr/shared/migrations/packages/2022-03-16/${idOf('F', 1)}.mmp` },
        }),
      'migrations[1]: The package file',
    ],
    [
      'the file of another member',
      (sent) => changed(sent, 1, { storage: sent.migrations[2]?.packageInfo.storage }),
      'migrations[1]: The file',
    ],
    [
      'a path that leads elsewhere',
      (sent) => changed(sent, 1, { storage: { size: 5, path: '../../etc/passwd' } }),
      'migrations[1]: ',
    ],
    [
      'altered rules',
      (sent) => changed(sent, 1, { tocView: { settings: { defaultAction: 'delete' } } }),
      'migrations[1].packageInfo.tocView.settings.defaultAction',
    ],
    [
      'a target project that is not here',
      (sent) => changed(sent, 2, {}, { importInfo: { project: { id: idOf('D', 9) } } }),
      `migrations[2]: The target project ${idOf('D', 9)} is not a project`,
    ],
    [
      'no target project',
      (sent) => changed(sent, 2, {}, { importInfo: {} }),
      'migrations[2].importInfo.project with the target project is required',
    ],
    ['no members', (sent) => ({ ...sent, migrations: [] }), 'migrations is required'],
  ])('%s refuses the whole call', async (_, change, text) => {
    const sent = change(body);
    const { status, body: refusal } = await call(target, 'PUT', `/${body.id}`, { body: sent });
    expect([status, refusal.message]).toEqual([400, expect.stringContaining(text)]);
    expect(target.runner.jobs).toEqual([]);
    expect((await call(target, 'GET', `/${body.id}`)).status).toBe(404);
  });

  it('a caller who may not import into one of the projects', async () => {
    const as = (privilege: number, project: string | null) => privilege !== 296 || project !== TUTORIAL;
    const { status, body: refusal } = await put(target, body, '', { as });
    expect([status, refusal.code]).toEqual([403, 'ERR014']);
    expect(target.runner.jobs).toEqual([]);
  });

  it('other members than those that are here', async () => {
    const imported = await importedGroup(source, target, { migrations: [CONFIGURATION, aMember(TUTORIAL)] });
    const fewer = { ...imported, migrations: imported.migrations.slice(1) };
    expect((await put(target, fewer)).body.message).toContain('is not in migrations');
    const more = {
      ...imported,
      migrations: [...imported.migrations, ...body.migrations.slice(1, 2)].map((member) => ({
        ...member,
        packageInfo: { ...member.packageInfo, groupId: undefined },
        importInfo: { ...member.importInfo, groupId: undefined },
      })),
    };
    expect((await put(target, more)).body.message).toContain(
      'migrations[2].id names a package that is not in the group',
    );
  });
});

describe('members of a group by themselves', () => {
  it('are read like other migrations, and changed with their group only', async () => {
    const body = await importedGroup(source, target, { migrations: [aMember(TUTORIAL)] });
    const [member] = body.migrations;
    const id = member?.id ?? '';
    const packageId = id.split(':')[0];
    const seen = await target.call('GET', `/migrations/${id}?showContent=all`);
    expect(seen.body).toMatchObject({
      id,
      packageInfo: { purpose: 'migration_group', groupId: body.id.split(':')[0] },
    });
    const single = {
      ...seen.body,
      packageInfo: { ...seen.body.packageInfo, purpose: 'object_migration', environment: {} },
    };
    const options = { project: TUTORIAL };
    const content = { tocView: { content: [{ id: idOf('1', 1), type: 12 }] } };
    for (const answer of [
      await source.call('PUT', `/migrations/${id}/packageInfo`, { body: { type: 'project', name: 'X', ...content } }),
      await source.call('PATCH', `/migrations/${id}/packageInfo/certification`, { body: { status: 'requested' } }),
      await source.call('PATCH', `/migrations/${id}/packageInfo/certification?autoSync=true`, { body: {} }),
      await source.call('PATCH', `/migrations/${id}`, { body: { validation: { status: 'validating' } } }),
      await target.call('PATCH', `/migrations/${id}`, {
        ...options,
        body: { importInfo: { undoRequestStatus: 'requested' } },
      }),
      await target.call('DELETE', `/migrations?packageId=${packageId}`),
      await source.call('POST', `/migrations?packageId=${packageId}`, { ...options, body: { importInfo: {} } }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'ERR006']);
      expect(answer.body.message).toContain("`packageInfo.purpose` is 'migration_group'.");
      expect(answer.body.message).toContain(`/api/migrationGroups/${body.id}`);
    }
    const alone = await target.call('PUT', `/migrations/${id}`, { ...options, body: single });
    expect(alone.status).toBe(400);
    const asMember = { ...single, packageInfo: { ...single.packageInfo, purpose: 'migration_group' } };
    const refused = await target.call('PUT', `/migrations/${id}`, { ...options, body: asMember });
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('/api/migrationGroups')]);
  });
});

describe('deleting a group on the target', () => {
  it('takes its undo packages with it and leaves the packages to the source; it can come back', async () => {
    const body = await importedGroup(source, target);
    const group = await readGroup(target, body.id);
    await expecting(call(target, 'DELETE', `?packageGroupId=${body.id.split(':')[0]}`), 204);
    for (const { packageInfo, importInfo } of group.migrations) {
      expect(await target.files.stat(parseStorePath(importInfo.undoStorage.path ?? ''))).toBeNull();
      expect(await target.files.stat(parseStorePath(packageInfo.storage.path ?? ''))).not.toBeNull();
    }
    await expecting(put(target, body), 201);
    for (const _ of body.migrations) await target.runner.finishImport();
    const back = await readGroup(target, body.id);
    expect([back.status, back.migrations.map((member) => member.packageInfo.deleted)]).toEqual([
      'imported',
      [false, false, false],
    ]);
  });
});
