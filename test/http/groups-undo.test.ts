import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approvedGroup,
  aMember,
  CONFIGURATION,
  createdGroup,
  expecting,
  groupBody,
  call,
  importedGroup,
  importsOf,
  packagesOf,
  patch,
  put,
  readGroup,
} from '../builders/group-walk.ts';
import {
  createWorld,
  OTHER_PROJECT,
  TUTORIAL,
  type TestEnvironment,
  type World,
} from '../builders/migration-environment.ts';
import { journal } from '../builders/migration-rows.ts';

let world: World;
let source: TestEnvironment;
let target: TestEnvironment;

beforeAll(async () => {
  world = await createWorld();
  source = await world.start('source');
  target = await world.start('target');
});
afterAll(() => world.close());

const undo = (id: string, undoRequestStatus: string, as?: unknown) =>
  patch(target, id, { undoRequestStatus }, as === undefined ? {} : { as: as as never });

describe('the undo of a group', () => {
  it('goes from the last member to the first, configuration last', async () => {
    const body = await importedGroup(source, target);
    const requested = await expecting(undo(body.id, 'requested'), 200);
    expect(requested.undoRequestStatus).toBe('requested');
    const started = await expecting(undo(body.id, 'approved'), 202);
    expect(importsOf(started)).toEqual(['imported', 'imported', 'undoing']);
    const order: (string | null)[] = [];
    while (target.runner.jobs.length > 0) {
      const [job] = target.runner.jobs;
      order.push(job?.kind === 'undo' ? job.projectId : 'no undo');
      expect((await readGroup(target, body.id)).status).toBe('undoing');
      await target.runner.finishUndo();
    }
    expect(order).toEqual([TUTORIAL, OTHER_PROJECT, null]);
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual([
      'undo_success',
      ['undo_success', 'undo_success', 'undo_success'],
    ]);
    expect(group.migrations.map((member) => member.importInfo.progress)).toEqual([100, 100, 100]);
  });

  it('goes on after a member that cannot be undone, and can be asked for again', async () => {
    const body = await importedGroup(source, target);
    await expecting(undo(body.id, 'requested'), 200);
    await expecting(undo(body.id, 'approved'), 202);
    await target.runner.finishUndo();
    await target.runner.fail('Object Z is used by a new one');
    await target.runner.finishUndo();
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['undo_failed', ['undo_success', 'undo_failed', 'undo_success']]);
    expect(group.migrations[1]?.importInfo.message).toBe('Object Z is used by a new one');
    await expecting(undo(body.id, 'requested'), 200);
    const again = await expecting(undo(body.id, 'approved'), 202);
    expect(importsOf(again)).toEqual(['undo_success', 'undoing', 'undo_success']);
    await target.runner.finishUndo();
    expect((await readGroup(target, body.id)).status).toBe('undo_success');
    const { status, body: refusal } = await undo(body.id, 'requested');
    expect([status, refusal.message]).toEqual([400, expect.stringContaining("`importInfo.status` is 'undo_success'.")]);
  });

  it('skips members without undo package', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    await target.runner.finishImport();
    await target.runner.finishImport({ undo: 'none', message: 'keep_both took effect' });
    await target.runner.finishImport();
    await expecting(undo(body.id, 'requested'), 200);
    await expecting(undo(body.id, 'approved'), 202);
    await target.runner.finishUndo();
    await target.runner.finishUndo();
    expect(target.runner.jobs).toEqual([]);
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['undo_success', ['undo_success', 'imported', 'undo_success']]);
  });

  it('takes back what was imported before another member failed; then the group can be imported anew', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    await target.runner.finishImport();
    await target.runner.fail('missing Y');
    await expecting(undo(body.id, 'requested'), 200);
    await expecting(undo(body.id, 'approved'), 202);
    await target.runner.finishUndo();
    await target.runner.finishUndo();
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['undo_success', ['undo_success', 'undo_success', 'pending']]);
    const again = await expecting(put(target, body), 201);
    expect([again.undoRequestStatus, importsOf(again)]).toEqual(['pending', ['importing', 'pending', 'pending']]);
    for (const _ of body.migrations) await target.runner.finishImport();
    expect((await readGroup(target, body.id)).status).toBe('imported');
  });

  it('cannot be approved before it was requested, can be rejected, and needs the privileges of an import', async () => {
    const body = await importedGroup(source, target, { migrations: [aMember(TUTORIAL)] });
    const early = await undo(body.id, 'approved');
    expect([early.status, early.body.message]).toEqual([
      400,
      expect.stringContaining("Cannot do current operation for now when `undoRequestStatus` is 'pending'."),
    ]);
    await expecting(undo(body.id, 'requested', [295]), 200);
    expect((await undo(body.id, 'rejected', [295])).status).toBe(403);
    await expecting(undo(body.id, 'rejected', [296]), 200);
    await expecting(undo(body.id, 'requested'), 200);
    const few = await undo(body.id, 'approved', [295, 296]);
    expect([few.status, few.body.code]).toEqual([403, 'ERR014']);
    await expecting(undo(body.id, 'approved', [16, 295, 296]), 202);
    await target.runner.finishUndo();
  });
});

describe('after a crash', () => {
  it('while a group was built it rests, says so, and can be edited', async () => {
    const { id } = await expecting(call(source, 'POST', '', { body: groupBody(target.id) }), 201);
    await source.runner.finishCreation();
    await source.settle();
    const group = await readGroup(source, id);
    expect([group.status, packagesOf(group).toSorted()]).toEqual([
      'create_failed',
      ['create_failed', 'created', 'empty'],
    ]);
    const messages = group.migrations.map(({ packageInfo }) => packageInfo.message).filter((text) => text !== '');
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).toContain('restart of the server');
    const body = { ...groupBody(target.id), name: 'Again' };
    await expecting(call(source, 'PUT', `/${id}`, { body }), 202);
    for (const _ of body.migrations) await source.runner.finishCreation();
    const built = await readGroup(source, id);
    expect([built.status, built.migrations.map(({ packageInfo }) => packageInfo.message)]).toEqual([
      'created',
      ['', '', ''],
    ]);
  });

  it('between two members of an import the group rests, and the import goes on where it stopped', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    await target.runner.finishImport();
    const second = body.migrations[1]?.importInfo.id ?? '';
    await journal(target.platform, second, 'import', { undoPath: null, undoSize: null, message: '' });
    await target.settle();
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['import_failed', ['imported', 'imported', 'pending']]);
    expect(group.migrations[2]?.importInfo.message).toBe(
      'The import of the group was interrupted by a restart of the server before it came to this member. ' +
        'Import the group again; members that are imported stay as they are.',
    );
    const again = await expecting(put(target, body), 201);
    expect(importsOf(again)).toEqual(['imported', 'imported', 'importing']);
    await target.runner.finishImport();
    const done = await readGroup(target, body.id);
    expect([done.status, done.migrations[2]?.importInfo.message]).toEqual(['imported', '']);
  });

  it('during a member that was not committed, that member has failed and can be imported again', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    await target.settle();
    expect(importsOf(await readGroup(target, body.id))).toEqual(['import_failed', 'pending', 'pending']);
    await expecting(put(target, body), 201);
    for (const _ of body.migrations) await target.runner.finishImport();
    expect((await readGroup(target, body.id)).status).toBe('imported');
  });

  it('during an undo the rest can be undone', async () => {
    const body = await importedGroup(source, target);
    await expecting(undo(body.id, 'requested'), 200);
    await expecting(undo(body.id, 'approved'), 202);
    await target.runner.finishUndo();
    await target.settle();
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['undo_failed', ['imported', 'undo_failed', 'undo_success']]);
    expect(group.migrations[0]?.importInfo.message).toContain('Request and approve the undo of the group again.');
    await expecting(undo(body.id, 'requested'), 200);
    await expecting(undo(body.id, 'approved'), 202);
    await target.runner.finishUndo();
    await target.runner.finishUndo();
    expect((await readGroup(target, body.id)).status).toBe('undo_success');
  });
});

describe('an error between two members', () => {
  it('brings the group to rest, and not only at the next start', async () => {
    const world = await createWorld();
    try {
      const from = await world.start('source');
      const to = await world.start('target');
      const body = await approvedGroup(from, to.id);
      await expecting(put(to, body), 201);
      const second = body.migrations[1]?.importInfo.id ?? '';
      await to.platform.library.write(async (tx) => {
        await tx.deleteFrom('migration_import').where('id', '=', second).execute();
      });
      await to.runner.finishImport();
      const group = await readGroup(to, body.id);
      expect([group.status, importsOf(group)]).toEqual(['import_failed', ['imported', 'pending']]);
      expect(group.migrations[1]?.importInfo.message).toContain('an error of the server, whose log says more,');
    } finally {
      await world.close();
    }
  });

  it('goes on once when a process dies after a member, and another one takes up what had ended', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    const [first] = target.runner.jobs;
    const sequel = first && target.runner.sequelOf(first);
    if (!first || !sequel) throw new Error('The group is not under way.');
    const takeUp = async (): Promise<void> => {
      target.chains.adopt(first, sequel);
      await target.runner.repeat(first);
    };
    await target.runner.finishImport();
    await takeUp();
    expect(target.runner.jobs).toHaveLength(1);
    expect(importsOf(await readGroup(target, body.id))).toEqual(['imported', 'importing', 'pending']);
    await target.runner.finishImport();
    await takeUp();
    await target.runner.finishImport();
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['imported', ['imported', 'imported', 'imported']]);
    expect(target.runner.jobs).toEqual([]);
  });

  it('is no error when a thread dies: what the journal says counts', async () => {
    const body = await approvedGroup(source, target.id);
    await expecting(put(target, body), 201);
    const [first, second] = body.migrations.map((member) => member.importInfo.id);
    await journal(target.platform, first ?? '', 'import', { undoPath: null, undoSize: null, message: '' });
    await target.runner.lose();
    expect(importsOf(await readGroup(target, body.id))).toEqual(['imported', 'importing', 'pending']);
    await target.runner.lose();
    const group = await readGroup(target, body.id);
    expect([group.status, importsOf(group)]).toEqual(['import_failed', ['imported', 'import_failed', 'pending']]);
    expect(group.migrations.find((member) => member.importInfo.id === second)?.importInfo.message).toContain('thread');
  });
});

describe('a shutdown', () => {
  it('lets the member at work end and starts no further one', async () => {
    const world = await createWorld();
    try {
      const from = await world.start('source');
      const to = await world.start('target');
      const body = await approvedGroup(from, to.id);
      await expecting(put(to, body), 201);
      to.chains.stop();
      await to.runner.finishImport();
      expect(to.runner.jobs).toEqual([]);
      const group = await readGroup(to, body.id);
      expect([group.status, importsOf(group)]).toEqual(['import_failed', ['imported', 'pending', 'pending']]);
      expect(group.migrations[1]?.importInfo.message).toContain('a shutdown of the server');
    } finally {
      await world.close();
    }
  });
});

describe('the edit of a group', () => {
  const edit = (id: string, migrations: readonly unknown[], changes = {}) =>
    call(source, 'PUT', `/${id}`, { body: { name: 'G2', treeView: { a: 1 }, migrations, ...changes } });
  const idsOf = async (id: string) =>
    new Map(
      (await readGroup(source, id)).migrations.map((member) => [
        member.packageInfo.project.id ?? 'configuration',
        member,
      ]),
    );

  it('builds it anew: packages of the same projects keep their ids, others come and go', async () => {
    const id = await createdGroup(source, target.id, { migrations: [CONFIGURATION, aMember(TUTORIAL)] });
    const before = await idsOf(id);
    const old = before.get(TUTORIAL)?.packageInfo.storage.path;
    source.clock.advance(5000);
    const started = await expecting(edit(id, [aMember(TUTORIAL), aMember(OTHER_PROJECT)]), 202);
    expect([started.id, started.name, packagesOf(started)]).toEqual([id, 'G2', ['creating', 'empty']]);
    expect((await readGroup(source, id)).migrations.map((member) => member.packageInfo.storage)).toEqual([{}, {}]);
    await source.runner.finishCreation();
    await source.runner.finishCreation();
    const after = await idsOf(id);
    const tutorial = after.get(TUTORIAL);
    expect(tutorial?.id).toBe(before.get(TUTORIAL)?.id);
    expect(tutorial?.packageInfo).toMatchObject({ name: 'G2', status: 'created', purpose: 'migration_group' });
    expect(tutorial?.packageInfo.creationDate).toBe(before.get(TUTORIAL)?.packageInfo.creationDate);
    expect(tutorial?.packageInfo.storage.path).not.toBe(old);
    expect([...after.keys()].toSorted()).toEqual([TUTORIAL, OTHER_PROJECT].toSorted());
    const removed = await source.call('GET', `/migrations/${before.get('configuration')?.id}`);
    expect(removed.body.packageInfo.deleted).toBe(true);
    const { treeView, targetEnvironment } = await readGroup(source, id);
    expect([treeView, targetEnvironment.id]).toEqual(['{"a":1}', target.id]);
    const files: string[] = [];
    for await (const file of source.files.list('mstr/shared/migrations/packages' as never)) files.push(file.path);
    expect(files).not.toContain(old);
    expect(files).toContain(tutorial?.packageInfo.storage.path);
  });

  it('keeps a rejected request and its members in step', async () => {
    const id = await createdGroup(source, target.id, { migrations: [aMember(TUTORIAL)] });
    for (const status of ['requested', 'rejected'])
      await expecting(patch(source, id, { importRequestStatus: status }), 200);
    await expecting(edit(id, [aMember(TUTORIAL), aMember(OTHER_PROJECT)]), 202);
    await source.runner.finishCreation();
    await source.runner.finishCreation();
    for (const status of ['requested', 'approved'])
      await expecting(patch(source, id, { importRequestStatus: status }), 200);
    expect((await readGroup(source, id)).status).toBe('locked');
  });

  it.each<[string, readonly string[], string]>([
    ['when its import was requested', ['requested'], "`importRequestStatus` is 'requested'."],
    ['when it is locked', ['requested', 'approved'], "`packageInfo.status` is 'locked'."],
  ])('is refused %s', async (_, steps, text) => {
    const id = await createdGroup(source, target.id, { migrations: [aMember(TUTORIAL)] });
    for (const status of steps) await expecting(patch(source, id, { importRequestStatus: status }), 200);
    const { status, body } = await edit(id, [aMember(TUTORIAL)]);
    expect([status, body.code]).toEqual([400, 'ERR006']);
    expect(body.message).toContain(`Cannot do current operation for now when ${text}`);
    expect(source.runner.jobs).toEqual([]);
  });

  it('is refused while it is built, on the target, and for a group that is not there', async () => {
    const { id } = await expecting(call(source, 'POST', '', { body: groupBody(target.id) }), 201);
    expect((await edit(id, [aMember(TUTORIAL)])).body.message).toContain("`packageInfo.status` is 'creating'.");
    for (const _ of [1, 2, 3]) await source.runner.finishCreation();
    const imported = await importedGroup(source, target);
    const body = { name: 'G2', migrations: [aMember(TUTORIAL)] };
    const onTarget = await call(target, 'PUT', `/${imported.id}`, { body });
    expect([onTarget.status, onTarget.body.message]).toEqual([
      400,
      expect.stringContaining("`packageInfo.replicated` is 'true'."),
    ]);
    const unknown = await call(target, 'PUT', `/${id}`, { body });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'ERR004']);
    const two = await edit(id, [aMember(TUTORIAL), aMember(TUTORIAL)]);
    expect([two.status, two.body.message]).toEqual([
      400,
      expect.stringContaining('migrations[1].packageInfo.project.id'),
    ]);
    expect((await edit(id, [aMember(TUTORIAL, { project: null })])).body.code).toBe('ERR005');
  });
});
