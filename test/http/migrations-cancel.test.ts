import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVILEGE } from '../../packages/server/src/platform/http/access.ts';
import { approvedGroup, expecting, importsOf, put as putGroup, readGroup } from '../builders/group-walk.ts';
import {
  createWorld,
  OTHER_PROJECT,
  TUTORIAL,
  type Answer,
  type Held,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { approved, createBody, expectStatus, imported, moveUndo, put, read } from '../builders/migration-walk.ts';
import { validatable, validate } from '../builders/validation-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const { createPackage: create, applyPackage: apply, bypassObjectSecurity: bypass } = PRIVILEGE;
const in_ =
  (projectId: string, privileges: readonly number[]): Held =>
  (privilege, project) =>
    project === projectId && privileges.includes(privilege);

const cancel = (environment: TestEnvironment, id: string, as?: Held): Promise<Answer> =>
  environment.call('POST', `/longshore/migrations/${id}/cancel`, as === undefined ? {} : { as });

const CANCELLED = 'was cancelled by Administrator. Nothing was changed.';

describe('a job is cancelled by who may start it', () => {
  it('a creation needs Create package, in the project of the package', async () => {
    const { id } = await expectStatus(
      source.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL }),
      201,
    );
    for (const held of [[apply], in_(OTHER_PROJECT, [create, apply, bypass])] as Held[]) {
      expect(await cancel(source, id, held)).toMatchObject({ status: 403, body: { code: 'ERR014' } });
    }
    expect((await read(source, id)).packageInfo.status).toBe('creating');
    expect((await cancel(source, id, in_(TUTORIAL, [create]))).status).toBe(202);
    expect((await read(source, id)).packageInfo).toMatchObject({
      status: 'create_failed',
      message: `The creation of the package ${CANCELLED}`,
    });
  });

  it('an import, an undo and a validation need all three, in the target project', async () => {
    const all = [create, apply, bypass];
    const refused: Held[] = [[create, apply], [apply, bypass], [create, bypass], in_(OTHER_PROJECT, all)];
    const expectRights = async (id: string): Promise<void> => {
      for (const held of refused) expect((await cancel(target, id, held)).status).toBe(403);
      expect((await cancel(target, id, in_(TUTORIAL, all))).status).toBe(202);
      expect(target.runner.jobs).toEqual([]);
    };
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    await expectRights(body.id);
    expect((await read(target, body.id)).importInfo).toMatchObject({ status: 'import_failed' });

    const id = await imported(source, target);
    await expectStatus(moveUndo(target, id, 'requested'), 200);
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    await expectRights(id);
    expect((await read(target, id)).importInfo).toMatchObject({
      status: 'undo_failed',
      message: `The undo ${CANCELLED}`,
    });

    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await expectRights(record.id);
  });
});

describe('nothing is cancelled', () => {
  it('of a migration that is not known', async () => {
    for (const id of ['A'.repeat(32), `${'A'.repeat(32)}:${'B'.repeat(32)}`]) {
      expect(await cancel(source, id)).toMatchObject({ status: 404, body: { code: 'ERR004' } });
    }
  });

  it('where nothing waits or runs, and only who may read the record is told so', async () => {
    const id = await imported(source, target);
    expect(await cancel(target, id)).toMatchObject({
      status: 400,
      body: { code: 'ERR006', message: expect.stringContaining("`importInfo.status` is 'imported'") },
    });
    expect((await cancel(target, id, in_(OTHER_PROJECT, [create, apply]))).status).toBe(403);
    expect((await cancel(target, id, [bypass])).status).toBe(403);
  });

  it('when the job is being completed', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    const jobs = target.runner.jobs.slice();
    target.runner.forget();
    expect(jobs).toHaveLength(1);
    expect(await cancel(target, body.id)).toMatchObject({
      status: 409,
      body: { code: 'ERR006', message: expect.stringContaining('too late') },
    });
    await target.settle();
  });
});

it('a group stops at a member that is cancelled, as at one that fails', async () => {
  const body = await approvedGroup(source, target.id);
  await expecting(putGroup(target, body), 201);
  await target.runner.finishImport();
  const [, second] = body.migrations;
  expect((await cancel(target, second?.id ?? '')).status).toBe(202);
  expect(target.runner.jobs).toEqual([]);
  const group = await readGroup(target, body.id);
  expect(importsOf(group)).toEqual(['imported', 'import_failed', expect.not.stringContaining('importing')]);
});
