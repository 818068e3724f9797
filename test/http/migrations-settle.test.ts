import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MigrationJob } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { parseStorePath, undoPath, type StorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { storeBytes } from '../builders/held-runner.ts';
import {
  TUTORIAL,
  createWorld,
  type AnswerBody,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { aPackageRow, anImportRow, idOf, insertRows, journal } from '../builders/migration-rows.ts';
import { approved, createBody, expectStatus, imported, moveUndo, put, read } from '../builders/migration-walk.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const jobRows = (environment: TestEnvironment): Promise<unknown[]> =>
  environment.platform.library.reader.selectFrom('job').selectAll().execute();
const removalRows = (environment: TestEnvironment): Promise<{ path: string }[]> =>
  environment.platform.library.reader.selectFrom('file_removal').selectAll().execute();
const undoPathOf = (id: string): ReturnType<typeof undoPath> => {
  const [packageId = '', importId = ''] = id.split(':');
  return undoPath(packageId, importId);
};

describe('after a crash while a package was created', () => {
  it('it has failed, and the file that nobody names is gone', async () => {
    const { id } = await expectStatus(
      source.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL }),
      201,
    );
    const job = source.runner.jobs[0];
    const path = job?.kind === 'create' ? job.storagePath : '';
    await storeBytes(source.files, path, 'whole, but the record did not hear of it');
    await source.settle();
    const { packageInfo, importInfo } = await read(source, id);
    expect(packageInfo).toMatchObject({
      status: 'create_failed',
      message: expect.stringContaining('restart'),
      storage: {},
    });
    expect(importInfo.status).toBe('pending');
    expect(await source.files.stat(parseStorePath(path))).toBeNull();
    expect([await jobRows(source), await removalRows(source)]).toEqual([[], []]);
  });
});

describe('after a crash during an import', () => {
  let body: AnswerBody;
  beforeEach(async () => {
    body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    await storeBytes(target.files, undoPathOf(body.id), 'undo');
  });
  const importId = (): string => body.id.split(':')[1] ?? '';

  it('that was not committed it has failed, and its undo package is gone', async () => {
    await target.settle();
    const { importInfo } = await read(target, body.id);
    expect(importInfo).toMatchObject({ status: 'import_failed', undoStorage: {} });
    expect(importInfo.message).toContain('interrupted by a restart of the server; the target is unchanged');
    expect(await target.files.stat(undoPathOf(body.id))).toBeNull();
    expect(await jobRows(target)).toEqual([]);
    await expectStatus(put(target, body), 201);
    await target.settle();
  });

  it('that was committed it is imported, with what the journal says of the undo package', async () => {
    await journal(target.platform, importId(), 'import', {
      undoPath: undoPathOf(body.id),
      undoSize: 4,
      message: 'Renamed one.',
    });
    await target.settle();
    expect((await read(target, body.id)).importInfo).toMatchObject({
      status: 'imported',
      progress: 100,
      message: 'Renamed one.',
      undoStorage: { path: undoPathOf(body.id), size: 4 },
    });
    expect(await target.files.stat(undoPathOf(body.id))).toEqual({ size: 4 });
  });

  it('that was committed without an undo package it is imported without one', async () => {
    await journal(target.platform, importId(), 'import', {
      undoPath: null,
      undoSize: null,
      message: 'keep_both took effect.',
    });
    await target.settle();
    expect((await read(target, body.id)).importInfo).toMatchObject({
      status: 'imported',
      undoStorage: {},
      message: 'keep_both took effect.',
    });
    expect(await target.files.stat(undoPathOf(body.id))).toBeNull();
  });

  it('a journal of other jobs proves nothing', async () => {
    await journal(target.platform, 'A'.repeat(32), 'import');
    await journal(target.platform, importId(), 'update');
    await target.settle();
    expect((await read(target, body.id)).importInfo.status).toBe('import_failed');
  });
});

describe('when the thread dies under an import', () => {
  it('has failed when nothing was committed, and is imported when it was', async () => {
    const body = await approved(source, target.id);
    const importId = body.id.split(':')[1] ?? '';
    await expectStatus(put(target, body), 201);
    await target.runner.lose();
    const failed = (await read(target, body.id)).importInfo;
    expect(failed).toMatchObject({ status: 'import_failed', message: expect.stringContaining('thread') });

    await expectStatus(put(target, body), 201);
    await journal(target.platform, importId, 'import', { undoPath: null, undoSize: null, message: '' });
    await target.runner.lose();
    expect((await read(target, body.id)).importInfo).toMatchObject({ status: 'imported', progress: 100, message: '' });
    expect(await jobRows(target)).toEqual([]);
  });
});

describe('after a crash during a repeated import', () => {
  it('the commit of the first one proves nothing, though no undo came after it', async () => {
    const id = await imported(source, target);
    const [packageId = '', importId = ''] = id.split(':');
    await journal(target.platform, importId, 'import', { message: 'the first' });
    const record = await read(source, id, '?showContent=all');
    await expectStatus(target.call('DELETE', `/migrations?packageId=${packageId}`), 204);
    const body = { ...record, packageInfo: { ...record.packageInfo, replicated: true } };
    await expectStatus(put(target, body), 201);
    await target.settle();
    expect((await read(target, id)).importInfo.status).toBe('import_failed');
  });

  it.each([
    [['import', 'undo'], 'import_failed'],
    [['import', 'undo', 'import'], 'imported'],
    [['undo'], 'import_failed'],
    [[], 'import_failed'],
  ])('without its job row the newest of %j decides: %s', async (kinds, status) => {
    const n = kinds.length + 1;
    const id = `${idOf('A', n)}:${idOf('B', n)}`;
    await insertRows(
      target.platform,
      [aPackageRow({ id: idOf('A', n), status: 'locked', replicated: 1 })],
      [anImportRow({ id: idOf('B', n), package_id: idOf('A', n), status: 'importing' })],
    );
    for (const kind of kinds) await journal(target.platform, idOf('B', n), kind);
    await target.settle();
    expect((await read(target, id)).importInfo.status).toBe(status);
  });
});

const undoing = async (): Promise<{ id: string; importId: string }> => {
  const id = await imported(source, target);
  const importId = id.split(':')[1] ?? '';
  await journal(target.platform, importId, 'import');
  await expectStatus(moveUndo(target, id, 'requested'), 200);
  await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
  return { id, importId };
};

describe('after a crash during an undo', () => {
  it('that was not committed it has failed, keeps its undo package, and can be asked for again', async () => {
    const { id } = await undoing();
    await target.settle();
    const { importInfo } = await read(target, id);
    expect(importInfo).toMatchObject({
      status: 'undo_failed',
      message: expect.stringContaining('restart'),
      progress: 100,
    });
    expect(await target.files.stat(undoPathOf(id))).not.toBeNull();
    await expectStatus(moveUndo(target, id, 'requested'), 200);
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    await target.settle();
  });

  it('that was committed it has succeeded', async () => {
    const { id, importId } = await undoing();
    await journal(target.platform, importId, 'undo', { message: '1 object was kept.' });
    await target.settle();
    expect((await read(target, id)).importInfo).toMatchObject({
      status: 'undo_success',
      message: '1 object was kept.',
    });
  });
});

/** Of the import that is under way on the target. */
const undoPathOfNext = (): StorePath => {
  const [job] = target.runner.jobs;
  return parseStorePath(job?.kind === 'import' ? job.undoPath : '');
};

describe('a worker that is back after its job was taken from it', () => {
  const takenImport = async (): Promise<{ body: AnswerBody; job: MigrationJob; path: StorePath }> => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    const [job] = target.runner.jobs;
    if (!job) throw new Error('There is no job.');
    return { body, job, path: undoPathOfNext() };
  };

  it('takes its undo package with it, and not that of the same import, sent again', async () => {
    const { body, job, path } = await takenImport();
    await target.runner.lose();
    await expectStatus(put(target, body), 201);
    const again = undoPathOfNext();
    expect(again).not.toBe(path);
    await storeBytes(target.files, path, 'of the late worker');
    await target.runner.supersede(job);
    expect((await read(target, body.id)).importInfo.status).toBe('importing');
    await target.runner.finishImport();
    await storeBytes(target.files, path, 'of the late worker');
    await target.runner.supersede(job);
    expect((await read(target, body.id)).importInfo).toMatchObject({
      status: 'imported',
      undoStorage: { path: again },
    });
    expect(await target.files.stat(again)).not.toBeNull();
    expect([await target.files.stat(path), await removalRows(target)]).toEqual([null, []]);
  });

  it('leaves its undo package alone while nobody has said what became of the import, and when it was done', async () => {
    const { body, job, path } = await takenImport();
    const { size } = await storeBytes(target.files, path, 'undo');
    await target.runner.supersede(job);
    expect(await target.files.stat(path)).toEqual({ size });
    await journal(target.platform, job.importId, 'import', { undoPath: path, undoSize: size, message: '' });
    await target.runner.lose();
    await target.runner.supersede(job);
    expect((await read(target, body.id)).importInfo).toMatchObject({ status: 'imported', undoStorage: { path, size } });
    expect(await target.files.stat(path)).toEqual({ size });
  });

  it('takes the package with it that it was building', async () => {
    const created = source.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL });
    const { id } = await expectStatus(created, 201);
    const [job] = source.runner.jobs;
    if (job?.kind !== 'create') throw new Error('Nothing is being built.');
    await storeBytes(source.files, job.storagePath, 'whole');
    await source.runner.supersede(job);
    expect(await source.files.stat(parseStorePath(job.storagePath))).not.toBeNull();
    await source.runner.lose();
    await storeBytes(source.files, job.storagePath, 'late');
    await source.runner.supersede(job);
    expect((await read(source, id)).packageInfo.status).toBe('create_failed');
    expect(await source.files.stat(parseStorePath(job.storagePath))).toBeNull();
  });
});

describe('a start', () => {
  it('removes the files that could not be removed before, and nothing that a record names', async () => {
    const id = await imported(source, target);
    const path = `mstr/shared/migrations/packages/2022-03-16/${'A'.repeat(32)}.mmp`;
    await storeBytes(target.files, path, 'left over');
    await target.platform.library.write((tx) => tx.insertInto('file_removal').values({ path }).execute());
    await target.settle();
    expect(await target.files.stat(parseStorePath(path))).toBeNull();
    expect(await removalRows(target)).toEqual([]);
    expect(await target.files.stat(undoPathOf(id))).not.toBeNull();
  });

  it('removes the undo package that a failed import had let go of, and keeps that of the next', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    await storeBytes(target.files, undoPathOf(body.id), 'of the import that fails');
    await rename(world.storage, `${world.storage}-away`);
    await target.runner.fail('The location is away.');
    await rename(`${world.storage}-away`, world.storage);
    expect(await removalRows(target)).toEqual([{ path: undoPathOf(body.id) }]);
    await expectStatus(put(target, body), 201);
    const again = undoPathOfNext();
    await target.runner.finishImport();
    await target.settle();
    expect((await read(target, body.id)).importInfo.undoStorage).toEqual({ path: again, size: 15 });
    expect(await target.files.stat(again)).toEqual({ size: 15 });
    expect(await target.files.stat(undoPathOf(body.id))).toBeNull();
    expect(await removalRows(target)).toEqual([]);
  });

  it('changes nothing where nothing was running', async () => {
    const id = await imported(source, target);
    const before = [await read(source, id), await read(target, id)];
    target.clock.advance(1000);
    await target.settle();
    await source.settle();
    expect([await read(source, id), await read(target, id)]).toEqual(before);
  });
});
