import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEPT_MS, MOST_PLANS, MOST_RUNNING } from '../../packages/server/src/features/plans/plan-keeper.service.ts';
import { planRows } from '../../packages/server/src/features/plans/plan-rows.repository.ts';
import { PRIVILEGE } from '../../packages/server/src/platform/http/access.ts';
import { aCaller, anAdministrator } from '../builders/api.ts';
import {
  OTHER_PROJECT,
  TUTORIAL,
  createWorld,
  type AnswerBody as RecordBody,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { CONFIGURATION_CONTENT } from '../builders/migration-walk.ts';
import { aPlanServer, SESSION_TIMEOUT, withRights, type PlanServer } from '../builders/plan-server.ts';
import { validatable } from '../builders/validation-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;
let server: PlanServer;
let record: RecordBody;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
  record = await validatable(source, target);
});
afterAll(() => world.close());
beforeEach(async () => {
  await target.platform.library.write(async (tx) => {
    for (const table of ['plan', 'plan_object', 'plan_issue', 'session'] as const) await tx.deleteFrom(table).execute();
  });
  server = await aPlanServer(target);
  await server.openSession(anAdministrator().sessionId);
});
afterEach(async () => {
  await server.keeper.drain();
  await server.close();
});

const { createPackage, applyPackage, bypassObjectSecurity } = PRIVILEGE;
const RIGHTS = [createPackage, applyPackage, bypassObjectSecurity];

async function begun(as = anAdministrator()): Promise<string> {
  const { status, body } = await server.call('POST', '', { body: record, as });
  expect([status, body.status]).toEqual([202, 'planning']);
  return body.id;
}

const rowsOf = (planId: string): Promise<number> => planRows(target.platform.library.reader).countObjects({ planId });

async function addRows(planId: string, count: number): Promise<void> {
  const row = {
    plan_id: planId,
    type: 4,
    subtype: 1024,
    outcome: 'create',
    conflict: 'NEW',
    action: 'replace',
    role: 'content',
    reason: 'The target does not have the object.',
    new_id: null,
    name_package: 'A',
    name_before: null,
    name_after: 'A',
    parent_before: null,
    parent_after: null,
    path_before: null,
    path: '/A',
    version_package: null,
    version_before: null,
    version_after: null,
    modified_package: null,
    modified_before: null,
    seq: 0,
  };
  const rows = Array.from({ length: count }, (_, position) => ({ ...row, position, id: String(position) }));
  await target.platform.library.write((tx) => planRows(tx).addObjects(rows));
}

describe('the body of a plan', () => {
  const refused: [string, (body: RecordBody) => unknown, string][] = [
    ['without an id', (body) => ({ ...body, id: undefined }), 'id'],
    ['with another package id', (body) => ({ ...body, id: `${'A'.repeat(32)}:${'B'.repeat(32)}` }), 'packageInfo.id'],
    ['without a file', (body) => ({ ...body, packageInfo: { ...body.packageInfo, storage: {} } }), 'storage'],
    [
      'with a path that leads out of the store',
      (body) => ({ ...body, packageInfo: { ...body.packageInfo, storage: { path: '../../etc/passwd', size: 1 } } }),
      'path',
    ],
    [
      'with another size',
      (body) => ({ ...body, packageInfo: { ...body.packageInfo, storage: { ...storageOf(body), size: 7 } } }),
      'storage.size',
    ],
    [
      'with a file that is not there',
      (body) => ({
        ...body,
        packageInfo: {
          ...body.packageInfo,
          storage: { path: `mstr/shared/migrations/packages/2022-03-16/${'C'.repeat(32)}.mmp`, size: 1 },
        },
      }),
      'not in the shared file store',
    ],
    [
      'of another type',
      (body) => ({ ...body, packageInfo: { ...body.packageInfo, type: 'project_security' } }),
      'type',
    ],
    [
      'with other rules',
      (body) => ({
        ...body,
        packageInfo: { ...body.packageInfo, tocView: { settings: { defaultAction: 'delete' } } },
      }),
      'defaultAction',
    ],
  ];
  const storageOf = (body: RecordBody): object => body.packageInfo.storage;

  it.each(refused)('%s is refused', async (_, change, names) => {
    const { status, body } = await server.call('POST', '', { body: change(record) });
    expect(status).toBe(400);
    expect(['ERR005', 'ERR006']).toContain(body.code);
    expect(body.message).toContain(names);
    expect(server.jobs).toEqual([]);
    expect((await server.call('GET', '')).body.data).toEqual([]);
  });

  it('may be of a package in any state', async () => {
    for (const status of ['created', 'locked']) {
      const body = { ...record, packageInfo: { ...record.packageInfo, status, replicated: false } };
      expect((await server.call('POST', '', { body })).status).toBe(202);
    }
  });

  it('needs a project that is there, and that header and record agree on', async () => {
    const elsewhere = await server.call('POST', '', { body: record, project: OTHER_PROJECT });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 'ERR006']);
    const { importInfo: _, ...bare } = record;
    expect((await server.call('POST', '', { body: bare, project: null })).body.code).toBe('ERR005');
    const nowhere = await server.call('POST', '', { body: bare, project: 'D'.repeat(32) });
    expect(nowhere.body.message).toContain('is not a project of this environment');
  });

  it('of a configuration package needs no project', async () => {
    const body = await validatable(source, target, CONFIGURATION_CONTENT);
    expect((await server.call('POST', '', { body, project: null })).status).toBe(202);
    expect(server.jobs).toMatchObject([{ order: { projectId: null, type: 'configuration' } }]);
  });
});

describe('a plan', () => {
  it('shows how far it is, and how it ended', async () => {
    const id = await begun();
    const shown = async () => (await server.call('GET', `/${id}`)).body;
    server.keeper.progressed(id, 42.7);
    await expect.poll(async () => (await shown()).progress).toBe(42);
    expect(await shown()).toMatchObject({ status: 'planning', progress: 42, message: '' });
    const other = await aPlanServer(target, 'node-2');
    expect((await other.call('GET', `/${id}`)).body.progress).toBe(42);
    await other.close();
    await server.finish();
    expect(await shown()).toMatchObject({ status: 'planned', progress: 100, result: { total: 1 } });
    const failing = await begun();
    await server.fail('The package file is damaged.');
    const { body } = await server.call('GET', `/${failing}`);
    expect(body).toMatchObject({ status: 'failed', message: 'The package file is damaged.' });
    expect(body).not.toHaveProperty('result');
  });

  it('that is not ready has no objects, no issues, and cannot be thrown away', async () => {
    const id = await begun();
    for (const [method, path] of [
      ['GET', '/objects'],
      ['GET', '/issues'],
      ['GET', `/objects/${'A'.repeat(32)}/difference`],
      ['DELETE', ''],
    ] as const) {
      const { status, body } = await server.call(method, `/${id}${path}`);
      expect([status, body.code]).toEqual([400, 'ERR006']);
      expect(body.message).toContain("'planning'");
    }
    await server.finish();
    expect((await server.call('DELETE', `/${id}`)).status).toBe(204);
    expect((await server.call('DELETE', `/${id}`)).status).toBe(404);
  });

  it.each(['nonsense', 'A'.repeat(32)])('with the id %s is not found', async (id) => {
    const { status, body } = await server.call('GET', `/${id}`);
    expect([status, body.code]).toEqual([404, 'ERR004']);
  });

  it('is refused for pages and filters that cannot be', async () => {
    const id = await begun();
    await server.finish();
    for (const query of ['?outcome=nothing', '?limit=1001', '?offset=-1', '?type=x', `?q=${'x'.repeat(251)}`]) {
      expect([query, (await server.call('GET', `/${id}/objects${query}`)).status]).toEqual([query, 400]);
    }
    expect((await server.call('GET', '?migrationId=nonsense')).status).toBe(400);
  });
});

describe('a plan that is cancelled', () => {
  it('has failed at once, says who wanted it, and keeps no rows; who makes it is told', async () => {
    const id = await begun();
    await addRows(id, 10);
    expect((await server.call('POST', `/${id}/cancel`)).status).toBe(202);
    const { body } = await server.call('GET', `/${id}`);
    expect(body).toMatchObject({ status: 'failed', message: 'The plan was cancelled by Administrator.' });
    expect(server.stopped).toEqual([id]);
    await server.keeper.drain();
    expect(await rowsOf(id)).toBe(0);
    expect((await server.call('DELETE', `/${id}`)).status).toBe(204);
  });

  it('stays cancelled when whoever makes it comes to an end of it later', async () => {
    const id = await begun();
    await server.call('POST', `/${id}/cancel`);
    await server.keeper.drain();
    await addRows(id, 10);
    server.keeper.progressed(id, 50);
    await server.finish();
    await server.keeper.drain();
    const { body } = await server.call('GET', `/${id}`);
    expect(body).toMatchObject({ status: 'failed', message: 'The plan was cancelled by Administrator.', progress: 0 });
    expect(body).not.toHaveProperty('result');
    expect(await rowsOf(id)).toBe(0);
  });

  it('is one that has not ended: an end stays as it is, with its rows', async () => {
    const id = await begun();
    await addRows(id, 10);
    await server.finish();
    const { status, body } = await server.call('POST', `/${id}/cancel`);
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain("'planned'");
    // As by a process that took the one that made it for dead.
    await server.keeper.end(id, { kind: 'failed', message: 'interrupted' });
    await server.keeper.drain();
    expect((await server.call('GET', `/${id}`)).body.status).toBe('planned');
    expect(await rowsOf(id)).toBe(10);
    expect((await server.call('POST', `/${'A'.repeat(32)}/cancel`)).status).toBe(404);
  });

  it('makes room for another of its session', async () => {
    const ids: string[] = [];
    for (let n = 0; n < MOST_RUNNING; n += 1) ids.push(await begun());
    expect((await server.call('POST', '', { body: record })).status).toBe(409);
    await server.call('POST', `/${ids[0]}/cancel`);
    await begun();
  });
});

describe('rights', () => {
  it('are those of an import, in the project of the plan', async () => {
    const id = await begun();
    await server.finish();
    const calls = [
      ['POST', ''],
      ['GET', `/${id}`],
      ['GET', `/${id}/objects`],
      ['GET', `/${id}/issues`],
      ['GET', `/${id}/objects/${'A'.repeat(32)}/difference`],
      ['POST', `/${id}/cancel`],
      ['DELETE', `/${id}`],
    ] as const;
    const lacking = [
      ...RIGHTS.map((missing) => withRights(RIGHTS.filter((right) => right !== missing))),
      withRights(RIGHTS, OTHER_PROJECT),
      aCaller(),
    ];
    for (const as of lacking) {
      for (const [method, path] of calls) {
        const options = path === '' ? { as, body: record } : { as };
        const { status, body } = await server.call(method, path, options);
        expect([method, path, status, body.code]).toEqual([method, path, 403, 'ERR014']);
      }
    }
    const as = withRights(RIGHTS, TUTORIAL);
    expect((await server.call('GET', `/${id}`, { as, project: null })).status).toBe(200);
    expect((await server.call('GET', '', { as })).body.data).toHaveLength(1);
    expect((await server.call('GET', '', { as: withRights(RIGHTS, OTHER_PROJECT) })).body.data).toEqual([]);
  });
});

describe('plans are kept', () => {
  it('in bounded number: the oldest makes room, with all its rows', async () => {
    const first = await begun();
    await addRows(first, 4500);
    await server.finish();
    for (let n = 1; n < MOST_PLANS; n += 1) {
      target.clock.advance(1000);
      await begun();
      await server.finish();
    }
    expect((await server.call('GET', `/${first}`)).status).toBe(200);
    target.clock.advance(1000);
    await begun();
    expect((await server.call('GET', `/${first}`)).status).toBe(404);
    await server.keeper.drain();
    expect(await rowsOf(first)).toBe(0);
  });

  it('as many as may be in the making at a time, and no more', async () => {
    for (let n = 0; n < MOST_RUNNING; n += 1) await begun();
    const { status, body } = await server.call('POST', '', { body: record });
    expect([status, body.code]).toEqual([409, 'ERR006']);
    await server.finish();
    await begun();
  });

  it('for some hours', async () => {
    const id = await begun();
    await server.finish();
    const { body } = await server.call('GET', `/${id}`);
    expect(body.expirationDate).toBeDefined();
    target.clock.advance(KEPT_MS - 1);
    await target.platform.library.write(async (tx) => {
      await tx.updateTable('session').set({ last_access_at: target.clock.now() }).execute();
    });
    await server.keeper.tidy();
    expect((await server.call('GET', `/${id}`)).status).toBe(200);
    target.clock.advance(1);
    await server.keeper.tidy();
    expect((await server.call('GET', `/${id}`)).status).toBe(404);
  });

  it('and one that a lost process was making goes after the same time', async () => {
    const id = await begun();
    target.clock.advance(KEPT_MS);
    await server.keeper.tidy();
    expect((await server.call('GET', `/${id}`)).status).toBe(404);
  });

  it('until their session ends', async () => {
    const as = { ...anAdministrator(), sessionId: 'another' };
    await server.openSession('another');
    const mine = await begun();
    await server.finish();
    const left = await begun(as);
    await server.finish();
    target.clock.advance(SESSION_TIMEOUT * 1000 + 60_000);
    await target.platform.library.write(async (tx) => {
      await tx
        .updateTable('session')
        .set({ last_access_at: target.clock.now() })
        .where('id', '=', anAdministrator().sessionId)
        .execute();
    });
    await server.keeper.tidy();
    expect((await server.call('GET', `/${mine}`)).status).toBe(200);
    expect((await server.call('GET', `/${left}`)).status).toBe(404);
  });

  it('and one that is being made for a session that ends goes as well', async () => {
    const as = { ...anAdministrator(), sessionId: 'another' };
    await server.openSession('another');
    const id = await begun(as);
    await target.platform.library.write(async (tx) => {
      await tx.deleteFrom('session').where('id', '=', 'another').execute();
    });
    await server.keeper.tidy();
    expect((await server.call('GET', `/${id}`)).status).toBe(404);
    await addRows(id, 10);
    await server.finish();
    await server.keeper.drain();
    expect(await rowsOf(id)).toBe(0);
  });

  it('and settled by a restart in the middle', async () => {
    const id = await begun();
    await addRows(id, 10);
    await addRows('of no plan', 10);
    const other = await aPlanServer(target, 'node-2');
    await other.keeper.settle();
    expect((await other.call('GET', `/${id}`)).body.status).toBe('planning');
    await other.close();
    const again = await aPlanServer(target);
    await again.keeper.settle();
    await again.keeper.drain();
    const { body } = await again.call('GET', `/${id}`);
    expect(body).toMatchObject({ status: 'failed', message: expect.stringContaining('restart') });
    expect([await rowsOf(id), await rowsOf('of no plan')]).toEqual([0, 0]);
    await again.close();
  });
});
