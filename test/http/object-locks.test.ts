import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectStatus, FOLDER, ModelingServer, SESSION_TIMEOUT } from '../builders/modeling-server.ts';

let server: ModelingServer;
/** A session that holds no lock. */
let other: string;
let filter: string;
let table: string;
beforeEach(async () => {
  server = await ModelingServer.start();
  filter = (await server.create('filters', { information: { name: 'Recent' } })).information.objectId;
  table = (await server.createTable('LU_CITY', 'CITY_ID')).information.objectId;
  other = await server.login();
});
afterEach(async () => server.close());

const TABLE = 15;
const FILTER = 1;
type Edit = (token?: string) => Promise<LightMyRequestResponse>;
const editor =
  (request: string, body?: object): Edit =>
  (token) =>
    server.call(request, { ...(body ? { body } : {}), ...(token === undefined ? {} : { token }) });

/** Every way in which one object is changed; the last one deletes it. */
function editsOf(id: string, type: number): Edit[] {
  const path = '/localesAndTranslations/1:0:/translationValues';
  const texts = { operationList: [{ op: 'add', path, value: { 1031: { translation: `Neu ${id}` } } }] };
  return [
    editor(`PUT /objects/${id}?type=${type}`, { description: 'changed' }),
    editor(`PUT /objects/${id}?type=${type}`, { folderId: FOLDER.publicObjects }),
    editor(`POST /objects/${id}/copy?type=${type}`, {}),
    editor(`PUT /objects/${id}/certify?type=${type}&certify=true`),
    editor(`PATCH /objects/${type}/${id}/translations`, texts),
    editor(`DELETE /objects/${id}?type=${type}`),
  ];
}
const newFolder = (): Edit => editor('POST /folders', { name: 'New', parent: FOLDER.publicObjects });
const bulk = (id: string, type: number): Edit => editor('DELETE /objects', [{ id, type }]);

async function expectRefused(edits: readonly Edit[], named: RegExp, token?: string): Promise<void> {
  const before = await server.dump();
  for (const edit of edits) {
    const refused = await edit(token);
    expect([refused.statusCode, refused.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'ERR006', message: expect.stringMatching(named) }),
    ]);
  }
  expect(await server.dump()).toBe(before);
}

async function expectDone(edits: readonly Edit[], token?: string): Promise<void> {
  for (const edit of edits) expect([200, 201, 204]).toContain((await edit(token)).statusCode);
}

const lockSchema = () => server.call('POST /model/schema/lock', { body: { lockType: 'absolute_individual' } });
const lockProject = (lockType: string, token?: string) =>
  server.call(`PUT /projects/${server.project}/lock`, { body: { lockType }, ...(token ? { token } : {}) });

describe('while the schema of a project is locked', () => {
  it('its schema objects stay as they are, and everything else can be changed', async () => {
    expectStatus(await lockSchema(), 201);
    const named = /absolute_individual.*'Administrator'.*DELETE \/api\/model\/schema\/lock/;
    await expectRefused([...editsOf(table, TABLE), bulk(table, TABLE)], named, other);
    await expectDone([...editsOf(filter, FILTER), newFolder()], other);

    expectStatus(await server.call('DELETE /model/schema/lock'), 200);
    await expectDone(editsOf(table, TABLE).slice(0, -1), other);
  });

  it('no folder hands its access control list down to schema objects in it', async () => {
    expectStatus(await lockSchema(), 201);
    const everyone = 'C82C6B1011D2894CC0009D9F29718E4F';
    const acl = [{ op: 'ADD', trustee: everyone, rights: 255, inheritable: true }];
    const body = { acl, propagateACLToChildren: true };
    await expectRefused([editor(`PUT /objects/${FOLDER.tables}?type=8`, body)], /schema.*is locked/, other);
  });
});

describe('while a project is locked', () => {
  it('only the session that holds the lock changes its objects', async () => {
    expectStatus(await lockProject('temporal_constituent'), 204);
    const project = editor(`PUT /objects/${server.project}?type=32`, { description: 'changed' });
    const edits = [...editsOf(filter, FILTER), bulk(filter, FILTER), newFolder(), project];
    await expectRefused(edits, /temporal_constituent.*'Administrator'.*DELETE \/api\/projects/, other);
    await expectDone([newFolder(), project, ...editsOf(filter, FILTER)]);
  });

  it('for good, nobody does', async () => {
    expectStatus(await lockProject('permanent_constituent'), 204);
    await expectRefused([newFolder(), ...editsOf(filter, FILTER)], /permanent_constituent/);
  });

  it('objects of the configuration, and of a project whose settings alone are locked, are open', async () => {
    expectStatus(await lockProject('temporal_individual'), 204);
    await expectDone([newFolder(), ...editsOf(filter, FILTER)], other);
    expectStatus(await server.call(`DELETE /projects/${server.project}/lock?force=true`), 204);
    expectStatus(await lockProject('temporal_constituent'), 204);
    const role = expectStatus(
      await server.call('POST /securityRoles', { body: { name: 'Reader', privileges: [] } }),
      201,
    );
    const inConfiguration = `/objects/${role.json<{ id: string }>().id}?type=44`;
    await expectDone([editor(`PUT ${inConfiguration}`, { description: 'changed' })], other);
  });

  it('and its session has ended, the lock holds nobody up', async () => {
    const ending = await server.login();
    expectStatus(await lockProject('temporal_constituent', ending), 204);
    await expectRefused([newFolder()], /temporal_constituent/, other);
    expectStatus(await server.call('POST /auth/logout', { token: ending }), 204);
    await expectDone([newFolder()], other);

    const idle = await server.login();
    expectStatus(await lockProject('temporal_constituent', idle), 204);
    server.platform.clock.advanceSeconds(SESSION_TIMEOUT + 31);
    await expectDone(editsOf(filter, FILTER), await server.login());
  });
});
