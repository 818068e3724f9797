import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES } from '@longshore/contracts';
import { STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { PRIVILEGE, type Privilege } from '../../packages/server/src/platform/http/access.ts';
import { OTHER_PROJECT, createWorld, type TestEnvironment, type World } from '../builders/migration-environment.ts';
import {
  CONFIGURATION_CONTENT,
  created,
  expectStatus,
  imported,
  moveImport,
  read,
  storedSize,
} from '../builders/migration-walk.ts';
import {
  askValidation,
  putStatusFile,
  statusFile,
  validatable,
  validate,
  validationOf,
} from '../builders/validation-walk.ts';

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
const jobRows = (environment: TestEnvironment): Promise<unknown[]> =>
  environment.platform.library.reader.selectFrom('job').selectAll().execute();
const dueRows = (environment: TestEnvironment): Promise<{ path: string }[]> =>
  environment.platform.library.reader.selectFrom('status_file').selectAll().execute();

/** Both clocks at once, as time goes by. */
const wait = (milliseconds: number): void => {
  source.clock.advance(milliseconds);
  target.clock.advance(milliseconds);
};

describe('a validation', () => {
  it('is started on the target, told to the source, and followed from there', async () => {
    const record = await validatable(source, target);
    expect(record).not.toHaveProperty('validation');
    const answer = await target.app.inject({
      method: 'PUT',
      url: `/api/migrations/${record.id}/validation`,
      headers: { 'x-mstr-authtoken': target.adminToken, 'x-mstr-projectid': record.importInfo.project.id },
      payload: record,
    });
    expect([answer.statusCode, answer.body]).toEqual([202, '']);
    expect(target.runner.jobs).toMatchObject([{ kind: 'validate', projectId: record.importInfo.project.id }]);
    // Nothing of it is a record on the target.
    expect((await target.call('GET', `/migrations/${record.id}`)).status).toBe(404);
    expect(await validationOf(source, record.id)).toBeUndefined();

    wait(2000);
    const asked = await expectStatus(askValidation(source, record.id), 200);
    expect(asked.validation).toEqual({ status: 'validating', progress: 0 });
    const { lastUpdatedDate: now } = (await validationOf(source, record.id)) ?? {};
    expect(await validationOf(source, record.id)).toEqual({
      status: 'validating',
      progress: 0,
      creationDate: now,
      lastUpdatedDate: now,
      message: '',
    });

    wait(2000);
    target.runner.progress(40);
    await expect.poll(() => validationOf(source, record.id)).toMatchObject({ status: 'validating', progress: 40 });
    wait(2000);
    await target.runner.finishValidation('The owner went to the importing user.');
    expect(await validationOf(source, record.id)).toMatchObject({
      status: 'validated',
      progress: 100,
      message: 'The owner went to the importing user.',
      creationDate: now,
    });
    const listed = (await source.call('GET', '/migrations')).body.data.find(({ id }) => id === record.id);
    expect(listed?.validation).toEqual(await validationOf(source, record.id));
    expect([await jobRows(target), await dueRows(target)]).toEqual([[], []]);
  });

  it('may have ended before the source is told', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await target.runner.fail("The attribute 'Year' needs the table 'LU_YEAR'.");
    wait(60_000);
    await expectStatus(askValidation(source, record.id), 200);
    expect(await validationOf(source, record.id)).toMatchObject({
      status: 'validation_failed',
      message: "The attribute 'Year' needs the table 'LU_YEAR'.",
    });
  });

  it('is picked up by a list, and by a repeated PATCH, as by a GET', async () => {
    const record = await validatable(source, target);
    await askValidation(source, record.id);
    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
    const page = (await source.call('GET', '/migrations?limit=1000')).body.data;
    expect(page.find(({ id }) => id === record.id)?.validation?.status).toBe('validated');
    wait(1000);
    await askValidation(source, record.id);
    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
    const again = await expectStatus(askValidation(source, record.id), 200);
    expect(again.validation).toEqual({ status: 'validating', progress: 0 });
  });

  it('takes a result once: the next one waits for a new run', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await target.runner.fail('no');
    await askValidation(source, record.id);
    expect((await validationOf(source, record.id))?.status).toBe('validation_failed');

    wait(1000);
    await askValidation(source, record.id);
    expect(await validationOf(source, record.id)).toMatchObject({ status: 'validating', message: '' });
    await expectStatus(validate(target, record), 202);
    expect((await validationOf(source, record.id))?.status).toBe('validating');
    await target.runner.finishValidation();
    expect(await validationOf(source, record.id)).toMatchObject({ status: 'validated', message: '' });
  });

  it('of a configuration package needs no project, and ignores a header', async () => {
    const record = await validatable(source, target, CONFIGURATION_CONTENT);
    await expectStatus(validate(target, record, { project: OTHER_PROJECT }), 202);
    expect(target.runner.jobs).toMatchObject([{ kind: 'validate', projectId: null, type: 'configuration' }]);
    await target.runner.finishValidation();
    await askValidation(source, record.id);
    expect((await validationOf(source, record.id))?.status).toBe('validated');
  });

  it('goes when the target is another one, and the result for the old one is none for the new one', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
    await askValidation(source, record.id);
    expect((await validationOf(source, record.id))?.status).toBe('validated');
    const { environment } = record.importInfo;
    const retarget = (importInfo: object): Promise<unknown> =>
      expectStatus(source.call('PATCH', `/migrations/${record.id}`, { body: { importInfo } }), 200);
    await retarget({ environment: { ...environment, name: 'renamed' } });
    expect((await validationOf(source, record.id))?.status).toBe('validated');
    await retarget({ environment: { id: 'https://another/', name: 'another' } });
    expect(await validationOf(source, record.id)).toBeUndefined();

    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
    await askValidation(source, record.id);
    expect((await validationOf(source, record.id))?.status).toBe('validating');
    await retarget({ environment });
    await askValidation(source, record.id);
    expect((await validationOf(source, record.id))?.status).toBe('validated');
  });
});

describe('the source', () => {
  it('fails a validation when the clocks differ by more than five minutes, whichever is ahead', async () => {
    const skewed = await world.start('skewed');
    skewed.clock.advance(source.clock.now() - skewed.clock.now());
    for (const [difference, status] of [
      [4 * 60_000, 'validated'],
      [6 * 60_000, 'validation_failed'],
      [-4 * 60_000, 'validated'],
      [-6 * 60_000, 'validation_failed'],
    ] as const) {
      skewed.clock.advance(difference);
      const record = await validatable(source, skewed);
      await askValidation(source, record.id);
      await expectStatus(validate(skewed, record), 202);
      await skewed.runner.finishValidation();
      expect(await validationOf(source, record.id)).toMatchObject({
        status,
        message: status === 'validated' ? '' : MESSAGES.clockSkew,
      });
      skewed.clock.advance(-difference);
    }
  });

  it('gives up when nobody calls the target, and the record can be deleted', async () => {
    const id = await created(source, target.id);
    await askValidation(source, id);
    const packageId = id.split(':')[0] ?? '';
    const refused = await source.call('DELETE', `/migrations?packageId=${packageId}`);
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(refused.body.message).toContain("`validation.status` is 'validating'");
    wait(16 * 60_000);
    await expectStatus(source.call('DELETE', `/migrations?packageId=${packageId}`), 204);
    expect(await validationOf(source, id)).toMatchObject({
      status: 'validation_failed',
      message: expect.stringContaining('PUT'),
    });
  });

  it('reads what another server writes, and says so when it is not readable', async () => {
    const record = await validatable(source, target);
    await askValidation(source, record.id);
    const lastUpdatedDate = (await validationOf(source, record.id))?.lastUpdatedDate;
    const plain = { status: 'validating', progress: 12.5, message: '', lastUpdatedDate };
    await putStatusFile(source, record.id, plain);
    expect(await validationOf(source, record.id)).toMatchObject({ status: 'validating', progress: 12.5 });
    await putStatusFile(source, record.id, { ...plain, status: 'validated', progress: 100 });
    expect(await validationOf(source, record.id)).toMatchObject({ status: 'validated', progress: 100 });
    await askValidation(source, record.id);
    expect((await validationOf(source, record.id))?.status).toBe('validating');

    for (const damaged of ['{', '{"status":"done"}', 'x'.repeat(2 * 1024 * 1024)]) {
      await putStatusFile(source, record.id, damaged);
      expect(await validationOf(source, record.id)).toMatchObject({
        status: 'validation_failed',
        message: MESSAGES.sharedFileUnreadable,
      });
      await askValidation(source, record.id);
    }
  });

  it('stays readable while the store is away', async () => {
    const record = await validatable(source, target);
    await askValidation(source, record.id);
    await rename(world.storage, `${world.storage}-away`);
    expect((await validationOf(source, record.id))?.status).toBe('validating');
    await rename(`${world.storage}-away`, world.storage);
  });

  it('takes the file away with the package', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
    await expectStatus(source.call('DELETE', `/migrations?packageId=${record.packageInfo.id}`), 204);
    await expect(statusFile(source, record.id)).rejects.toThrow('ENOENT');
  });

  it.each<[string, Privilege[]]>([
    ['Create package', [apply, bypass]],
    ['Apply package', [create, bypass]],
    ['Bypass all object security', [create, apply]],
  ])('asks for %s', async (name, as) => {
    const id = await created(source, target.id);
    const { status, body } = await askValidation(source, id, { as });
    expect([status, body.code]).toEqual([403, 'ERR014']);
    expect(body.message).toContain(name);
    expect(await validationOf(source, id)).toBeUndefined();
  });

  it('says which state is in the way', async () => {
    const id = await created(source, target.id);
    await expectStatus(moveImport(source, id, 'requested'), 200);
    expect((await askValidation(source, id)).body).toMatchObject({
      code: 'ERR006',
      message: "Cannot do current operation for now when `importInfo.importRequestStatus` is 'requested'.",
    });
    await expectStatus(moveImport(source, id, 'approved'), 200);
    expect((await askValidation(source, id)).body).toMatchObject({
      code: 'ERR006',
      message: "Cannot do current operation for now when `packageInfo.status` is 'locked'.",
    });
    const copy = await imported(source, target);
    expect((await askValidation(target, copy)).body.message).toContain("`packageInfo.replicated` is 'true'");
    const word = await source.call('PATCH', `/migrations/${copy}`, { body: { validation: { status: 'done' } } });
    expect(word).toMatchObject({ status: 400, body: { message: expect.stringContaining("'done'") } });
  });
});

describe('the target', () => {
  it('refuses a second validation of the same import while one is running', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    const second = await validate(target, record);
    expect(second).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(second.body.message).toContain("`validation.status` is 'validating'");
    expect(target.runner.jobs).toHaveLength(1);
    await target.runner.finishValidation();
    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
  });

  it('refuses to foresee what was begun, and what is not approved for it on the source that it is itself', async () => {
    const id = await imported(source, target);
    const record = await read(source, id, '?showContent=all');
    expect((await validate(target, record)).body.message).toBe(
      "Cannot do current operation for now when `importInfo.status` is 'imported'.",
    );
    expect((await validate(source, record)).body.message).toBe(
      "Cannot do current operation for now when `packageInfo.status` is 'locked'.",
    );
  });

  it('is the source itself, if that is the target', async () => {
    const record = await validatable(source, source);
    await askValidation(source, record.id);
    await expectStatus(validate(source, record), 202);
    await source.runner.finishValidation();
    expect((await validationOf(source, record.id))?.status).toBe('validated');
  });

  it.each<[string, (record: Awaited<ReturnType<typeof validatable>>) => unknown, number, string]>([
    ['another id', (r) => ({ ...r, id: `${r.importInfo.id}:${r.packageInfo.id}` }), 400, 'of the path'],
    ['another path', (r) => withPackage(r, { storage: { size: 1, path: '../../etc/passwd' } }), 400, 'not a path'],
    ['another size', (r) => withPackage(r, { storage: { ...r.packageInfo.storage, size: 1 } }), 400, 'has'],
    ['no storage', (r) => withPackage(r, { storage: {} }), 400, 'packageInfo.storage'],
    ['another type', (r) => withPackage(r, { type: 'configuration' }), 400, 'packageInfo.type'],
    [
      'other rules',
      (r) => withPackage(r, { tocView: { settings: { defaultAction: 'delete' } } }),
      400,
      'defaultAction',
    ],
    [
      'an uploaded file',
      (r) => withPackage(r, { purpose: 'migration_from_shared_file_store' }),
      400,
      "`packageInfo.purpose` is 'migration_from_shared_file_store'",
    ],
  ])('does not trust a body with %s', async (_, change, status, text) => {
    const record = await validatable(source, target);
    const body = change(record);
    const refused = await validate(target, record, { body });
    expect(refused).toMatchObject({ status, body: { message: expect.stringContaining(text) } });
    expect(target.runner.jobs).toEqual([]);
    await expect(statusFile(target, record.id)).rejects.toThrow('ENOENT');
  });

  it('does not mind the status in the body, nor whether it says replicated', async () => {
    const record = await validatable(source, target);
    const body = withPackage(record, { status: 'locked', replicated: true });
    await expectStatus(validate(target, record, { body }), 202);
    await target.runner.finishValidation();
  });

  it.each<[string, Privilege[]]>([
    ['Create package', [apply, bypass]],
    ['Apply package', [create, bypass]],
    ['Bypass all object security', [create, apply]],
  ])('asks for %s', async (name, as) => {
    const record = await validatable(source, target);
    const { status, body } = await validate(target, record, { as });
    expect([status, body.code]).toEqual([403, 'ERR014']);
    expect(body.message).toContain(name);
  });

  it('needs the file, the store and, for a project package, a project that is here', async () => {
    const record = await validatable(source, target);
    const body = { ...record, importInfo: { ...record.importInfo, project: {} } };
    const url = `/migrations/${record.id}/validation`;
    expect((await target.call('PUT', url, { body })).body.code).toBe('ERR005');
    const unknown = 'A'.repeat(32);
    expect((await target.call('PUT', url, { body, project: unknown })).body.message).toContain(unknown);
    await rename(world.storage, `${world.storage}-away`);
    expect((await validate(target, record)).body.message).toBe(MESSAGES.storageMisconfigured);
    await rename(`${world.storage}-away`, world.storage);
    expect(await storedSize(source, record)).not.toBeNull();
    await expectStatus(source.call('DELETE', `/migrations?packageId=${record.packageInfo.id}`), 204);
    expect((await validate(target, record)).body.message).toContain('not in the shared file store');
    expect(await jobRows(target)).toEqual([]);
  });

  it('settles what a crash interrupted, and the source hears of it', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await askValidation(source, record.id);
    expect((await statusFile(source, record.id)).status).toBe('validating');
    await target.settle();
    expect(await validationOf(source, record.id)).toMatchObject({
      status: 'validation_failed',
      message: expect.stringContaining('restart'),
    });
    expect([await jobRows(target), await dueRows(target)]).toEqual([[], []]);
    await expectStatus(validate(target, record), 202);
    await target.runner.lose();
    expect((await statusFile(source, record.id)).status).toBe('validation_failed');
  });

  it('brings a result to the store when that is back', async () => {
    const record = await validatable(source, target);
    await expectStatus(validate(target, record), 202);
    await rename(world.storage, `${world.storage}-away`);
    await target.runner.finishValidation();
    expect([await jobRows(target), await dueRows(target)]).toEqual([[], [expect.anything()]]);
    await rename(`${world.storage}-away`, world.storage);
    await target.settle();
    expect((await statusFile(source, record.id)).status).toBe('validated');
    expect(await dueRows(target)).toEqual([]);
  });

  it('does not begin when it cannot tell', async () => {
    const record = await validatable(source, target);
    const folder = join(world.storage, STORE_FOLDERS.validation);
    await rename(folder, `${folder}-away`);
    await writeFile(folder, 'in the way');
    const { status, body } = await validate(target, record);
    expect([status, body.code, body.message]).toEqual([500, 'ERR001', MESSAGES.sharedFileUnwritable]);
    expect([await jobRows(target), target.runner.jobs]).toEqual([[], []]);
    await rename(folder, `${folder}-file`);
    await rename(`${folder}-away`, folder);
    await expectStatus(validate(target, record), 202);
    await target.runner.finishValidation();
  });
});

type Recorded = Awaited<ReturnType<typeof validatable>>;

function withPackage(record: Recorded, packageInfo: object): unknown {
  return { ...record, packageInfo: { ...record.packageInfo, ...packageInfo } };
}
