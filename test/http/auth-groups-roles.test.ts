import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRINCIPAL } from '../../packages/server/src/features/users/well-known.ts';
import { IdentityServer } from '../builders/identity-server.ts';

const TUTORIAL = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const OTHER = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
const ANALYST = 'CCC8F238462EC1D212607BA3D20894FB';

let server: IdentityServer;
let admin: string;

beforeAll(async () => {
  server = await IdentityServer.start();
  await server.addProject(TUTORIAL, 'MicroStrategy Tutorial');
  await server.addProject(OTHER, 'Other');
  admin = await server.login();
});
afterAll(() => server.close());

const get = (path: string) => server.call(`GET ${path}`, { token: admin });
const patch = (path: string, operation: Readonly<Record<string, unknown>>) => server.patch(admin, path, operation);
const namesOf = async (path: string) => (await get(path)).json<{ name: string }[]>().map((object) => object.name);

describe('a user group', () => {
  it('is created with members and memberships, and can be read back', async () => {
    const userId = await server.addUser(admin, 'member');
    const parentId = await server.addGroup(admin, 'Parents');
    const body = {
      name: 'Children',
      description: 'text',
      memberships: [parentId],
      members: [userId],
      privileges: ['18'],
    };
    const created = await server.call('POST /usergroups', { token: admin, body });
    expect(created.statusCode).toBe(201);
    const group = created.json<{ id: string }>();
    expect(group).toMatchObject({
      name: 'Children',
      abbreviation: 'Children',
      description: 'text',
      type: 34,
      subtype: 8705,
      memberships: [{ id: parentId, name: 'Parents' }],
    });
    expect((await get(`/usergroups/${group.id}`)).json()).toEqual(group);
    expect((await get(`/usergroups/${group.id}/members`)).json()).toMatchObject([
      { id: userId, abbreviation: 'member', subtype: 8704, enabled: true },
    ]);
    expect((await get(`/usergroups/${parentId}/members`)).json()).toMatchObject([{ id: group.id, subtype: 8705 }]);
    expect(await namesOf(`/usergroups/${group.id}/memberships`)).toEqual(['Parents']);
    expect(await namesOf(`/users/${userId}/memberships`)).toEqual(['Everyone', 'Children']);
  });

  it('is set by a PUT as far as it names properties and lists', async () => {
    const [a, b] = [await server.addUser(admin, 'put-a'), await server.addUser(admin, 'put-b')];
    const parentId = await server.addGroup(admin, 'Put parents');
    const id = await server.addGroup(admin, 'Put', { description: 'before', members: [a], memberships: [parentId] });
    const put = (body: object) => server.call(`PUT /usergroups/${id}`, { token: admin, body });
    const answer = await put({ name: 'Put anew', members: [b], privileges: ['18'] });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ name: 'Put anew', description: 'before', memberships: [{ id: parentId }] });
    expect((await get(`/usergroups/${id}/members`)).json()).toMatchObject([{ id: b }]);
    expect((await put({ memberships: [] })).json()).toMatchObject({ memberships: [] });
    for (const body of [{}, { name: '' }, { members: ['nobody'] }, { name: 'Everyone' }]) {
      expect([400, 409]).toContain((await put(body)).statusCode);
    }
    expect((await server.call(`PUT /usergroups/${a}`, { token: admin, body: { name: 'x' } })).statusCode).toBe(404);
    const nobody = await server.login('put-a', 'secret');
    expect((await server.call(`PUT /usergroups/${id}`, { token: nobody, body: { name: 'x' } })).statusCode).toBe(403);
  });

  it('gets, keeps and loses members', async () => {
    const groupId = await server.addGroup(admin, 'Changing members');
    const [a, b, c] = [
      await server.addUser(admin, 'ma'),
      await server.addUser(admin, 'mb'),
      await server.addUser(admin, 'mc'),
    ];
    const members = () => namesOf(`/usergroups/${groupId}/members`);
    const path = `/usergroups/${groupId}`;
    await patch(path, { op: 'ADD', path: '/members', value: [a, b, a] });
    expect(await members()).toEqual(['User ma', 'User mb']);
    await patch(path, { op: 'replace', path: '/members', value: [b, c] });
    expect(await members()).toEqual(['User mb', 'User mc']);
    await patch(path, { op: 'removeElements', path: '/members', value: [c, a] });
    expect(await members()).toEqual(['User mb']);
    const page = await get(`/usergroups/${groupId}/members?offset=1&limit=5`);
    expect(page.headers['x-mstr-total-count']).toBe('1');
    expect(page.json()).toEqual([]);
  });

  it('leaves its members when it is deleted', async () => {
    const userId = await server.addUser(admin, 'survivor');
    const groupId = await server.addGroup(admin, 'Short-lived', { members: [userId] });
    expect((await server.call(`DELETE /usergroups/${groupId}`, { token: admin })).statusCode).toBe(204);
    expect((await get(`/usergroups/${groupId}`)).statusCode).toBe(404);
    expect(await namesOf(`/users/${userId}/memberships`)).toEqual(['Everyone']);
  });

  it('is never a member of itself, nor through others', async () => {
    const a = await server.addGroup(admin, 'Circle a');
    const b = await server.addGroup(admin, 'Circle b', { memberships: [a] });
    const c = await server.addGroup(admin, 'Circle c', { memberships: [b] });
    for (const operation of [
      { op: 'add', path: '/memberships', value: [c] },
      { op: 'add', path: '/memberships', value: [a] },
      { op: 'add', path: '/members', value: [a] },
    ]) {
      const refused = await patch(`/usergroups/${a}`, operation);
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({ code: 'ERR006', message: expect.stringContaining('member of itself') });
    }
    expect((await patch(`/usergroups/${c}`, { op: 'add', path: '/members', value: a })).statusCode).toBe(400);
    expect(await namesOf(`/usergroups/${a}/memberships`)).toEqual([]);
  });

  it.each([
    ['a name that is taken', { name: 'EVERYONE' }, 409],
    ['no name', {}, 400],
    ['an unknown member', { name: 'Refused', members: ['F'.repeat(32)] }, 400],
    ['a user as its parent', { name: 'Refused', memberships: [PRINCIPAL.administrator] }, 400],
    ['an unknown privilege', { name: 'Refused', privileges: [0] }, 400],
  ])('is not created with %s', async (_case, body, status) => {
    expect((await server.call('POST /usergroups', { token: admin, body })).statusCode).toBe(status);
    expect(await namesOf('/usergroups?nameBegins=Refused')).toEqual([]);
  });

  it('is listed, and as top level when it is in no other', async () => {
    const top = await server.addGroup(admin, 'Listed top');
    await server.addGroup(admin, 'Listed below', { memberships: [top] });
    expect(await namesOf('/usergroups?nameBegins=Listed')).toEqual(['Listed below', 'Listed top']);
    const topLevel = await namesOf('/usergroups/topLevel');
    expect(topLevel).toContain('Listed top');
    expect(topLevel).not.toContain('Listed below');
    const all = await get('/usergroups/?limit=1');
    expect(all.json()).toHaveLength(1);
    expect(Number(all.headers['x-mstr-total-count'])).toBeGreaterThan(6);
  });
});

describe('Everyone', () => {
  it('holds every user, without groups, as clients list users by it', async () => {
    const userId = await server.addUser(admin, 'anyone');
    const response = await get(`/usergroups/${PRINCIPAL.everyone}/members?offset=0&limit=1000`);
    const members = response.json<{ id: string; abbreviation: string; subtype: number }[]>();
    expect(members.find((member) => member.id === userId)).toMatchObject({
      abbreviation: 'anyone',
      name: 'User anyone',
    });
    expect(members.every((member) => member.subtype === 8704)).toBe(true);
    expect(response.headers['x-mstr-total-count']).toBe(String(members.length));
  });

  it.each(['add', 'remove', 'replace'])('cannot have its members changed (%s)', async (op) => {
    const value = [PRINCIPAL.administrator];
    expect((await patch(`/usergroups/${PRINCIPAL.everyone}`, { op, path: '/members', value })).statusCode).toBe(400);
  });

  it.each([PRINCIPAL.everyone, PRINCIPAL.systemAdministrators, PRINCIPAL.publicGuest])(
    'and other built-in groups are not deleted (%s)',
    async (id) => {
      expect((await server.call(`DELETE /usergroups/${id}`, { token: admin })).statusCode).toBe(400);
      expect((await get(`/usergroups/${id}`)).statusCode).toBe(200);
    },
  );
});

describe('a security role', () => {
  it('is created, listed and read with its privileges', async () => {
    const body = { name: 'Tester', description: 'text', privileges: [{ id: '1' }, 295, '295'] };
    const created = await server.call('POST /securityRoles', { token: admin, body });
    expect(created.statusCode).toBe(201);
    const { id } = created.json<{ id: string }>();
    expect(created.json()).toEqual({ id });
    expect(created.headers['location']).toBe(`/api/securityRoles/${id}`);
    expect((await get(`/securityRoles/${id}`)).json()).toMatchObject({
      id,
      name: 'Tester',
      description: 'text',
      type: 44,
      subtype: 11264,
      acg: 255,
      privileges: [
        { id: '1', name: 'Create application objects' },
        { id: '295', name: 'Create package' },
      ],
      projects: [
        { name: 'MicroStrategy Tutorial', members: [] },
        { name: 'Other', members: [] },
      ],
    });
    const list = (await get('/securityRoles')).json<{ id: string }[]>();
    expect(list.find((role) => role.id === id)).toMatchObject({ name: 'Tester', type: 44, subtype: 11264 });
    expect(list.find((role) => role.id === ANALYST)).toMatchObject({ name: 'Analyst' });
  });

  it('is given in projects to users and groups, and taken', async () => {
    const roleId = await server.addRole(admin, 'Given', [18]);
    const userId = await server.addUser(admin, 'holder');
    const groupId = await server.addGroup(admin, 'Holders');
    const change = (op: string, projectId: string, memberIds: string[]) =>
      patch(`/securityRoles/${roleId}`, { op, path: '/members', value: { projectId, memberIds } });
    await change('addElement', TUTORIAL, [userId, groupId]);
    const given = await change('addElement', OTHER, [userId]);
    expect(given.json()).toMatchObject({
      projects: [
        {
          id: TUTORIAL,
          name: 'MicroStrategy Tutorial',
          members: [
            { id: groupId, name: 'Holders' },
            { id: userId, name: 'User holder' },
          ],
        },
        { id: OTHER, name: 'Other', members: [{ id: userId, name: 'User holder' }] },
      ],
    });
    expect((await get(`/users/${userId}/securityRoles?projectId=${OTHER}`)).json()).toEqual([
      { id: OTHER, name: 'Other', securityRoles: [{ id: roleId, name: 'Given' }] },
    ]);
    expect((await get(`/usergroups/${groupId}/securityRoles`)).json()).toHaveLength(1);
    await change('removeElement', TUTORIAL, [userId]);
    const replaced = await change('replace', OTHER, [groupId]);
    expect(replaced.json()).toMatchObject({
      projects: [
        { id: TUTORIAL, members: [{ id: groupId }] },
        { id: OTHER, members: [{ id: groupId }] },
      ],
    });
    expect((await get(`/users/${userId}/securityRoles`)).json()).toEqual([]);
  });

  it('has its privileges changed', async () => {
    const roleId = await server.addRole(admin, 'Growing', [18]);
    await patch(`/securityRoles/${roleId}`, { op: 'addElement', path: '/privileges', value: ['295', 296] });
    const changed = await patch(`/securityRoles/${roleId}`, { op: 'removeElement', path: '/privileges', value: '18' });
    expect(changed.json()).toMatchObject({ privileges: [{ id: '295' }, { id: '296' }] });
    expect(
      (await patch(`/securityRoles/${roleId}`, { op: 'replace', path: '/name', value: 'Grown' })).json(),
    ).toMatchObject({
      name: 'Grown',
    });
  });

  it.each([
    ['an unknown project', [{ op: 'add', path: '/members', value: { projectId: 'F'.repeat(32), memberIds: [] } }]],
    [
      'an unknown member',
      [{ op: 'add', path: '/members', value: { projectId: TUTORIAL, memberIds: ['F'.repeat(32)] } }],
    ],
    ['a value of another kind', [{ op: 'add', path: '/members', value: [TUTORIAL] }]],
    ['an unknown path', [{ op: 'add', path: '/colour', value: 'red' }]],
    [
      'members and privileges at once',
      [
        { op: 'add', path: '/members', value: { projectId: TUTORIAL, memberIds: [PRINCIPAL.guest] } },
        { op: 'add', path: '/privileges', value: [295] },
      ],
    ],
  ])('is not changed by %s', async (_case, operationList) => {
    const before = (await get(`/securityRoles/${ANALYST}`)).json();
    const response = await server.call(`PATCH /securityRoles/${ANALYST}`, { token: admin, body: { operationList } });
    expect(response.statusCode).toBe(400);
    expect((await get(`/securityRoles/${ANALYST}`)).json()).toEqual(before);
  });

  it('is refused with a name that is taken, and not found when there is none', async () => {
    const body = { name: 'analyst', privileges: [] };
    expect((await server.call('POST /securityRoles', { token: admin, body })).statusCode).toBe(409);
    expect((await get(`/securityRoles/${PRINCIPAL.everyone}`)).statusCode).toBe(404);
  });
});
