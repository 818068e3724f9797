import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { journal } from '../builders/migration-rows.ts';
import { storeBytes } from '../builders/held-runner.ts';
import { aPackageServer, type PackageServer } from '../builders/package-server.ts';
import type { PackageBody } from '../builders/package-api.ts';
import { YEAR } from '../builders/migration-walk.ts';

let server: PackageServer;
let token: string;

beforeEach(async () => {
  server = await aPackageServer();
  token = await server.login();
});
afterEach(() => server.close());

const CONTENT = [{ id: YEAR, name: 'Year', type: 12 }];

async function must(answer: Promise<{ status: number; body: PackageBody }>, status: number): Promise<PackageBody> {
  const { status: actual, body } = await answer;
  if (actual !== status) throw new Error(`Expected ${status}, got ${actual}: ${JSON.stringify(body)}`);
  return body;
}

/** A package whose job is held; its id. */
async function filling(): Promise<string> {
  const { id } = await must(server.call(token, 'POST', '/packages'), 201);
  await must(server.call(token, 'PUT', `/packages/${id}`, { type: 'project', content: CONTENT }), 202);
  return id;
}

async function ready(): Promise<string> {
  const id = await filling();
  await server.runner.finishCreation();
  return id;
}

const startImport = (id: string, query = '') => server.call(token, 'POST', `/packages/imports?packageId=${id}${query}`);
const show = (path: string) => must(server.call(token, 'GET', path), 200);
const firstJob = () => {
  const [job] = server.runner.jobs;
  if (!job) throw new Error('There is no job.');
  return job;
};

describe('while a job is at work', () => {
  it('a package is neither filled again, nor imported, nor downloaded', async () => {
    const id = await filling();
    for (const answer of [
      await server.call(token, 'PUT', `/packages/${id}`, { type: 'project', content: CONTENT }),
      await startImport(id),
      await server.call(token, 'GET', `/packages/${id}/binary`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'ERR006']);
      expect(answer.body.message).toBe("Cannot do current operation for now when `status` is 'PROCESSING'.");
    }
    expect(await show(`/packages/${id}?showContent=true`)).toMatchObject({ status: 'PROCESSING', type: 'project' });
  });

  it('an import shows its progress, and keeps its package and a second import waiting', async () => {
    const id = await ready();
    const started = await must(startImport(id), 202);
    expect(started).toEqual({ id: started.id, status: 'PROCESSING', undoPackageCreated: false, progress: 0 });
    server.runner.progress(42);
    expect((await show(`/packages/imports/${started.id}`)).progress).toBe(42);
    // Where another process is asked, it has it from the database.
    const stored = () => server.platform.library.reader.selectFrom('holder_import').select('progress').execute();
    await expect.poll(stored).toEqual([{ progress: 42 }]);
    const second = await startImport(id);
    expect([second.status, second.body.message]).toEqual([
      400,
      expect.stringContaining(`\`status of import ${started.id}\` is 'PROCESSING'`),
    ]);
    await server.runner.finishImport({ message: 'A name was changed' });
    expect(await show(`/packages/imports/${started.id}`)).toEqual({
      id: started.id,
      status: 'IMPORTED',
      undoPackageCreated: true,
      progress: 100,
      message: 'A name was changed',
    });
    expect(server.passedOn).toEqual([]);
    expect((await startImport(id)).status).toBe(202);
  });

  it('a session that ends is freed when the job has ended', async () => {
    const id = await ready();
    await must(startImport(id), 202);
    await server.forgetSession(token);
    await server.free();
    expect(await server.storedFiles()).toHaveLength(1);
    await server.runner.finishImport();
    expect(await server.storedFiles()).toEqual([]);
    const rows = [
      await server.platform.library.reader.selectFrom('package_holder').selectAll().execute(),
      await server.platform.library.reader.selectFrom('holder_import').selectAll().execute(),
      await server.platform.library.reader.selectFrom('file_removal').selectAll().execute(),
    ];
    expect(rows).toEqual([[], [], []]);
  });

  it('so is one that ends while its package is built', async () => {
    await filling();
    await server.forgetSession(token);
    await server.free();
    await server.runner.finishCreation();
    expect(await server.storedFiles()).toEqual([]);
    expect(await server.platform.library.reader.selectFrom('package_holder').selectAll().execute()).toEqual([]);
  });

  it('so is one that is idle for too long, and not before', async () => {
    await ready();
    server.platform.clock.advanceSeconds(1800);
    await server.free();
    expect(await server.storedFiles()).toHaveLength(1);
    server.platform.clock.advanceSeconds(31);
    await server.free();
    expect(await server.storedFiles()).toEqual([]);
  });
});

describe('what is deleted while a job is at work on it', () => {
  const rows = async () => [
    await server.platform.library.reader.selectFrom('package_holder').selectAll().execute(),
    await server.platform.library.reader.selectFrom('holder_import').selectAll().execute(),
    await server.platform.library.reader.selectFrom('job').selectAll().execute(),
    await server.platform.library.reader.selectFrom('file_removal').selectAll().execute(),
    await server.storedFiles(),
  ];
  const NOTHING = [[], [], [], [], []];
  /** A runner whose jobs hear of the wish to end them, and end later. */
  const withLateEnds = (answer: 'asked' | 'tooLate' | 'unknown') =>
    vi.spyOn(server.runner, 'cancel').mockImplementation(async () => answer);

  it('is a package: its creation is cancelled, and nothing is left', async () => {
    const id = await filling();
    expect(await must(server.call(token, 'DELETE', `/packages/${id}`), 202)).toEqual({ id, status: 'DELETING' });
    expect(server.runner.jobs).toEqual([]);
    expect(await rows()).toEqual(NOTHING);
    expect((await server.call(token, 'GET', `/packages/${id}`)).status).toBe(404);
    await ready();
  });

  it('is a package as DELETING until its creation has ended, however it has', async () => {
    const id = await filling();
    withLateEnds('asked');
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    expect(await show(`/packages/${id}`)).toMatchObject({ status: 'DELETING' });
    expect((await server.call(token, 'POST', '/packages')).status).toBe(400);
    await server.runner.finishCreation();
    expect(await rows()).toEqual(NOTHING);
  });

  it('goes at the next start when the server has stopped meanwhile', async () => {
    const id = await filling();
    withLateEnds('asked');
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    await server.runner.finishCreation().catch(() => undefined);
    await server.settle();
    expect(await rows()).toEqual(NOTHING);
  });

  it('is an import: it is cancelled, and its package stays', async () => {
    const id = await ready();
    const { id: importId } = await must(startImport(id), 202);
    await must(server.call(token, 'DELETE', `/packages/imports/${importId}`), 202);
    expect((await server.call(token, 'GET', `/packages/imports/${importId}`)).status).toBe(404);
    expect(await show(`/packages/${id}`)).toMatchObject({ status: 'READY' });
    expect(await server.storedFiles()).toHaveLength(1);
    expect((await startImport(id)).status).toBe(202);
  });

  it('is an import as DELETING until what it did was taken back', async () => {
    const id = await ready();
    const { id: importId } = await must(startImport(id), 202);
    withLateEnds('asked');
    await must(server.call(token, 'DELETE', `/packages/imports/${importId}`), 202);
    expect(await show(`/packages/imports/${importId}`)).toMatchObject({ status: 'DELETING' });
    expect((await startImport(id)).status).toBe(400);
    await server.runner.fail('The import was cancelled');
    expect((await server.call(token, 'GET', `/packages/imports/${importId}`)).status).toBe(404);
    expect((await rows()).slice(2, 4)).toEqual([[], []]);
  });

  it('is the package of an import: that is cancelled and says so, and then the package goes', async () => {
    const id = await ready();
    const { id: importId } = await must(startImport(id), 202);
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    expect((await server.call(token, 'GET', `/packages/${id}`)).status).toBe(404);
    expect(await show(`/packages/imports/${importId}`)).toMatchObject({
      status: 'FAILED',
      message: 'The import was cancelled by Administrator. Nothing was changed.',
    });
    await must(server.call(token, 'DELETE', `/packages/imports/${importId}`), 202);
    expect(await rows()).toEqual(NOTHING);
  });

  it('is refused when the import is being completed', async () => {
    const id = await ready();
    const { id: importId } = await must(startImport(id), 202);
    withLateEnds('tooLate');
    for (const path of [`/packages/${id}`, `/packages/imports/${importId}`]) {
      const { status, body } = await server.call(token, 'DELETE', path);
      expect([status, body.code]).toEqual([409, 'ERR006']);
      expect(body.message).toContain('too late');
    }
    await server.runner.finishImport();
    expect(await show(`/packages/imports/${importId}`)).toMatchObject({ status: 'IMPORTED', undoPackageCreated: true });
    expect(await show(`/packages/${id}`)).toMatchObject({ status: 'READY' });
  });

  it('with its thread goes all the same', async () => {
    const id = await ready();
    const { id: importId } = await must(startImport(id), 202);
    withLateEnds('asked');
    await must(server.call(token, 'DELETE', `/packages/imports/${importId}`), 202);
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    await server.runner.lose();
    expect(await rows()).toEqual(NOTHING);
  });
});

describe('a job that fails', () => {
  it('leaves no file', async () => {
    const id = await filling();
    await server.runner.fail('Object X no longer exists');
    expect(await show(`/packages/${id}`)).toMatchObject({ status: 'FAILED', message: 'Object X no longer exists' });
    expect(await server.storedFiles()).toEqual([]);
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    const other = await ready();
    const { id: importId } = await must(startImport(other), 202);
    await server.runner.fail('Object needs Y');
    const failed = await show(`/packages/imports/${importId}`);
    expect(failed).toMatchObject({ status: 'FAILED', message: 'Object needs Y', undoPackageCreated: false });
    expect(await server.storedFiles()).toHaveLength(1);
  });

  it('with its thread is settled by what the journal says', async () => {
    const id = await ready();
    const first = await must(startImport(id), 202);
    await server.runner.lose();
    const failed = await show(`/packages/imports/${first.id}`);
    expect([failed.status, failed.message]).toEqual(['FAILED', expect.stringContaining('a failure of the thread')]);
    const second = await must(startImport(id), 202);
    await journal(server.platform, firstJob().importId, 'import', { undoPath: null, undoSize: null });
    await server.runner.lose();
    expect((await show(`/packages/imports/${second.id}`)).status).toBe('IMPORTED');
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    const other = await filling();
    await server.runner.lose();
    expect(await show(`/packages/${other}`)).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('thread'),
    });
  });

  it('because the runner takes no more says so', async () => {
    const { id } = await must(server.call(token, 'POST', '/packages'), 201);
    server.runner.refuse();
    await must(server.call(token, 'PUT', `/packages/${id}`, { type: 'project', content: CONTENT }), 202);
    expect(await show(`/packages/${id}`)).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('shut down'),
    });
  });
});

describe('after a restart', () => {
  it('a package that was being built has failed; one that was ready is ready', async () => {
    const id = await filling();
    const job = firstJob();
    await storeBytes(server.files, job.kind === 'create' ? job.storagePath : '', 'half');
    await server.settle();
    const failed = await show(`/packages/${id}`);
    expect([failed.status, failed.message]).toEqual(['FAILED', expect.stringContaining('restart of the server')]);
    expect(await server.storedFiles()).toEqual([]);
    await must(server.call(token, 'DELETE', `/packages/${id}`), 202);
    const other = await ready();
    await server.settle();
    expect((await show(`/packages/${other}`)).status).toBe('READY');
  });

  it('an import that was not committed has failed and leaves no undo package', async () => {
    const { id } = await must(startImport(await ready()), 202);
    const job = firstJob();
    await storeBytes(server.files, job.kind === 'import' ? job.undoPath : '', 'undo');
    await server.settle();
    const failed = await show(`/packages/imports/${id}`);
    expect([failed.status, failed.undoPackageCreated]).toEqual(['FAILED', false]);
    expect(failed.message).toBe(
      'The import was interrupted by a restart of the server; the target is unchanged. Start it again.',
    );
    expect(await server.storedFiles()).toHaveLength(1);
  });

  it('an import that was committed is imported, with what the journal says', async () => {
    const { id } = await must(startImport(await ready()), 202);
    const job = firstJob();
    const undoPath = job.kind === 'import' ? job.undoPath : '';
    await storeBytes(server.files, undoPath, 'undo');
    await journal(server.platform, job.importId, 'import', { undoPath, undoSize: 4, message: 'renamed' });
    await server.settle();
    expect(await show(`/packages/imports/${id}`)).toMatchObject({
      status: 'IMPORTED',
      undoPackageCreated: true,
      progress: 100,
      message: 'renamed',
    });
    expect(await server.storedFiles()).toContain(undoPath);
  });

  it('what sessions have left that ended meanwhile is freed', async () => {
    await ready();
    await server.forgetSession(token);
    await server.settle();
    expect(await server.storedFiles()).toEqual([]);
  });
});
