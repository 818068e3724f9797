import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRINCIPAL } from '../../packages/server/src/features/users/well-known.ts';
import { IdentityServer } from '../builders/identity-server.ts';

const WIRE_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000\+0000$/;

let server: IdentityServer;
let admin: string;

beforeAll(async () => {
  server = await IdentityServer.start();
  admin = await server.login();
});
afterAll(() => server.close());

const get = (path: string, token = admin) => server.call(`GET ${path}`, { token });
const patchUser = (id: string, operation: Readonly<Record<string, unknown>>, token = admin) =>
  server.patch(token, `/users/${id}`, operation);

const missing = (response: Awaited<ReturnType<typeof get>>, privilege: string) => {
  expect(response.json()).toMatchObject({ code: 'ERR014', message: expect.stringContaining(privilege) });
  expect(response.statusCode).toBe(403);
};

describe('a user', () => {
  it('is created with what was asked for and can be read back', async () => {
    const groupId = await server.addGroup(admin, 'Readers');
    const body = {
      username: 'jdoe',
      fullName: 'Jane Doe',
      description: 'An analyst',
      password: 'secret',
      ldapdn: 'cn=jdoe',
      memberships: [groupId],
    };
    const created = await server.call('POST /users', { token: admin, body });
    expect(created.statusCode).toBe(201);
    const user = created.json<{ id: string }>();
    expect(user).toMatchObject({
      id: expect.stringMatching(/^[0-9A-F]{32}$/),
      name: 'Jane Doe',
      fullName: 'Jane Doe',
      username: 'jdoe',
      abbreviation: 'jdoe',
      initials: 'JD',
      description: 'An analyst',
      type: 34,
      subtype: 8704,
      enabled: true,
      standardAuth: true,
      passwordModifiable: true,
      requireNewPassword: false,
      ldapdn: 'cn=jdoe',
      acg: 255,
      owner: { id: PRINCIPAL.administrator, name: 'Administrator' },
      memberships: [
        { id: PRINCIPAL.everyone, name: 'Everyone' },
        { id: groupId, name: 'Readers' },
      ],
      dateCreated: expect.stringMatching(WIRE_DATE),
    });
    expect(JSON.stringify(user)).not.toContain('null');
    expect((await get(`/users/${user.id}`)).json()).toEqual(user);
    expect((await get(`/users/${user.id.toLowerCase()}`)).json()).toEqual(user);
  });

  it('shows its access list with every key that clients need', async () => {
    const id = await server.addUser(admin, 'listed');
    const token = await server.login('listed', 'secret');
    const user = (await get(`/users/${id}`, token)).json<{ acg: number; acl: object[] }>();
    expect(user.acg).toBe(5);
    expect(user.acl).toContainEqual({
      deny: false,
      type: 1,
      rights: 5,
      trusteeId: PRINCIPAL.everyone,
      trusteeName: 'Everyone',
      trusteeType: 34,
      trusteeSubtype: 8705,
      inheritable: false,
    });
  });

  it('is changed step by step, whatever the case of the operations', async () => {
    const id = await server.addUser(admin, 'changing');
    const groupId = await server.addGroup(admin, 'Changers');
    const version = (await get(`/users/${id}`)).json<{ version: string }>().version;
    const body = {
      operationList: [
        { op: 'REPLACE', path: '/fullName', value: 'New Name' },
        { op: 'replace', path: '/description', value: 'text' },
        { op: 'add', path: '/memberships', value: groupId },
        { op: 'addElements', path: '/privileges', value: ['295', '18'] },
        { op: 'removeElement', path: '/privileges', value: '18' },
      ],
    };
    const changed = await server.call(`PATCH /users/${id}`, { token: admin, body });
    expect(changed.statusCode).toBe(200);
    expect(changed.json()).toMatchObject({ name: 'New Name', fullName: 'New Name', description: 'text' });
    expect(changed.json<{ version: string }>().version).not.toBe(version);
    expect((await get(`/users/${id}/memberships`)).json()).toMatchObject([
      { id: PRINCIPAL.everyone },
      { id: groupId, type: 34, subtype: 8705 },
    ]);
    expect((await get(`/users/${id}/privileges`)).json()).toMatchObject({ privileges: [{ privilege: { id: '295' } }] });
    await patchUser(id, { op: 'replace', path: '/memberships', value: [PRINCIPAL.everyone] });
    expect((await get(`/users/${id}/memberships`)).json()).toMatchObject([{ id: PRINCIPAL.everyone }]);
  });

  it('keeps what a load has put into its definition when something else is changed', async () => {
    const id = await server.addUser(admin, 'loaded');
    const definition = { username: 'loaded', fullName: 'L', addresses: [{ value: 'l@example.com' }] };
    await server.platform.metadata.write(async (tx) => {
      await tx
        .updateTable('object_body')
        .set({ definition: JSON.stringify(definition) })
        .where('id', '=', id)
        .execute();
    });
    await patchUser(id, { op: 'replace', path: '/description', value: 'text' });
    const { definition: stored } = await server.platform.metadata.reader
      .selectFrom('object_body')
      .select('definition')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(stored)).toEqual(definition);
  });

  it('never has its password in its object, nor in an answer', async () => {
    const id = await server.addUser(admin, 'secretive', { password: 'do not store' });
    await patchUser(id, { op: 'replace', path: '/password', value: 'do not store 2' });
    const bodies = await server.platform.metadata.reader.selectFrom('object_body').selectAll().execute();
    expect(JSON.stringify(bodies)).not.toContain('do not store');
    expect((await get(`/users/${id}`)).body).not.toContain('do not store');
    const { password_hash: hash } = await server.platform.metadata.reader
      .selectFrom('credential')
      .selectAll()
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(hash).toMatch(/^scrypt\$32768\$8\$1\$/);
  });

  it('is deleted with everything that lets it in', async () => {
    const id = await server.addUser(admin, 'gone');
    expect((await server.call(`DELETE /users/${id}`, { token: admin })).statusCode).toBe(204);
    expect((await get(`/users/${id}`)).statusCode).toBe(404);
    expect((await server.tryLogin('gone', 'secret')).statusCode).toBe(401);
    expect((await server.call(`DELETE /users/${id}`, { token: admin })).statusCode).toBe(404);
    const left = await server.platform.metadata.reader
      .selectFrom('credential')
      .selectAll()
      .where('user_id', '=', id)
      .execute();
    expect(left).toEqual([]);
  });

  it('is journalled when it is created, changed and deleted', async () => {
    const id = await server.addUser(admin, 'journalled');
    await patchUser(id, { op: 'replace', path: '/description', value: 'text' });
    await server.call(`DELETE /users/${id}`, { token: admin });
    const entries = await server.platform.metadata.reader
      .selectFrom('journal_entry as e')
      .innerJoin('journal_transaction as t', 't.id', 'e.transaction_id')
      .select(['t.kind', 't.user_id', 'e.change', 'e.version_before', 'e.version_after'])
      .where('e.object_id', '=', id)
      .orderBy('t.id')
      .execute();
    expect(entries.map((entry) => [entry.kind, entry.change])).toEqual([
      ['create', 'create'],
      ['update', 'update'],
      ['delete', 'delete'],
    ]);
    expect(entries[0]).toMatchObject({ user_id: PRINCIPAL.administrator, version_before: null });
    expect(entries[1]?.version_before).toBe(entries[0]?.version_after);
    expect(entries[2]).toMatchObject({ version_before: entries[1]?.version_after, version_after: null });
  });

  it('that owns objects is not deleted', async () => {
    const id = await server.addUser(admin, 'owner', { privileges: [50] });
    const token = await server.login('owner', 'secret');
    const groupId = await server.addGroup(token, 'Owned group');
    const refused = await server.call(`DELETE /users/${id}`, { token: admin });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({
      code: 'ERR006',
      message: expect.stringContaining('Owned group'),
      subErrors: [{ additionalProperties: { objectId: groupId, objectName: 'Owned group' } }],
    });
    await server.call(`DELETE /usergroups/${groupId}`, { token: admin });
    expect((await server.call(`DELETE /users/${id}`, { token: admin })).statusCode).toBe(204);
  });

  it.each([
    ['a login name that is taken, in another case', { username: 'ADMINISTRATOR' }, 409, 'ERR015'],
    ['no login name', { username: undefined }, 400, 'ERR006'],
    ['a blank login name', { username: '  ' }, 400, 'ERR006'],
    ['an empty password', { password: '' }, 400, 'ERR006'],
    ['an unknown group', { memberships: ['F'.repeat(32)] }, 400, 'ERR006'],
    ['a user as its group', { memberships: [PRINCIPAL.administrator] }, 400, 'ERR006'],
    ['an id that is none', { memberships: ['Readers'] }, 400, 'ERR006'],
    ['an unknown privilege', { privileges: ['4711'] }, 400, 'ERR006'],
    ['a date that is none', { passwordExpirationDate: 'soon' }, 400, 'ERR006'],
  ])('is not created with %s', async (_case, more, status, code) => {
    const before = (await get('/users')).headers['x-mstr-total-count'];
    const body = { username: 'refused', fullName: 'Refused', ...more };
    const response = await server.call('POST /users', { token: admin, body });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ code });
    expect((await get('/users')).headers['x-mstr-total-count']).toBe(before);
  });

  it.each([
    ['an unknown path', { op: 'replace', path: '/shoeSize', value: 1 }],
    ['an unknown operation', { op: 'multiply', path: '/description', value: 'x' }],
    ['a path without a slash', { op: 'replace', path: 'description', value: 'x' }],
    ['a value of another kind', { op: 'replace', path: '/description', value: 5 }],
    ['a flag that is neither', { op: 'replace', path: '/enabled', value: 'maybe' }],
    ['a name that is taken', { op: 'replace', path: '/username', value: 'administrator' }],
    ['an empty name', { op: 'remove', path: '/fullName' }],
    ['an empty password', { op: 'replace', path: '/password', value: '' }],
  ])('is not changed by %s', async (_case, operation) => {
    const [user] = (await get('/users?abbreviationBegins=target')).json<{ id: string }[]>();
    const id = user?.id ?? (await server.addUser(admin, 'target'));
    const before = (await get(`/users/${id}`)).json();
    expect([400, 409]).toContain((await patchUser(id, operation)).statusCode);
    expect((await get(`/users/${id}`)).json()).toEqual(before);
  });
});

describe('GET /users', () => {
  it('pages, filters and tells the number of all', async () => {
    for (const name of ['page_a', 'page_b', 'pageXc']) await server.addUser(admin, name, { fullName: `Full ${name}` });
    const list = async (query: string) => {
      const response = await get(`/users${query}`);
      const names = response.json<{ abbreviation: string }[]>().map((user) => user.abbreviation);
      return { names, total: response.headers['x-mstr-total-count'] };
    };
    expect(await list('?abbreviationBegins=PAGE_')).toEqual({ names: ['page_a', 'page_b'], total: '2' });
    expect(await list('?nameBegins=Full%20page&limit=2')).toEqual({ names: ['pageXc', 'page_a'], total: '3' });
    expect(await list('?nameBegins=full+page&offset=2&limit=2&')).toEqual({ names: ['page_b'], total: '3' });
    expect((await list('?limit=-1')).names).toContain('Administrator');
    expect((await list(`?id=${PRINCIPAL.administrator.toLowerCase()}`)).names).toEqual(['Administrator']);
    expect((await get('/users?limit=-2')).statusCode).toBe(400);
    for (const field of ['nameBegins', 'abbreviationBegins']) {
      const long = await get(`/users?${field}=${'x'.repeat(60_000)}`);
      expect([long.statusCode, long.json<{ code: string }>().code]).toEqual([400, 'ERR006']);
    }
    const selected = await get('/users/?nameBegins=Administrator&fields=id,abbreviation');
    expect(selected.json()).toEqual([{ id: PRINCIPAL.administrator, abbreviation: 'Administrator' }]);
  });

  it('answers 404 with a text of its own for a user that is not there', async () => {
    for (const id of ['F'.repeat(32), 'Administrator', PRINCIPAL.everyone]) {
      const response = await get(`/users/${id}`);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'ERR004', message: expect.stringContaining(id) });
    }
  });
});

describe('built-in users', () => {
  it.each([PRINCIPAL.administrator, PRINCIPAL.guest])('are not deleted (%s)', async (id) => {
    expect((await server.call(`DELETE /users/${id}`, { token: admin })).statusCode).toBe(400);
    expect((await get(`/users/${id}`)).statusCode).toBe(200);
  });

  it('the Administrator cannot be kept from logging in', async () => {
    const refused = await patchUser(PRINCIPAL.administrator, { op: 'replace', path: '/enabled', value: false });
    expect(refused.statusCode).toBe(400);
    expect((await get('/sessions')).statusCode).toBe(200);
  });
});

describe('a user manager who is no administrator', () => {
  let manager: string;
  let managerId: string;
  let weakId: string;
  let strongId: string;

  beforeAll(async () => {
    managerId = await server.addUser(admin, 'manager', { privileges: [50, 18] });
    weakId = await server.addUser(admin, 'weak');
    strongId = await server.addUser(admin, 'strong', { privileges: [296] });
    manager = await server.login('manager', 'secret');
  });

  it('manages users, and gives them what the manager holds', async () => {
    const id = await server.addUser(manager, 'managed');
    expect((await patchUser(id, { op: 'add', path: '/privileges', value: ['18'] }, manager)).statusCode).toBe(200);
    expect((await patchUser(id, { op: 'replace', path: '/password', value: 'new' }, manager)).statusCode).toBe(200);
    expect((await server.call(`DELETE /users/${id}`, { token: manager })).statusCode).toBe(204);
  });

  it('gives nobody a privilege that the manager lacks, not even itself', async () => {
    const add = { op: 'add', path: '/privileges', value: '296' };
    missing(await patchUser(weakId, add, manager), 'Apply package');
    missing(await patchUser(managerId, add, manager), 'Apply package');
    const body = { username: 'sneaky', fullName: 'Sneaky', privileges: [295] };
    missing(await server.call('POST /users', { token: manager, body }), 'Create package');
    expect((await get('/users?abbreviationBegins=sneaky')).json()).toEqual([]);
  });

  it('puts nobody into a group that holds more', async () => {
    const groupId = await server.addGroup(admin, 'Strong group', { privileges: [296] });
    missing(await patchUser(weakId, { op: 'add', path: '/memberships', value: groupId }, manager), 'Apply package');
    const join = { op: 'add', path: '/members', value: [managerId] };
    missing(await server.patch(manager, `/usergroups/${groupId}`, join), 'Apply package');
    expect((await get(`/usergroups/${groupId}/members`)).json()).toEqual([]);
    const join2 = { op: 'add', path: '/memberships', value: [PRINCIPAL.systemAdministrators] };
    missing(await patchUser(managerId, join2, manager), 'System Administrators');
  });

  it('takes over nobody who holds more, but may describe them', async () => {
    for (const operation of [
      { op: 'replace', path: '/password', value: 'mine' },
      { op: 'replace', path: '/username', value: 'other' },
    ]) {
      missing(await patchUser(strongId, operation, manager), 'Apply package');
      missing(await patchUser(PRINCIPAL.administrator, operation, manager), 'System Administrators');
    }
    missing(await server.call(`DELETE /users/${strongId}`, { token: manager }), 'Apply package');
    const describe = { op: 'replace', path: '/description', value: 'text' };
    expect((await patchUser(strongId, describe, manager)).statusCode).toBe(200);
    missing(await patchUser(PRINCIPAL.administrator, describe, manager), 'System Administrators');
  });

  it('puts nothing into roles and gives no role beyond what the manager holds', async () => {
    const roleId = await server.addRole(admin, 'Strong role', [296]);
    const body = { name: 'Own role', privileges: [296] };
    missing(await server.call('POST /securityRoles', { token: manager, body }), 'Apply package');
    const weakRole = await server.addRole(manager, 'Weak role', [18]);
    const add = { op: 'add', path: '/privileges', value: [295] };
    missing(await server.patch(manager, `/securityRoles/${weakRole}`, add), 'Create package');
    await server.addProject('A'.repeat(32), 'Project');
    const give = { op: 'add', path: '/members', value: { projectId: 'A'.repeat(32), memberIds: [managerId] } };
    missing(await server.patch(manager, `/securityRoles/${roleId}`, give), 'Apply package');
    expect((await server.patch(manager, `/securityRoles/${weakRole}`, give)).statusCode).toBe(200);
  });
});

describe('without the user manager privilege', () => {
  it.each([
    'POST /users',
    `PATCH /users/${PRINCIPAL.guest}`,
    `DELETE /users/${PRINCIPAL.guest}`,
    'POST /usergroups',
    `PATCH /usergroups/${PRINCIPAL.developers}`,
    `DELETE /usergroups/${PRINCIPAL.developers}`,
    'POST /securityRoles',
    'PATCH /securityRoles/CCC8F238462EC1D212607BA3D20894FB',
    'DELETE /securityRoles/CCC8F238462EC1D212607BA3D20894FB',
  ])('%s answers 403', async (request) => {
    await server.addUser(admin, `plain ${request}`);
    const token = await server.login(`plain ${request}`, 'secret');
    const response = await server.call(request, { token, body: { operationList: [] } });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ code: 'ERR014', iServerCode: -2147213784 });
  });
});
