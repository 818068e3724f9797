import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPackage, writePackage } from '@longshore/package-file';
import type { FileStore } from '../../packages/server/src/platform/files/file-store.ts';
import { parseStorePath, undoPath } from '../../packages/server/src/platform/files/store-path.ts';
import { storeBytes } from '../builders/held-runner.ts';
import {
  OTHER_PROJECT,
  TUTORIAL,
  createWorld,
  type Answer,
  type AnswerBody,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import {
  CONFIGURATION_CONTENT,
  YEAR,
  approved,
  created,
  createBody,
  expectStatus,
  imported,
  moveImport,
  moveUndo,
  put,
  read,
  storedSize,
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

/** The package at `path` once more, at another path, with one header line in place of the first. */
async function storeChanged(files: FileStore, path: string, header: string): Promise<{ path: string; size: number }> {
  const { stream } = await files.openRead(parseStorePath(path));
  const { manifest, batches } = await readPackage(stream);
  const [first, ...others] = (await Array.fromAsync(batches())).flat();
  const place = path.replace(/[0-9A-F]{32}/, YEAR);
  const pending = await files.create(parseStorePath(place));
  const lines = [[{ header, body: first?.body ?? '{}' }, ...others]];
  await writePackage(pending.stream, manifest, Readable.from(lines), { maxBytes: 2 ** 31 });
  return { path: place, size: (await pending.commit()).size };
}

const withPackage = (body: AnswerBody, packageInfo: Part): AnswerBody => ({
  ...body,
  packageInfo: { ...body.packageInfo, ...packageInfo },
});

describe('a PUT that is refused', () => {
  let body: AnswerBody;
  let another: AnswerBody;
  beforeAll(async () => {
    body = await approved(source, target.id);
    another = await approved(source, target.id);
  });

  const tocView = (settings: Part, entry: Part = {}, ...more: Part[]): Part => {
    const view = body.packageInfo.tocView;
    return {
      tocView: {
        settings: { ...view?.settings, ...settings },
        content: [{ ...view?.content?.[0], ...entry }, ...more],
      },
    };
  };

  it.each<[string, () => Part, string]>([
    ['replicated left out', () => ({ replicated: undefined }), '`packageInfo.replicated`'],
    ['replicated false', () => ({ replicated: false }), '`packageInfo.replicated`'],
    ['a status of created', () => ({ status: 'created' }), "`packageInfo.status` is 'created'"],
    ['a status that is none', () => ({ status: 'open' }), "`packageInfo.status` is 'open'"],
    ['another package id', () => ({ id: another.packageInfo.id }), 'is not the package'],
    ['the path of another package', () => ({ storage: another.packageInfo.storage }), 'holds package'],
    ['a path out of the store', () => ({ storage: { size: 1, path: '../../etc/passwd' } }), 'etc/passwd'],
    ['an absolute path', () => ({ storage: { size: 1, path: '/etc/passwd' } }), '/etc/passwd'],
    [
      'a path with a step up',
      () => ({ storage: { size: 1, path: `mstr/shared/migrations/packages/2022-03-16/../${YEAR}.mmp` } }),
      '..',
    ],
    [
      'the path of an undo package',
      () => ({ storage: { size: 1, path: undoPath(YEAR, YEAR) } }),
      'is not the path of a package',
    ],
    [
      'the path of nothing',
      () => ({ storage: { size: 1, path: `mstr/shared/migrations/packages/2022-03-16/${YEAR}.mmp` } }),
      'is not in the shared file store',
    ],
    ['no storage', () => ({ storage: {} }), 'packageInfo.storage'],
    ['another size', () => ({ storage: { ...body.packageInfo.storage, size: 5 } }), 'packageInfo.storage.size is 5'],
    ['another type', () => ({ type: 'configuration' }), "of type 'project'"],
    ['project security', () => ({ type: 'project_security' }), "is 'project_security'"],
    ['a project merge', () => ({ purpose: 'project_merge', tocView: {} }), "is 'project_merge'"],
    ['another default rule', () => tocView({ defaultAction: 'delete' }), "settings.defaultAction is 'delete'"],
    ['another ACL rule', () => tocView({ aclOnReplacingObjects: 'use_existing' }), 'aclOnReplacingObjects'],
    [
      'another ACL rule for new objects',
      () => tocView({ aclOnNewObjects: 'keep_acl_as_source_object' }),
      'aclOnNewObjects',
    ],
    ['another schema update', () => tocView({ updateSchema: [] }), 'updateSchema'],
    ['another rule of an object', () => tocView({}, { action: 'delete' }), 'has the rule delete'],
    ['another type of an object', () => tocView({}, { type: 4 }), 'has type 4'],
    [
      'an object that is not in the package',
      () => tocView({}, {}, { id: 'A'.repeat(32), type: 12 }),
      'is not in the package',
    ],
    ['another object', () => tocView({}, { id: 'A'.repeat(32) }), 'is not in the package'],
  ])('%s', async (_, change, text) => {
    const { status, body: answer } = await put(target, withPackage(body, change()));
    expect(status).toBe(400);
    expect(answer.message).toContain(text);
    expect(answer.code).toMatch(/ERR00[56]/);
    expect((await target.call('GET', `/migrations/${body.id}`)).status).toBe(404);
    expect(target.runner.jobs).toEqual([]);
  });

  const send = (change: Part, project: string | undefined = TUTORIAL, id = body.id): Promise<Answer> =>
    target.call('PUT', `/migrations/${id}`, { body: { ...body, ...change }, ...(project === '' ? {} : { project }) });

  it('another id than the path, another import, an id that is none', async () => {
    expect((await send({ id: another.id })).body.message).toContain('is not the id');
    expect((await send({}, TUTORIAL, another.id)).body.message).toContain('is not the id');
    expect((await send({ importInfo: { id: YEAR } })).body.message).toContain('importInfo.id');
    expect((await send({}, TUTORIAL, 'x')).body).toMatchObject({ code: 'ERR006' });
    expect((await send({ packageInfo: undefined })).body.message).toContain('packageInfo');
  });

  it('no project, another project than was approved, one that is not here', async () => {
    expect(await send({ importInfo: null }, '')).toMatchObject({ status: 400, body: { code: 'ERR005' } });
    expect((await send({}, OTHER_PROJECT)).body.message).toContain(OTHER_PROJECT);
    const unknown = await send({ importInfo: { project: { id: 'A'.repeat(32) } } }, 'A'.repeat(32));
    expect(unknown.body.message).toContain('is not a project of this environment');
  });

  it.each(['{"role":', '7', '{}', '{"role":"content","id":7}'])(
    'a file whole by its digests, with the header line %s',
    async (header) => {
      const damaged = await storeChanged(source.files, body.packageInfo.storage.path ?? '', header);
      const refused = await put(target, withPackage(body, { storage: damaged }));
      expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
      expect(refused.body.message).toContain('is damaged: an object has a header line that is not one');
      expect((await target.call('GET', `/migrations/${body.id}`)).status).toBe(404);
    },
  );

  it('a damaged file, and one of a newer platform', async () => {
    const { path = '' } = body.packageInfo.storage;
    const size = (await storedSize(source, body)) ?? 0;
    const damaged = await storeBytes(source.files, path.replace(/[0-9A-F]{32}/, YEAR), 'x'.repeat(size));
    const refused = await put(target, withPackage(body, { storage: damaged }));
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });

    const { id } = await expectStatus(
      source.call('POST', '/migrations', { body: createBody(target.id), project: TUTORIAL }),
      201,
    );
    await source.runner.finishCreation({ platformVersion: '11.7.0000.00001' });
    for (const status of ['requested', 'approved']) await expectStatus(moveImport(source, id, status), 200);
    const record = await read(source, id, '?showContent=all');
    const newer = await put(target, withPackage(record, { replicated: true }));
    expect(newer.status).toBe(400);
    expect(newer.body.message).toContain('11.7.0000.00001');
  });
});

describe('an import', () => {
  it('is handed to the runner with what the record says and the file proves', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body, '?generateUndo=False'), 201);
    const [packageId = '', importId = ''] = body.id.split(':');
    expect(target.runner.jobs).toEqual([
      {
        kind: 'import',
        packageId,
        importId,
        storagePath: body.packageInfo.storage.path,
        storageSize: body.packageInfo.storage.size,
        type: 'project',
        caller: expect.objectContaining({ name: 'Administrator', bypassesSecurity: true }),
        projectId: TUTORIAL,
        generateUndo: false,
        undoPath: undoPath(packageId, importId),
        nameClash: 'rename',
      },
    ]);
    await target.runner.finishImport({ message: 'No undo package was asked for.' });
    const { importInfo } = await read(target, body.id);
    expect(importInfo).toMatchObject({
      status: 'imported',
      undoStorage: {},
      message: 'No undo package was asked for.',
    });
  });

  it('takes an abbreviated body, one of nulls, and the stale state of the source', async () => {
    const body = await approved(source, target.id);
    const stale = {
      ...withPackage(body, { tocView: {}, treeView: null, certification: null, creator: null, purpose: null }),
      importInfo: {
        ...body.importInfo,
        importRequestStatus: 'pending',
        status: 'imported',
        progress: 50,
        creator: null,
      },
      validation: null,
      version: null,
    };
    const answer = await expectStatus(
      target.call('PUT', `/migrations/${body.id.toLowerCase()}`, { body: stale, project: TUTORIAL.toLowerCase() }),
      201,
    );
    expect(answer.importInfo).toMatchObject({ status: 'importing', importRequestStatus: 'approved', progress: 0 });
    const record = await read(target, body.id, '?showContent=all');
    expect(record.packageInfo).toMatchObject({ tocView: {}, treeView: '{}', creator: {} });
    expect(JSON.stringify(record)).not.toContain('null');
    await target.runner.finishImport();
  });

  it('takes the target project from the record where the header is missing', async () => {
    const body = await approved(source, target.id);
    await expectStatus(target.call('PUT', `/migrations/${body.id}`, { body }), 201);
    expect(target.runner.jobs).toMatchObject([{ projectId: TUTORIAL }]);
    await target.runner.finishImport();
  });

  it('of a configuration package ignores the project header', async () => {
    const body = await approved(source, target.id, CONFIGURATION_CONTENT);
    await expectStatus(target.call('PUT', `/migrations/${body.id}`, { body, project: OTHER_PROJECT }), 201);
    expect(target.runner.jobs).toMatchObject([{ projectId: null, type: 'configuration' }]);
    await target.runner.finishImport();
    expect((await read(target, body.id)).importInfo).toMatchObject({ status: 'imported', project: {} });
    await expectStatus(moveUndo(target, body.id, 'requested'), 200);
    await expectStatus(moveUndo(target, body.id, 'approved'), 202);
    await target.runner.finishUndo();
  });

  it('that fails can be started again, and so can one that was undone; one that succeeded cannot', async () => {
    const body = await approved(source, target.id);
    await expectStatus(put(target, body), 201);
    await target.runner.fail("The object 'Year' needs 'Month', which is missing.");
    expect((await read(target, body.id)).importInfo).toMatchObject({
      status: 'import_failed',
      message: "The object 'Year' needs 'Month', which is missing.",
      undoStorage: {},
    });
    target.clock.advance(1000);
    await expectStatus(put(target, body), 201);
    expect((await read(target, body.id)).importInfo).toMatchObject({ status: 'importing', message: '' });
    await target.runner.finishImport();
    const again = await put(target, body);
    expect(again.body.message).toBe("Cannot do current operation for now when `importInfo.status` is 'imported'.");

    await expectStatus(moveUndo(target, body.id, 'requested'), 200);
    await expectStatus(moveUndo(target, body.id, 'approved', TUTORIAL), 202);
    expect((await put(target, body)).body.message).toContain("'undoing'");
    await target.runner.fail('Something uses it.');
    expect((await put(target, body)).body.message).toContain("'undo_failed'");
    await expectStatus(moveUndo(target, body.id, 'requested'), 200);
    await expectStatus(moveUndo(target, body.id, 'approved', TUTORIAL), 202);
    await target.runner.finishUndo();
    const restarted = await expectStatus(put(target, body), 201);
    expect(restarted.importInfo).toMatchObject({ status: 'importing', undoRequestStatus: 'pending', progress: 0 });
    await target.runner.finishImport();
  });

  it('that leaves no undo package lets go of an older one', async () => {
    const id = await imported(source, target);
    const body = withPackage(await read(source, id, '?showContent=all'), { replicated: true });
    const [packageId = '', importId = ''] = id.split(':');
    await expectStatus(moveUndo(target, id, 'requested'), 200);
    await expectStatus(moveUndo(target, id, 'approved', TUTORIAL), 202);
    await target.runner.finishUndo();
    expect(await target.files.stat(undoPath(packageId, importId))).not.toBeNull();
    await expectStatus(put(target, body, '?generateUndo=false'), 201);
    await target.runner.finishImport();
    expect(await target.files.stat(undoPath(packageId, importId))).toBeNull();
  });

  it('of a package that was deleted here comes back alone', async () => {
    const id = await imported(source, target);
    const [packageId = ''] = id.split(':');
    const { id: further } = await expectStatus(
      source.call('POST', `/migrations?packageId=${packageId}`, {
        body: { importInfo: { project: { id: TUTORIAL } } },
      }),
      201,
    );
    const second = withPackage(await read(source, further, '?showContent=all'), { replicated: true });
    await expectStatus(put(target, second), 201);
    await target.runner.finishImport();
    await expectStatus(target.call('DELETE', `/migrations?packageId=${packageId}`), 204);
    await expectStatus(put(target, second), 201);
    expect((await read(target, further)).packageInfo).toMatchObject({ deleted: false, existing: true });
    expect((await target.call('GET', `/migrations/${id}`)).status).toBe(404);
    await target.runner.finishImport();
  });

  it('two at the same time are one', async () => {
    const body = await approved(source, target.id);
    const answers = await Promise.all([put(target, body), put(target, body), put(target, body)]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(2);
    expect(target.runner.jobs).toHaveLength(1);
    await target.runner.finishImport();
  });
});

describe('where source and target are one environment', () => {
  it('the one record is used and stays an original', async () => {
    const body = await approved(source, source.id);
    await expectStatus(put(source, body), 201);
    await source.runner.finishImport();
    const record = await read(source, body.id);
    expect(record.packageInfo).toMatchObject({ replicated: false, status: 'locked' });
    expect(record.importInfo).toMatchObject({ status: 'imported', creator: { name: 'Administrator' } });
    expect(
      (await source.call('GET', '/migrations?limit=1000')).body.data.filter(({ id }) => id === body.id),
    ).toHaveLength(1);
  });

  it('the body is no proof of an approval', async () => {
    const id = await created(source, source.id);
    const forged = withPackage(await read(source, id, '?showContent=all'), { replicated: true, status: 'locked' });
    expect((await put(source, forged)).body.message).toBe(
      "Cannot do current operation for now when `packageInfo.status` is 'created'.",
    );
    const [packageId = ''] = id.split(':');
    const { id: waiting } = await expectStatus(
      source.call('POST', `/migrations?packageId=${packageId}`, {
        body: { importInfo: { project: { id: TUTORIAL } } },
      }),
      201,
    );
    await expectStatus(moveImport(source, id, 'requested'), 200);
    await expectStatus(moveImport(source, id, 'approved'), 200);
    const second = withPackage(await read(source, waiting, '?showContent=all'), { replicated: true });
    expect((await put(source, second)).body.message).toContain("`importInfo.importRequestStatus` is 'pending'");
    const invented = `${packageId}:${'A'.repeat(32)}`;
    const unknown = await put(source, {
      ...second,
      id: invented,
      importInfo: { ...second.importInfo, id: 'A'.repeat(32) },
    });
    expect(unknown.body.message).toContain('has no migration');
    expect(source.runner.jobs).toEqual([]);
  });
});
