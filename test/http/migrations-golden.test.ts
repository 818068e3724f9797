import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  TUTORIAL,
  createWorld,
  type AnswerBody,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { YEAR, createBody, expectStatus, moveImport, moveUndo, put, storedSize } from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000$/;
const ADMINISTRATOR = { id: '54F3D26011D2896560009A8E67019608', name: 'Administrator' };
const PROJECT = { id: TUTORIAL, name: 'MicroStrategy Tutorial' };

/** Spec/api.md Appendix A, in its order, on two environments that share one storage location. */
describe('the walk of the seed', () => {
  let id: string;
  let packageId: string;
  let importId: string;
  let record: AnswerBody;

  it('2: creates a package', async () => {
    const body = await expectStatus(
      source.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL }),
      201,
    );
    ({ id } = body);
    [packageId, importId] = id.split(':') as [string, string];
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9A-F]{32}:[0-9A-F]{32}$/),
      packageInfo: { id: packageId, status: 'creating', progress: 0 },
      importInfo: {
        id: importId,
        status: 'pending',
        importRequestStatus: 'pending',
        undoRequestStatus: 'pending',
        progress: 0,
      },
    });
  });

  it('3: shows it while it is created, with the progress of the job', async () => {
    source.runner.progress(42);
    const { packageInfo } = await expectStatus(source.call('GET', `/migrations/${id}`), 200);
    expect(packageInfo).toMatchObject({
      status: 'creating',
      progress: 42,
      storage: {},
      existing: true,
      project: PROJECT,
    });
  });

  it('3: shows it created', async () => {
    source.clock.advance(28_000);
    const { size } = await source.runner.finishCreation();
    expect(await expectStatus(source.call('GET', `/migrations/${id}`), 200)).toEqual({
      id,
      packageInfo: {
        id: packageId,
        replicated: false,
        type: 'project',
        purpose: 'object_migration',
        name: 'ProjectMigration_success',
        creator: ADMINISTRATOR,
        creationDate: '2022-03-16T07:38:40.125+0000',
        lastUpdatedDate: '2022-03-16T07:39:08.125+0000',
        environment: { id: 'https://source/MicroStrategyLibrary/', name: 'source' },
        storage: {
          size,
          path: expect.stringMatching(/^mstr\/shared\/migrations\/packages\/2022-03-16\/[0-9A-F]{32}\.mmp$/),
        },
        project: PROJECT,
        status: 'created',
        message: '',
        progress: 100,
        deleted: false,
        existing: true,
      },
      importInfo: {
        id: importId,
        creator: {},
        creationDate: '2022-03-16T07:38:40.125+0000',
        lastUpdatedDate: '2022-03-16T07:38:40.125+0000',
        environment: { id: target.id, name: 'target' },
        status: 'pending',
        importRequestStatus: 'pending',
        undoRequestStatus: 'pending',
        progress: 0,
        message: '',
        undoStorage: {},
        project: PROJECT,
        deleted: false,
      },
      version: '1',
    });
  });

  it('negative: an approval before the request', async () => {
    const { status, body } = await moveImport(source, id, 'approved');
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toBe(
      "Cannot do current operation for now when `importInfo.importRequestStatus` is 'pending'.",
    );
  });

  it('4 and 5: requests and approves the import', async () => {
    const requested = await expectStatus(moveImport(source, id, 'requested'), 200);
    expect(requested.packageInfo).toEqual({ id: packageId, status: 'created', progress: 100 });
    expect(requested.importInfo).toMatchObject({ status: 'pending', importRequestStatus: 'requested' });
    const approved = await expectStatus(moveImport(source, id, 'approved'), 200);
    expect(approved.packageInfo).toEqual({ id: packageId, status: 'locked', progress: 100 });
    expect(approved.importInfo).toMatchObject({
      status: 'pending',
      importRequestStatus: 'approved',
      undoRequestStatus: 'pending',
    });
  });

  it('negative: a request after the approval, and a change of the locked package', async () => {
    const text = "Cannot do current operation for now when `packageInfo.status` is 'locked'.";
    expect((await moveImport(source, id, 'requested')).body).toMatchObject({ code: 'ERR006', message: text });
    const body = { packageInfo: { name: 'Another name' } };
    const edited = await source.call('PATCH', `/migrations/${id}`, { body });
    expect(edited).toMatchObject({ status: 400, body: { code: 'ERR006', message: text } });
  });

  it('6: reads the whole record', async () => {
    record = await expectStatus(source.call('GET', `/migrations/${id}?showContent=all`), 200);
    expect(record.packageInfo).toMatchObject({ status: 'locked', treeView: '{}' });
    expect(record.packageInfo.tocView).toEqual({
      settings: createBody(target.id).packageInfo.tocView.settings,
      content: [
        {
          id: YEAR,
          name: 'Year',
          version: '2215B50211EB7C9D8F150080EF651EEA',
          type: 12,
          owner: { id: ADMINISTRATOR.id },
          dateCreated: '2001-01-02T20:48:10.000+0000',
          dateModified: '2021-03-04T03:53:09.000+0000',
          action: 'replace',
          includeDependents: true,
          explicitIncluded: true,
          level: 'project_object',
        },
      ],
    });
  });

  it('negative: a PUT with replicated false, with a package that is not locked, without the project', async () => {
    const asRead = await put(target, record);
    expect(asRead).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(asRead.body.message).toContain('`packageInfo.replicated`');
    const replica = { ...record, packageInfo: { ...record.packageInfo, replicated: true } };
    const unlocked = await put(target, { ...replica, packageInfo: { ...replica.packageInfo, status: 'created' } });
    expect(unlocked.body.message).toBe("Cannot do current operation for now when `packageInfo.status` is 'created'.");
    const { importInfo: _, ...withoutImport } = replica;
    const homeless = await target.call('PUT', `/migrations/${id}`, { body: withoutImport });
    expect(homeless).toMatchObject({ status: 400, body: { code: 'ERR005' } });
    expect((await target.call('GET', `/migrations/${id}`)).status).toBe(404);
  });

  it('7: starts the import on the target', async () => {
    target.clock.advance(60_000);
    const { importInfo: _, ...seedBody } = record;
    const body = { ...seedBody, packageInfo: { ...record.packageInfo, replicated: true } };
    expect(await expectStatus(put(target, body), 201)).toEqual({
      id,
      packageInfo: { id: packageId, status: 'locked', progress: 100 },
      importInfo: {
        id: importId,
        status: 'importing',
        importRequestStatus: 'approved',
        undoRequestStatus: 'pending',
        progress: 0,
      },
    });
    expect((await put(target, body)).body.message).toBe(
      "Cannot do current operation for now when `importInfo.status` is 'importing'.",
    );
  });

  it('8: shows the import on the target, field by field as in Appendix D', async () => {
    target.runner.progress(57);
    const running = await expectStatus(target.call('GET', `/migrations/${id}`), 200);
    expect(running.importInfo).toMatchObject({ status: 'importing', progress: 57, undoStorage: {} });
    target.clock.advance(15_000);
    await target.runner.finishImport();
    const done = await expectStatus(target.call('GET', `/migrations/${id}?showContent=all`), 200);
    expect(done).toEqual({
      id,
      packageInfo: { ...record.packageInfo, replicated: true },
      importInfo: {
        id: importId,
        creator: ADMINISTRATOR,
        creationDate: '2022-03-16T07:39:40.125+0000',
        lastUpdatedDate: '2022-03-16T07:39:55.125+0000',
        environment: { id: target.id, name: 'target' },
        status: 'imported',
        importRequestStatus: 'approved',
        undoRequestStatus: 'pending',
        progress: 100,
        message: '',
        undoStorage: { size: 15, path: `mstr/shared/migrations/undo/${packageId}/${importId}.mmp` },
        project: PROJECT,
        deleted: false,
      },
      version: '1',
    });
    const onSource = await expectStatus(source.call('GET', `/migrations/${id}`), 200);
    expect(onSource.importInfo).toMatchObject({ status: 'pending', creator: {}, progress: 0, undoStorage: {} });
  });

  it('9 to 11: undoes the import on the target', async () => {
    const requested = await expectStatus(moveUndo(target, id, 'requested'), 200);
    expect(requested.importInfo).toMatchObject({ status: 'imported', undoRequestStatus: 'requested', progress: 100 });
    expect((await moveUndo(target, id, 'approved')).body.code).toBe('ERR005');
    const approved = await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    expect(approved.importInfo).toMatchObject({ status: 'undoing', undoRequestStatus: 'approved', progress: 100 });
    await target.runner.finishUndo();
    const undone = await expectStatus(target.call('GET', `/migrations/${id}`), 200);
    expect(undone.importInfo).toMatchObject({ status: 'undo_success', progress: 100, message: '' });
    expect(undone.importInfo.lastUpdatedDate).toMatch(DATE);
  });

  it('12: deletes on the source, then on the target', async () => {
    for (const environment of [source, target]) {
      await expectStatus(environment.call('DELETE', `/migrations?packageId=${packageId}`), 204);
      const twice = await environment.call('DELETE', `/migrations?packageId=${packageId}`);
      expect(twice).toMatchObject({ status: 404, body: { code: 'ERR006' } });
      expect((await environment.call('GET', '/migrations')).body).toMatchObject({ total: 0, data: [] });
      const gone = await expectStatus(environment.call('GET', `/migrations/${id}`), 200);
      expect([gone.packageInfo.deleted, gone.importInfo.deleted, gone.packageInfo.existing]).toEqual([
        true,
        true,
        false,
      ]);
    }
    expect(await storedSize(source, record)).toBeNull();
  });

  it('negative: a token of the source on the target', async () => {
    const foreign = await target.call('GET', '/migrations', { token: source.adminToken });
    expect(foreign).toMatchObject({ status: 401, body: { code: 'ERR009' } });
  });
});
