import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVILEGE, type Privilege } from '../../packages/server/src/platform/http/access.ts';
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
  approved,
  created,
  createBody,
  expectStatus,
  imported,
  moveImport,
  moveUndo,
  put,
  read,
  type Part,
} from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const patch = (environment: TestEnvironment, id: string, body: Part, call: Part = {}): Promise<Answer> =>
  environment.call('PATCH', `/migrations/${id}`, { body, ...call });

describe('the import request', () => {
  it('goes from pending to requested, back, to rejected, and again to requested', async () => {
    const id = await created(source, target.id);
    for (const status of ['requested', 'pending', 'requested', 'rejected', 'requested']) {
      const { importInfo, packageInfo } = await expectStatus(moveImport(source, id, status), 200);
      expect([importInfo.importRequestStatus, packageInfo.status]).toEqual([status, 'created']);
    }
  });

  it('cannot skip a step or leave approved, and a repeated value changes nothing', async () => {
    const id = await created(source, target.id);
    for (const status of ['approved', 'rejected']) {
      expect((await moveImport(source, id, status)).body.message).toContain(
        "`importInfo.importRequestStatus` is 'pending'",
      );
    }
    const before = await read(source, id);
    source.clock.advance(5000);
    await expectStatus(moveImport(source, id, 'pending'), 200);
    expect(await read(source, id)).toEqual(before);
    await expectStatus(moveImport(source, id, 'requested'), 200);
    await expectStatus(moveImport(source, id, 'approved'), 200);
    await expectStatus(moveImport(source, id, 'approved'), 200);
    for (const status of ['requested', 'rejected', 'pending']) {
      const { status: code, body } = await moveImport(source, id, status);
      expect([code, body.message]).toEqual([
        400,
        "Cannot do current operation for now when `packageInfo.status` is 'locked'.",
      ]);
    }
  });

  it('is approved only with a target environment and a target project', async () => {
    const body = createBody(target.id, {}, {});
    const { id } = await expectStatus(source.call('POST', '/migrations', { body, project: TUTORIAL }), 201);
    await source.runner.finishCreation();
    await expectStatus(moveImport(source, id, 'requested'), 200);
    expect((await moveImport(source, id, 'approved')).body.message).toContain('importInfo.environment');
    await expectStatus(patch(source, id, { importInfo: { environment: { id: target.id, name: 'target' } } }), 200);
    expect((await moveImport(source, id, 'approved')).body.message).toContain('importInfo.project');
    const rest = { importInfo: { project: { id: OTHER_PROJECT.toLowerCase() }, importRequestStatus: 'approved' } };
    await expectStatus(patch(source, id, rest), 200);
    const { importInfo, packageInfo } = await read(source, id);
    expect(importInfo).toMatchObject({
      environment: { id: target.id, name: 'target' },
      project: { id: OTHER_PROJECT },
    });
    expect(packageInfo.status).toBe('locked');
  });

  it('of a configuration package needs no project', async () => {
    const { packageInfo } = await approved(source, target.id, CONFIGURATION_CONTENT);
    expect(packageInfo.status).toBe('locked');
  });

  it('does not exist on a target', async () => {
    const id = await imported(source, target);
    const refused = await moveImport(target, id, 'requested');
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'ERR006', message: expect.stringContaining('replicated') },
    });
    await expectStatus(moveImport(target, id, 'approved'), 200);
  });

  it('moves the dates of what it changes', async () => {
    const id = await created(source, target.id);
    const before = await read(source, id);
    source.clock.advance(1000);
    await expectStatus(moveImport(source, id, 'requested'), 200);
    const requested = await read(source, id);
    expect(requested.packageInfo.lastUpdatedDate).toBe(before.packageInfo.lastUpdatedDate);
    expect(requested.importInfo.lastUpdatedDate > before.importInfo.lastUpdatedDate).toBe(true);
    await expectStatus(moveImport(source, id, 'approved'), 200);
    expect((await read(source, id)).packageInfo.lastUpdatedDate).toBe(requested.importInfo.lastUpdatedDate);
  });
});

describe('a body with several fields', () => {
  it('sets the data first and then the state', async () => {
    const id = await created(source, target.id);
    const body = {
      id,
      packageInfo: { name: 'Renamed' },
      importInfo: {
        environment: { id: 'https://c/', name: 'c' },
        project: { id: OTHER_PROJECT, name: 'HR', type: 32 },
        importRequestStatus: 'requested',
      },
    };
    await expectStatus(patch(source, id, body), 200);
    const record = await read(source, id);
    expect(record.packageInfo.name).toBe('Renamed');
    expect(record.importInfo).toMatchObject({
      environment: { id: 'https://c/', name: 'c' },
      project: { id: OTHER_PROJECT, name: 'HR' },
      importRequestStatus: 'requested',
    });
  });

  it.each<[string, Part]>([
    ['a step that cannot be', { importInfo: { environment: { id: 'https://c/' }, importRequestStatus: 'approved' } }],
    ['a project id that is none', { importInfo: { project: { id: 'x' } } }],
    ['a word that is none', { importInfo: { importRequestStatus: 'done' } }],
    [
      'an undo of what was not imported',
      { importInfo: { importRequestStatus: 'requested', undoRequestStatus: 'requested' } },
    ],
    ['a validation that is told to be over', { validation: { status: 'validated' } }],
  ])('changes nothing because of %s', async (_, part) => {
    const id = await created(source, target.id);
    const before = await read(source, id);
    source.clock.advance(1000);
    const { status, body } = await patch(source, id, { packageInfo: { name: 'Renamed' }, ...part });
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(await read(source, id)).toEqual(before);
  });

  it('may be the whole record, and then changes nothing', async () => {
    for (const id of [await created(source, target.id), (await approved(source, target.id)).id]) {
      const record = await read(source, id, '?showContent=all');
      const echo = {
        ...record,
        packageInfo: {
          ...record.packageInfo,
          creator: { ...record.packageInfo.creator, type: 34 },
          certification: null,
        },
        importInfo: { ...record.importInfo, message: null },
        validation: null,
      };
      source.clock.advance(1000);
      await expectStatus(patch(source, id, echo, { project: OTHER_PROJECT }), 200);
      expect(await read(source, id, '?showContent=all')).toEqual(record);
    }
  });

  it('of nulls, or empty, changes nothing', async () => {
    const id = await created(source, target.id);
    const before = await read(source, id);
    for (const body of [
      {},
      { packageInfo: null, importInfo: null },
      { packageInfo: { name: null }, importInfo: { environment: null, project: null, importRequestStatus: null } },
    ]) {
      await expectStatus(patch(source, id, body), 200);
    }
    expect(await read(source, id)).toEqual(before);
    expect((await patch(source, id, { packageInfo: { name: ' ' } })).status).toBe(400);
  });
});

describe('the undo request', () => {
  it('goes to requested, rejected, requested and approved, and starts the job once', async () => {
    const id = await imported(source, target);
    for (const status of ['requested', 'rejected', 'requested']) await expectStatus(moveUndo(target, id, status), 200);
    expect((await moveUndo(target, id, 'pending')).body.message).toContain('cannot become');
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 200);
    const { importInfo } = await read(target, id);
    const [packageId, importId] = id.split(':');
    expect(target.runner.jobs).toEqual([
      {
        kind: 'undo',
        packageId,
        importId,
        undoPath: importInfo.undoStorage.path,
        projectId: TUTORIAL,
        caller: expect.objectContaining({ name: 'Administrator' }),
      },
    ]);
    await target.runner.fail("The report 'Sales' uses the attribute 'Year' now.");
    expect((await read(target, id)).importInfo).toMatchObject({
      status: 'undo_failed',
      message: "The report 'Sales' uses the attribute 'Year' now.",
      progress: 100,
    });
  });

  it('cannot be approved before it is requested, nor for another project', async () => {
    const id = await imported(source, target);
    expect((await moveUndo(target, id, 'approved', TUTORIAL)).body.message).toContain(
      "`importInfo.undoRequestStatus` is 'pending'",
    );
    await expectStatus(moveUndo(target, id, 'requested'), 200);
    expect((await moveUndo(target, id, 'approved', OTHER_PROJECT)).body.message).toContain(OTHER_PROJECT);
    expect((await moveUndo(target, id, 'approved')).body.code).toBe('ERR005');
    expect((await read(target, id)).importInfo).toMatchObject({ status: 'imported', undoRequestStatus: 'requested' });
  });

  it('needs an undo package, and says why there is none', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    await target.runner.finishImport({ undo: 'none', message: 'keep_both took effect for 1 object.' });
    const refused = await moveUndo(target, body.id, 'requested');
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'ERR006', message: expect.stringContaining('keep_both') },
    });
  });

  it('of a failed import is fine and undoes nothing', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    await target.runner.fail('no');
    await expectStatus(moveUndo(target, body.id, 'requested'), 200);
    await expectStatus(moveUndo(target, body.id, 'approved', TUTORIAL), 202);
    expect(target.runner.jobs).toMatchObject([{ kind: 'undo', undoPath: null }]);
    await target.runner.finishUndo();
    expect((await read(target, body.id)).importInfo.status).toBe('undo_success');
  });

  it('on a source that is not the target is refused', async () => {
    const { id } = await approved(source, target.id);
    expect(await moveUndo(source, id, 'requested')).toMatchObject({ status: 400, body: { code: 'ERR006' } });
  });
});

const expectDenied = async (answer: Promise<Answer>, name: string): Promise<void> => {
  const { status, body } = await answer;
  expect([status, body.code]).toEqual([403, 'ERR014']);
  expect(body.message).toContain(name);
  expect(body.message).toContain('privilege(s) to perform the task.');
};

const move = (environment: TestEnvironment, id: string, importInfo: Part, as: Privilege[]): Promise<Answer> =>
  patch(environment, id, { importInfo }, { as, project: TUTORIAL });

const onlyTutorial = (_: number, projectId: string | null): boolean => projectId === TUTORIAL;

describe('privileges', () => {
  const { createPackage: create, applyPackage: apply, bypassObjectSecurity: bypass, userManager } = PRIVILEGE;
  const all = [create, apply, bypass];
  const without = (privilege: Privilege): Privilege[] => all.filter((held) => held !== privilege);

  it('reading, listing and deleting take either of the two', async () => {
    const id = await created(source, target.id);
    for (const privilege of [create, apply]) {
      await expectStatus(source.call('GET', `/migrations/${id}`, { as: [privilege] }), 200);
      await expectStatus(source.call('GET', '/migrations', { as: [privilege] }), 200);
    }
    for (const [method, url] of [
      ['GET', `/migrations/${id}`],
      ['GET', '/migrations'],
      ['DELETE', '/migrations?packageId=x'],
      ['PATCH', `/migrations/${id}`],
    ] as const) {
      await expectDenied(source.call(method, url, { as: [bypass, userManager] }), 'Create package or Apply package');
    }
  });

  it('creating takes Create package', async () => {
    const body = createBody(target.id);
    await expectDenied(
      source.call('POST', '/migrations', { body, project: TUTORIAL, as: without(create) }),
      'Create package',
    );
    await expectStatus(source.call('POST', '/migrations', { body, project: TUTORIAL, as: [create] }), 201);
    expect(source.runner.jobs).toMatchObject([{ caller: { bypassesSecurity: false } }]);
    await source.runner.finishCreation();
  });

  it('importing takes all three', async () => {
    const body = await approved(source, target.id);
    for (const [privilege, name] of [
      [create, 'Create package'],
      [apply, 'Apply package'],
      [bypass, 'Bypass all object security'],
    ] as const) {
      const call = { body, project: TUTORIAL, as: without(privilege) };
      await expectDenied(target.call('PUT', `/migrations/${body.id}`, call), name);
    }
    expect(target.runner.jobs).toEqual([]);
  });

  it('held in one project are none for the configuration, nor for another project', async () => {
    const configuration = await approved(source, target.id, CONFIGURATION_CONTENT);
    const call = { body: configuration, project: TUTORIAL, as: onlyTutorial };
    await expectDenied(target.call('PUT', `/migrations/${configuration.id}`, call), 'Create package');
    const body = createBody(target.id, CONFIGURATION_CONTENT);
    await expectDenied(
      source.call('POST', '/migrations', { body, project: TUTORIAL, as: onlyTutorial }),
      'Create package',
    );
    const other = { body: createBody(target.id), project: OTHER_PROJECT, as: onlyTutorial };
    await expectDenied(source.call('POST', '/migrations', other), 'Create package');
  });

  it('requesting takes Create package, approving and rejecting Apply package', async () => {
    const id = await created(source, target.id);
    await expectDenied(move(source, id, { importRequestStatus: 'requested' }, without(create)), 'Create package');
    await expectStatus(move(source, id, { importRequestStatus: 'requested' }, [create]), 200);
    await expectDenied(move(source, id, { importRequestStatus: 'rejected' }, without(apply)), 'Apply package');
    await expectDenied(move(source, id, { importRequestStatus: 'pending' }, without(create)), 'Create package');
    await expectDenied(move(source, id, { importRequestStatus: 'approved' }, without(apply)), 'Apply package');
    await expectStatus(move(source, id, { importRequestStatus: 'approved' }, [apply]), 200);
  });

  it('requesting an undo takes Create package, rejecting it Apply package, approving it all three', async () => {
    const id = await imported(source, target);
    await expectDenied(move(target, id, { undoRequestStatus: 'requested' }, without(create)), 'Create package');
    await expectStatus(move(target, id, { undoRequestStatus: 'requested' }, [create]), 200);
    await expectDenied(move(target, id, { undoRequestStatus: 'rejected' }, without(apply)), 'Apply package');
    for (const privilege of all) {
      expect((await move(target, id, { undoRequestStatus: 'approved' }, without(privilege))).status).toBe(403);
    }
    await expectStatus(move(target, id, { undoRequestStatus: 'approved' }, all), 202);
    await target.runner.finishUndo();
  });
});
