import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIGURATION_SCOPE } from '@longshore/domain';
import { findForeignProjectLock } from '../../packages/server/src/features/project-lock/find-foreign-project-lock.ts';
import { findForeignSchemaLock } from '../../packages/server/src/features/schema-lock/find-foreign-schema-lock.ts';
import { aTable, expectStatus, ModelingServer, SESSION_TIMEOUT } from '../builders/modeling-server.ts';

let server: ModelingServer;
beforeEach(async () => {
  server = await ModelingServer.start();
});
afterEach(async () => server.close());

const ADMINISTRATOR = '54F3D26011D2896560009A8E67019608';
const lockSchema = (token?: string) =>
  server.call('POST /model/schema/lock', {
    body: { lockType: 'absolute_individual' },
    ...(token === undefined ? {} : { token }),
  });
const messageOf = (response: LightMyRequestResponse): string => response.json<{ message: string }>().message;

describe('the schema lock', () => {
  it('is shown, and is `none` before and after', async () => {
    expect((await server.call('GET /model/schema/lock')).json()).toEqual({ lockType: 'none' });
    const locked = await lockSchema();
    expect([locked.statusCode, locked.body]).toEqual([201, '']);
    expect((await server.call('GET /model/schema/lock')).json()).toEqual({
      lockType: 'absolute_individual',
      dateCreated: '2026-01-15T09:30:00',
      comment: '<COMMENTS><PRODUCT>Longshore</PRODUCT></COMMENTS>',
      machineName: 'node-1',
      ownerName: 'Administrator',
      ownerId: ADMINISTRATOR,
    });
    const unlocked = await server.call('DELETE /model/schema/lock?lockType=absolute_individual');
    expect([unlocked.statusCode, unlocked.body]).toEqual([200, '']);
    expect((await server.call('DELETE /model/schema/lock')).statusCode).toBe(200);
    expect((await server.call('GET /model/schema/lock')).json()).toEqual({ lockType: 'none' });
  });

  it('keeps everyone from changing schema objects, its owner included, and nobody from anything else', async () => {
    const table = await server.createTable('LU_CITY', 'CITY_ID');
    await lockSchema();
    const before = await server.dump();
    const refusals = [
      await server.call('POST /model/tables', { body: aTable('B', ['B_ID']) }),
      await server.call(`PATCH /model/tables/${table.information.objectId}`, { body: { logicalSize: 9 } }),
      await server.call('POST /model/changesets?schemaEdit=true'),
    ];
    for (const refused of refusals) {
      expect(refused.statusCode).toBe(409);
      expect(messageOf(refused)).toMatch(/absolute_individual.*'Administrator'.*DELETE \/api\/model\/schema\/lock/);
    }
    expect(await server.dump()).toBe(before);
    await server.create('filters', { information: { name: 'Recent' } });
    await server.openChangeset(false);
  });

  it('of a changeset lets only that changeset change schema objects', async () => {
    const changeset = await server.openChangeset(true);
    const body = aTable('LU_CITY', ['CITY_ID']);
    const outside = await server.call('POST /model/tables', { body });
    const token = await server.login();
    const second = await server.call('POST /model/changesets?schemaEdit=true', { token });
    const absolute = await lockSchema(token);
    for (const refused of [outside, second, absolute]) {
      expect(refused.statusCode).toBe(409);
      expect(messageOf(refused)).toContain(changeset);
    }
    expect((await server.call('GET /model/schema/lock')).json()).toMatchObject({
      lockType: 'exclusive_constituent',
      comment: expect.stringContaining(`<LOCKID>${changeset}</LOCKID>`),
    });

    await server.create('tables', body, { changeset });
    expectStatus(await server.call(`POST /model/changesets/${changeset}/commit`), 201);
    expectStatus(await server.call(`DELETE /model/changesets/${changeset}`), 204);
    await server.openChangeset(true, { token });
  });

  it('is asked for: a changeset without it changes no schema object', async () => {
    const changeset = await server.openChangeset(false);
    const refused = await server.call('POST /model/tables', { changeset, body: aTable('LU_CITY', ['CITY_ID']) });

    expect(refused.statusCode).toBe(400);
    expect(messageOf(refused)).toContain('schemaEdit=true');
  });

  it('that an administrator takes from a changeset cannot be worked or committed without', async () => {
    const architect = await server.addUser('archie', [3, 16]);
    const changeset = await server.openChangeset(true, { token: architect });
    await server.create('tables', aTable('A', ['A_ID']), { token: architect, changeset });
    expectStatus(await server.call('DELETE /model/schema/lock'), 200);

    const commit = await server.call(`POST /model/changesets/${changeset}/commit`, { token: architect });
    expect([commit.statusCode, messageOf(commit)]).toEqual([409, expect.stringContaining('no longer holds the lock')]);
    expect((await server.call('GET /model/tables')).json()).toMatchObject({ total: 0 });
  });

  it('belongs to its owner', async () => {
    const architect = await server.addUser('archie', [3]);
    const other = await server.addUser('otto', [3]);
    expectStatus(await lockSchema(architect), 201);
    expect((await lockSchema(architect)).statusCode).toBe(201);
    expect((await lockSchema(other)).statusCode).toBe(409);
    expect((await server.call('DELETE /model/schema/lock', { token: other })).statusCode).toBe(403);
    const otherKind = await server.call('DELETE /model/schema/lock?lockType=exclusive_constituent', {
      token: architect,
    });
    expect(otherKind.statusCode).toBe(400);
    expect((await server.call('DELETE /model/schema/lock', { token: architect })).statusCode).toBe(200);
  });

  it('outlives a restart, but not its session', async () => {
    const token = await server.login();
    await lockSchema(token);
    server = await server.restart();
    expect((await server.call('GET /model/schema/lock')).json()).toMatchObject({ lockType: 'absolute_individual' });
    await server.call('POST /auth/logout', { token });
    await server.createTable('LU_CITY', 'CITY_ID');
  });

  it('stays while its session is used, and is gone some time after it was used last', async () => {
    const token = await server.login();
    await lockSchema(token);
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT - 1);
    expectStatus(await server.call('PUT /sessions', { token }), 204);
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT - 1);
    const watcher = await server.login();
    expect((await server.call('GET /model/schema/lock', { token: watcher })).json()).toMatchObject({
      ownerName: 'Administrator',
    });
    server.platform.clock.advanceSeconds(32);
    expect((await server.call('GET /model/schema/lock', { token: watcher })).json()).toEqual({ lockType: 'none' });
  });

  it('asks for a known kind, a project that exists, and the privilege', async () => {
    const visitor = await server.addUser('vera', []);
    const calls = [
      await server.call('POST /model/schema/lock', { body: { lockType: 'exclusive_constituent' } }),
      await server.call('POST /model/schema/lock', { body: { lockType: 'tight' } }),
      await server.call('POST /model/schema/lock', { body: {} }),
      await server.call('POST /model/schema/lock', { body: { lockType: 'absolute_individual' }, project: false }),
      await server.call('GET /model/schema/lock', { project: 'AB'.repeat(16) }),
      await lockSchema(visitor),
    ];
    expect(calls.map((call) => call.statusCode)).toEqual([400, 400, 400, 400, 404, 403]);
    expect(messageOf(calls[5] as LightMyRequestResponse)).toContain('Create schema objects');
  });

  it('is foreign to an import of another session', async () => {
    await lockSchema();
    const { reader } = server.platform.metadata;
    const [{ session_id: session } = { session_id: '' }] = await reader.selectFrom('schema_lock').selectAll().execute();

    expect(await findForeignSchemaLock(reader, server.project, 'another session')).toMatchObject({
      owner_id: ADMINISTRATOR,
    });
    expect(await findForeignSchemaLock(reader, server.project, session)).toBeUndefined();
    expect(await findForeignSchemaLock(reader, server.project, ADMINISTRATOR)).toBeUndefined();
    expect(await findForeignSchemaLock(reader, 'AB'.repeat(16), 'another session')).toBeUndefined();
  });
});

describe('a project lock', () => {
  const lockUrl = () => `/projects/${server.project}/lock`;

  it('is placed, shown with its id, and taken away', async () => {
    expect((await server.call(`GET ${lockUrl()}`)).json()).toEqual({ lockType: 'not_locked' });
    const body = { lockType: 'temporal_individual', lockId: '<mine & yours>' };
    expectStatus(await server.call(`PUT ${lockUrl()}`, { body }), 204);
    expect((await server.call(`GET ${lockUrl()}`)).json()).toEqual({
      lockType: 'temporal_individual',
      lockTime: '2026-01-15T09:30:00.000+0000',
      comment: '<COMMENTS><PRODUCT>Longshore</PRODUCT><LOCKID>&lt;mine &amp; yours&gt;</LOCKID></COMMENTS>',
      machineName: 'node-1',
      owner: { id: ADMINISTRATOR, name: 'Administrator' },
    });
    const wrong = await server.call(`DELETE ${lockUrl()}?lockType=temporal_individual&lockId=other&force=False`);
    expect(wrong.statusCode).toBe(400);
    const lockId = encodeURIComponent(body.lockId);
    expectStatus(await server.call(`DELETE ${lockUrl()}?lockType=temporal_individual&lockId=${lockId}`), 204);
    expect((await server.call(`GET ${lockUrl()}`)).json()).toEqual({ lockType: 'not_locked' });
  });

  it.each([
    ['temporal_individual', 201, 201],
    ['temporal_constituent', 201, 409],
    ['permanent_individual', 201, 201],
    ['permanent_constituent', 409, 409],
  ])('%s: its session may change objects %i, others %i', async (lockType, own, foreign) => {
    expectStatus(await server.call(`PUT ${lockUrl()}`, { body: { lockType } }), 204);
    const token = await server.login();
    const mine = await server.call('POST /model/filters', { body: { information: { name: 'Mine' } } });
    const theirs = await server.call('POST /model/filters', { token, body: { information: { name: 'Theirs' } } });

    expect([mine.statusCode, theirs.statusCode]).toEqual([own, foreign]);
    const found = await findForeignProjectLock(server.platform.metadata.reader, server.project, 'another session');
    expect(found === undefined).toBe(foreign === 201);
  });

  it('ends with its session when it is temporal, and not when it is permanent', async () => {
    const token = await server.login();
    for (const [lockType, left] of [
      ['temporal_constituent', 'not_locked'],
      ['permanent_constituent', 'permanent_constituent'],
    ]) {
      const session = await server.login();
      expectStatus(await server.call(`PUT ${lockUrl()}`, { token: session, body: { lockType } }), 204);
      await server.call('POST /auth/logout', { token: session });
      expect((await server.call(`GET ${lockUrl()}`, { token })).json()).toMatchObject({ lockType: left });
    }
    expect(
      (await server.call(`PUT ${lockUrl()}`, { token, body: { lockType: 'temporal_individual' } })).statusCode,
    ).toBe(409);
    expectStatus(await server.call(`DELETE ${lockUrl()}?force=True`, { token }), 204);
  });

  it('is for those who may configure the project, and for its owner to take away', async () => {
    const manager = await server.addUser('mona', [171]);
    const visitor = await server.addUser('vera', []);
    const body = { lockType: 'temporal_individual' };
    expect((await server.call(`PUT ${lockUrl()}`, { token: visitor, body })).statusCode).toBe(403);
    expect((await server.call('PUT /iserver/lock', { token: manager, body })).statusCode).toBe(403);
    expectStatus(await server.call(`PUT ${lockUrl()}`, { token: manager, body }), 204);
    expect((await server.call(`DELETE ${lockUrl()}?force=true`, { token: visitor })).statusCode).toBe(403);
    expectStatus(await server.call(`DELETE ${lockUrl()}?force=true`, { token: manager }), 204);
  });

  it('of the configuration is its own', async () => {
    expectStatus(
      await server.call('PUT /iserver/lock', { body: { lockType: 'permanent_constituent', lockId: 'a' } }),
      204,
    );
    expect((await server.call('GET /iserver/lock')).json()).toMatchObject({ lockType: 'permanent_constituent' });
    expect((await server.call(`GET ${lockUrl()}`)).json()).toEqual({ lockType: 'not_locked' });
    const { reader } = server.platform.metadata;
    expect(await findForeignProjectLock(reader, CONFIGURATION_SCOPE, 'any')).toMatchObject({ lock_id: 'a' });
  });

  it('refuses unknown kinds and projects', async () => {
    const calls = [
      await server.call(`PUT ${lockUrl()}`, { body: { lockType: 'not_locked' } }),
      await server.call(`PUT ${lockUrl()}`, { body: {} }),
      await server.call(`DELETE ${lockUrl()}?lockType=loose`),
      await server.call(`GET /projects/${'AB'.repeat(16)}/lock`),
      await server.call('GET /projects/none/lock'),
    ];
    expect(calls.map((call) => call.statusCode)).toEqual([400, 400, 400, 404, 404]);
  });
});
