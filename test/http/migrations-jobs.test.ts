import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { TUTORIAL, createWorld, type TestEnvironment, type World } from '../builders/migration-environment.ts';
import {
  approved,
  createBody,
  created,
  expectStatus,
  imported,
  moveUndo,
  put,
  read,
  storedSize,
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

/** The progress that a restart would find. */
async function writtenProgress(environment: TestEnvironment, id: string): Promise<number> {
  // A unit of work comes after those that were begun before it.
  await environment.platform.library.write(async () => {});
  const [packageId = ''] = id.split(':');
  const { reader } = environment.platform.library;
  const row = await reader
    .selectFrom('package')
    .select('progress')
    .where('id', '=', packageId)
    .executeTakeFirstOrThrow();
  return row.progress;
}

describe('the progress of a job', () => {
  it('is shown at once and written at most every half second', async () => {
    const { id } = await expectStatus(
      source.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL }),
      201,
    );
    const seen: number[][] = [];
    for (const [value, later] of [
      [5, 0],
      [10, 100],
      [20, 399],
      [30, 1],
      [40, 10],
    ] as const) {
      source.clock.advance(later);
      source.runner.progress(value + 0.5);
      seen.push([(await read(source, id)).packageInfo.progress, await writtenProgress(source, id)]);
    }
    expect(seen).toEqual([
      [5, 5],
      [10, 5],
      [20, 5],
      [30, 30],
      [40, 30],
    ]);
    const [first] = (await source.call('GET', '/migrations')).body.data;
    expect(first?.packageInfo.progress).toBe(40);
    await source.runner.finishCreation();
    expect([(await read(source, id)).packageInfo.progress, await writtenProgress(source, id)]).toEqual([100, 100]);
  });

  it('of an undo is that of its import', async () => {
    const id = await imported(source, target);
    await expectStatus(moveUndo(target, id, 'requested'), 200);
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    target.runner.progress(10);
    expect((await read(target, id)).importInfo).toMatchObject({ status: 'undoing', progress: 100 });
    await target.runner.finishUndo();
  });

  it('of a failed import stays where it was', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    target.runner.progress(60);
    await target.runner.fail('no');
    expect((await read(target, body.id)).importInfo).toMatchObject({ status: 'import_failed', progress: 60 });
  });
});

describe('a delete', () => {
  it('on the source takes the package file, and the target sees that it is gone', async () => {
    const id = await imported(source, target);
    const record = await read(source, id);
    const body = record.packageInfo.id;
    await expectStatus(source.call('DELETE', `/migrations?packageId=${body.toLowerCase()}&userComments=done`), 204);
    expect(await storedSize(source, record)).toBeNull();
    const { packageInfo, importInfo } = await read(target, id);
    expect([packageInfo.existing, packageInfo.deleted, importInfo.status]).toEqual([false, false, 'imported']);
    await expectStatus(moveUndo(target, id, 'requested'), 200);
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    await target.runner.finishUndo();
  });

  it('on the target leaves the package file and takes the undo packages of all imports', async () => {
    const id = await imported(source, target);
    const [packageId = ''] = id.split(':');
    const further = await expectStatus(
      source.call('POST', `/migrations?packageId=${packageId}`, {
        body: { importInfo: { project: { id: TUTORIAL } } },
      }),
      201,
    );
    const record = await read(source, further.id, '?showContent=all');
    await expectStatus(put(target, { ...record, packageInfo: { ...record.packageInfo, replicated: true } }), 201);
    await target.runner.finishImport();
    const paths = await Promise.all(
      [id, further.id].map(async (each) => (await read(target, each)).importInfo.undoStorage.path ?? ''),
    );
    await expectStatus(target.call('DELETE', `/migrations?packageId=${packageId}`), 204);
    for (const path of paths) expect(await target.files.stat(parseStorePath(path))).toBeNull();
    expect(await storedSize(source, record)).toBe(record.packageInfo.storage.size);
    for (const each of [id, further.id]) {
      const gone = await read(target, each);
      expect(gone).toMatchObject({ packageInfo: { deleted: true }, importInfo: { deleted: true, undoStorage: {} } });
      expect((await moveUndo(target, each, 'requested')).status).toBe(404);
    }
  });

  it('while the store is away lets go of the file, and the next start removes it', async () => {
    const id = await created(source, target.id);
    const record = await read(source, id);
    await rename(world.storage, `${world.storage}-away`);
    await expectStatus(source.call('DELETE', `/migrations?packageId=${record.packageInfo.id}`), 204);
    expect((await read(source, id)).packageInfo).toMatchObject({ deleted: true, existing: true });
    await rename(`${world.storage}-away`, world.storage);
    expect(await storedSize(source, record)).not.toBeNull();
    await source.settle();
    expect(await storedSize(source, record)).toBeNull();
  });

  it('is refused while a job is at work, without a package id, and for one that is not known', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    const busy = await target.call('DELETE', `/migrations?packageId=${body.packageInfo.id}`);
    expect(busy).toMatchObject({
      status: 400,
      body: { code: 'ERR006', message: expect.stringContaining("'importing'") },
    });
    await target.runner.finishImport();
    expect(await target.call('DELETE', '/migrations')).toMatchObject({ status: 400, body: { code: 'ERR005' } });
    for (const unknown of ['A'.repeat(32), 'x', body.id]) {
      expect(await target.call('DELETE', `/migrations?packageId=${unknown}`)).toMatchObject({
        status: 404,
        body: { code: 'ERR006' },
      });
    }
  });
});

describe('when the storage location is away', () => {
  it('an import is refused with the text that clients know, and records stay readable', async () => {
    const body = await approved(source, target.id);
    await rename(world.storage, `${world.storage}-away`);
    const refused = await put(target, body);
    const record = await read(source, body.id);
    await rename(`${world.storage}-away`, world.storage);
    expect(refused).toMatchObject({ status: 500, body: { code: 'ERR001' } });
    expect(refused.body.message).toBe(
      'The Storage Service is not configured properly, please contact your administrator to configure Storage Service',
    );
    expect(record.packageInfo.existing).toBe(true);
    expect((await target.call('GET', `/migrations/${body.id}`)).status).toBe(404);
  });
});

describe('when the database cannot be used', () => {
  it('every call is answered with the text that clients know', async () => {
    const broken = await world.start('broken');
    const id = await created(broken, target.id);
    const { library } = broken.platform;
    await library.write(async (tx) => {
      await tx.schema.dropTable('package').execute();
      await tx.schema.dropTable('migration_listing').execute();
    });
    const [packageId = ''] = id.split(':');
    const answers = await Promise.all([
      broken.call('GET', `/migrations/${id}`),
      broken.call('GET', '/migrations'),
      broken.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL }),
      broken.call('PATCH', `/migrations/${id}`, { body: { packageInfo: { name: 'x' } } }),
      broken.call('DELETE', `/migrations?packageId=${packageId}`),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([503, 'ERR016']);
      expect(body.message).toBe('The API requires MicroStrategy Storage Service. Please contact your administrator.');
    }
  });
});
