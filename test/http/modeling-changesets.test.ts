import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aTable,
  anAttribute,
  expectStatus,
  linkTo,
  ModelingServer,
  SESSION_TIMEOUT,
} from '../builders/modeling-server.ts';

let server: ModelingServer;
beforeAll(async () => {
  server = await ModelingServer.start();
});
beforeEach(() => server.startOver());
afterAll(() => server.close());

const messageOf = (response: LightMyRequestResponse): string => response.json<{ message: string }>().message;

describe('a changeset', () => {
  it('is shown as clients know it', async () => {
    const response = expectStatus(await server.call('POST /model/changesets?schemaEdit=True'), 201);
    const changeset = response.json<{ id: string }>();

    expect(changeset).toEqual({
      id: expect.stringMatching(/^[0-9A-F]{32}$/),
      type: 'metadata',
      dateCreated: '2026-01-15T09:30:00.000Z',
      dateModified: '2026-01-15T09:30:00.000Z',
      status: 'Ready',
      schemaEdit: true,
      mstrProjectId: server.project,
      mstrUserId: '54F3D26011D2896560009A8E67019608',
      userName: 'Administrator',
      userDateNumberLocale: 'en-US',
      userMetadataLocale: 'en-US',
      userWarehouseLocale: 'en-US',
    });
    expect((await server.call(`GET /model/changesets/${changeset.id}`, { project: false })).json()).toEqual(changeset);
  });

  it('shows its own changes and nobody else sees them, until the commit writes all of them', async () => {
    const changeset = await server.openChangeset(true);
    const before = await server.dump();
    const table = await server.create('tables', aTable('LU_CITY', ['CITY_ID']), { changeset });
    const attribute = await server.create('attributes', anAttribute('City', table, 'CITY_ID'), { changeset });
    const id = attribute.information.objectId;

    expect(await server.read('attributes', id, { changeset, project: false })).toEqual(attribute);
    expect((await server.call('GET /model/tables', { changeset })).json()).toMatchObject({
      total: 1,
      tables: [{ information: { name: 'LU_CITY' } }],
    });
    expect((await server.call(`GET /model/attributes/${id}`)).statusCode).toBe(404);
    expect((await server.call('GET /model/tables')).json()).toMatchObject({ total: 0 });
    expect(await server.dump()).toBe(before);

    server.platform.clock.advanceSeconds(5);
    const commit = await server.call(`POST /model/changesets/${changeset}/commit?changesetId=${changeset}`, {
      body: { changeJournal: { userComments: 'new city' } },
    });
    expect(commit.statusCode).toBe(201);
    expect(commit.json()).toMatchObject({ id: changeset, status: 'Ready', dateModified: '2026-01-15T09:30:05.000Z' });
    expect(await server.read('attributes', id)).toEqual(attribute);

    const journal = await server.platform.metadata.reader
      .selectFrom('journal_transaction as t')
      .innerJoin('journal_entry as e', 'e.transaction_id', 't.id')
      .select(['t.id', 't.comment', 'e.change'])
      .where('t.kind', '=', 'model')
      .execute();
    expect(journal).toHaveLength(4);
    expect(new Set(journal.map((entry) => `${entry.id} ${entry.comment} ${entry.change}`)).size).toBe(1);
    expect(journal[0]).toMatchObject({ comment: 'new city', change: 'create' });
  });

  it('leaves nothing when it is deleted', async () => {
    const filter = await server.create('filters', { information: { name: 'Recent' }, qualification: 1 });
    const before = await server.dump();
    const changeset = await server.openChangeset(false);
    await server.change('filters', filter.information.objectId, { qualification: 2 }, { changeset });
    await server.create('filters', { information: { name: 'Old' } }, { changeset });

    const removed = await server.call(`DELETE /model/changesets/${changeset}?changesetId=${changeset}`);
    expect([removed.statusCode, removed.body]).toEqual([204, '']);
    expect(await server.dump()).toBe(before);
    expect((await server.call(`POST /model/changesets/${changeset}/commit`)).statusCode).toBe(404);
    expect((await server.call(`DELETE /model/changesets/${changeset}`)).statusCode).toBe(404);
  });

  it('changes an object again and again, and commits the last state', async () => {
    const filter = await server.create('filters', { information: { name: 'Recent' }, qualification: 1 });
    const id = filter.information.objectId;
    const changeset = await server.openChangeset(false);
    await server.change('filters', id, { qualification: 2 }, { changeset });
    const last = await server.change('filters', id, { qualification: 3 }, { changeset });
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);
    expect(await server.read('filters', id)).toEqual(last);

    const next = await server.change('filters', id, { qualification: 4 }, { changeset });
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);
    expect(await server.read('filters', id)).toEqual(next);
  });

  it('lets two objects exchange their names', async () => {
    const one = await server.create('filters', { information: { name: 'One' } });
    const two = await server.create('filters', { information: { name: 'Two' } });
    const changeset = await server.openChangeset(false);
    const rename = (id: string, name: string) => server.change('filters', id, { information: { name } }, { changeset });
    await rename(one.information.objectId, 'Three');
    await rename(two.information.objectId, 'One');
    await rename(one.information.objectId, 'Two');
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);

    expect((await server.read('filters', one.information.objectId)).information['name']).toBe('Two');
    expect((await server.read('filters', two.information.objectId)).information['name']).toBe('One');
  });

  it('commits nothing when one object was changed meanwhile', async () => {
    const one = await server.create('filters', { information: { name: 'One' }, qualification: 1 });
    const two = await server.create('filters', { information: { name: 'Two' }, qualification: 1 });
    const changeset = await server.openChangeset(false);
    for (const { information } of [one, two]) {
      await server.change('filters', information.objectId, { qualification: 2 }, { changeset });
    }
    await server.change('filters', two.information.objectId, { qualification: 3 });
    const before = await server.dump();
    const refused = await server.call(`POST /model/changesets/${changeset}/commit`);

    expect(refused.statusCode).toBe(409);
    expect(messageOf(refused)).toContain(two.information.objectId);
    expect(await server.dump()).toBe(before);
  });

  it('commits nothing when what it refers to is deleted meanwhile', async () => {
    const used = await server.create('filters', { information: { name: 'Used' } });
    const changeset = await server.openChangeset(false);
    const body = { information: { name: 'User' }, qualification: { filter: linkTo(used) } };
    await server.create('filters', body, { changeset });
    expectStatus(await server.call(`DELETE /objects/${used.information.objectId}?type=1`), 204);
    const before = await server.dump();
    const refused = await server.call(`POST /model/changesets/${changeset}/commit`);

    expect([refused.statusCode, messageOf(refused)]).toEqual([
      400,
      expect.stringMatching(/qualification\.filter\.objectId .*there is no such object/),
    ]);
    expect(await server.dump()).toBe(before);
  });

  it('commits nothing when a name has been taken meanwhile', async () => {
    const changeset = await server.openChangeset(false);
    await server.create('filters', { information: { name: 'Recent' } }, { changeset });
    await server.create('filters', { information: { name: 'recent' } });
    const before = await server.dump();
    const refused = await server.call(`POST /model/changesets/${changeset}/commit`);

    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([400, 'ERR015']);
    expect(await server.dump()).toBe(before);
  });

  it('wins over the project header, and belongs to one session', async () => {
    const changeset = await server.openChangeset(false);
    const other = await server.addProject('Other');
    const created = await server.create('filters', { information: { name: 'Here' } }, { changeset, project: other });
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);
    expect(await server.read('filters', created.information.objectId)).toEqual(created);

    const token = await server.login();
    const foreign = await server.call('GET /model/tables', { token, changeset });
    expect(foreign.statusCode).toBe(404);
    expect((await server.call(`DELETE /model/changesets/${changeset}`, { token })).statusCode).toBe(404);
  });

  it('outlives a restart with what it holds', async () => {
    const changeset = await server.openChangeset(true);
    const token = await server.login();
    const mine = await server.openChangeset(false, { token });
    const filter = await server.create('filters', { information: { name: 'Recent' } }, { token, changeset: mine });
    server = await server.restart();
    expectStatus(await server.call(`POST /model/changesets/${mine}/commit`, { token }), 201);

    expect(await server.read('filters', filter.information.objectId)).toEqual(filter);
    const lock = (await server.call('GET /model/schema/lock')).json<{ comment: string }>();
    expect(lock.comment).toContain(changeset);
  });

  it.each([
    ['logs out', async (token: string) => void expectStatus(await server.call('POST /auth/logout', { token }), 204)],
    ['is idle for too long', async () => server.platform.clock.advanceSeconds(SESSION_TIMEOUT + 31)],
  ])('is discarded with its lock when its session %s', async (_what, end) => {
    const token = await server.login();
    const changeset = await server.openChangeset(true, { token });
    await server.create('tables', aTable('LU_CITY', ['CITY_ID']), { token, changeset });
    await end(token);

    const again = await server.login();
    expect((await server.call('GET /model/schema/lock', { token: again })).json()).toEqual({ lockType: 'none' });
    const left = await server.platform.metadata.reader
      .selectFrom('changeset_object')
      .selectAll()
      .where('changeset_id', '=', changeset)
      .execute();
    expect(left).toEqual([]);
    expect((await server.call('GET /model/tables', { token: again })).json()).toMatchObject({ total: 0 });
  });

  it('holds relationships of staged attributes', async () => {
    const changeset = await server.openChangeset(true);
    const table = await server.create('tables', aTable('LU', ['A', 'B']), { changeset });
    const parent = await server.create('attributes', anAttribute('Region', table, 'A'), { changeset });
    const child = await server.create('attributes', anAttribute('City', table, 'B'), { changeset });
    const relationships = [{ parent: linkTo(parent), child: linkTo(child), relationshipType: 'one_to_many' }];
    const url = `/model/systemHierarchy/attributes/${parent.information.objectId}/relationships`;
    expectStatus(await server.call(`PUT ${url}`, { changeset, body: { relationships } }), 200);
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);

    expect((await server.read('attributes', child.information.objectId))['relationships']).toEqual(relationships);
  });

  it('deletes a hierarchy with its commit, unless something uses it by then', async () => {
    const hierarchy = await server.create('hierarchies', { information: { name: 'Time' } });
    const id = hierarchy.information.objectId;
    const changeset = await server.openChangeset(true);
    const created = await server.create('hierarchies', { information: { name: 'New' } }, { changeset });
    for (const gone of [id, created.information.objectId]) {
      expectStatus(await server.call(`DELETE /model/hierarchies/${gone}`, { changeset }), 204);
      expect((await server.call(`GET /model/hierarchies/${gone}`, { changeset })).statusCode).toBe(404);
    }
    expect((await server.call('GET /model/hierarchies', { changeset })).json()).toMatchObject({ total: 0 });
    expect((await server.call('GET /model/hierarchies')).json()).toMatchObject({ total: 1 });
    await server.create('hierarchies', { information: { name: 'Time' } }, { changeset });

    const user = await server.create('filters', { information: { name: 'User' }, over: linkTo(hierarchy) });
    const before = await server.dump();
    const refused = await server.call(`POST /model/changesets/${changeset}/commit`);
    expect([refused.statusCode, messageOf(refused)]).toEqual([400, expect.stringContaining("'User'")]);
    expect(await server.dump()).toBe(before);

    await server.change('filters', user.information.objectId, { over: null });
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);
    expect((await server.call(`GET /model/hierarchies/${id}`)).statusCode).toBe(404);
    expect((await server.call('GET /model/hierarchies')).json()).toMatchObject({
      total: 1,
      hierarchies: [{ name: 'Time' }],
    });
    const change = await server.platform.metadata.reader
      .selectFrom('journal_entry')
      .select('change')
      .where('object_id', '=', id)
      .where('version_after', 'is', null)
      .execute();
    expect(change).toEqual([{ change: 'delete' }]);
  });

  it('leaves a deleted object in place for nobody to refer to', async () => {
    const hierarchy = await server.create('hierarchies', { information: { name: 'Time' } });
    const changeset = await server.openChangeset(true);
    expectStatus(await server.call(`DELETE /model/hierarchies/${hierarchy.information.objectId}`, { changeset }), 204);
    const body = { information: { name: 'User' }, over: linkTo(hierarchy) };
    const refused = await server.call('POST /model/filters', { changeset, body });
    expect([refused.statusCode, messageOf(refused)]).toEqual([400, expect.stringContaining('over.objectId')]);
  });
});
