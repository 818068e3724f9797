import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRINCIPAL } from '../../packages/server/src/features/users/well-known.ts';
import { IdentityServer } from '../builders/identity-server.ts';

const TUTORIAL = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const OTHER = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
const CREATE_PACKAGE = 295;

let server: IdentityServer;
let admin: string;
let number = 0;

beforeAll(async () => {
  server = await IdentityServer.start();
  await server.addProject(TUTORIAL, 'MicroStrategy Tutorial');
  await server.addProject(OTHER, 'Other');
  admin = await server.login();
});
afterAll(() => server.close());

/** A user of its own with a session. */
async function aUser(more: Readonly<Record<string, unknown>> = {}): Promise<{ id: string; token: string }> {
  number += 1;
  const id = await server.addUser(admin, `user${number}`, more);
  return { id, token: await server.login(`user${number}`, 'secret') };
}

const aGroup = (more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  number += 1;
  return server.addGroup(admin, `Group ${number}`, more);
};

async function mayCreatePackages(token: string, project?: string): Promise<boolean> {
  const response = await server.call('GET /test/guarded', { token, ...(project === undefined ? {} : { project }) });
  if (response.statusCode === 204) return true;
  expect(response.statusCode).toBe(403);
  expect(response.json()).toMatchObject({
    code: 'ERR014',
    iServerCode: -2147213784,
    message: 'You do not have Create package privilege(s) to perform the task.',
  });
  return false;
}

async function give(roleId: string, memberIds: readonly string[], projectId = TUTORIAL): Promise<void> {
  const value = { projectId, memberIds };
  const response = await server.patch(admin, `/securityRoles/${roleId}`, { op: 'addElement', path: '/members', value });
  expect(response.statusCode).toBe(200);
}

describe('a privilege', () => {
  it('is missing when nobody gave it', async () => {
    const { token } = await aUser();
    expect(await mayCreatePackages(token)).toBe(false);
    expect(await mayCreatePackages(token, TUTORIAL)).toBe(false);
  });

  it.each([['295'], [295], [{ id: '295' }]])('holds when the user has it, written as %j', async (privilege) => {
    const { token } = await aUser({ privileges: [privilege] });
    expect(await mayCreatePackages(token)).toBe(true);
    expect(await mayCreatePackages(token, TUTORIAL)).toBe(true);
  });

  it('holds when a group of the user has it', async () => {
    const { token } = await aUser({ memberships: [await aGroup({ privileges: [CREATE_PACKAGE] })] });
    expect(await mayCreatePackages(token)).toBe(true);
  });

  it('holds when a group of a group of the user has it', async () => {
    const top = await aGroup({ privileges: [CREATE_PACKAGE] });
    const middle = await aGroup({ memberships: [top] });
    const { token } = await aUser({ memberships: [await aGroup({ memberships: [middle] })] });
    expect(await mayCreatePackages(token)).toBe(true);
  });

  it('of Everyone holds for every user, members of no group included', async () => {
    const { token } = await aUser();
    const everyone = `/usergroups/${PRINCIPAL.everyone}`;
    await server.patch(admin, everyone, { op: 'add', path: '/privileges', value: [CREATE_PACKAGE] });
    expect(await mayCreatePackages(token)).toBe(true);
    await server.patch(admin, everyone, { op: 'remove', path: '/privileges', value: [CREATE_PACKAGE] });
    expect(await mayCreatePackages(token)).toBe(false);
  });

  it('of a security role holds in its project only', async () => {
    const { id, token } = await aUser();
    await give(await server.addRole(admin, 'Packager', [CREATE_PACKAGE]), [id]);
    expect(await mayCreatePackages(token, TUTORIAL)).toBe(true);
    expect(await mayCreatePackages(token, OTHER)).toBe(false);
    expect(await mayCreatePackages(token)).toBe(false);
  });

  it('of a security role reaches the members of the group that has the role', async () => {
    const groupId = await aGroup();
    const nested = await aGroup({ memberships: [groupId] });
    const { token } = await aUser({ memberships: [nested] });
    await give(await server.addRole(admin, 'Group packager', [CREATE_PACKAGE]), [groupId], OTHER);
    expect(await mayCreatePackages(token, OTHER)).toBe(true);
    expect(await mayCreatePackages(token, TUTORIAL)).toBe(false);
  });

  it('is gone in open sessions as soon as it is taken', async () => {
    const groupId = await aGroup({ privileges: [CREATE_PACKAGE] });
    const { id, token } = await aUser({ memberships: [groupId] });
    expect(await mayCreatePackages(token)).toBe(true);
    await server.patch(admin, `/usergroups/${groupId}`, { op: 'removeElement', path: '/members', value: [id] });
    expect(await mayCreatePackages(token)).toBe(false);
    await server.patch(admin, `/users/${id}`, { op: 'add', path: '/memberships', value: groupId });
    expect(await mayCreatePackages(token)).toBe(true);
    await server.call(`DELETE /usergroups/${groupId}`, { token: admin });
    expect(await mayCreatePackages(token)).toBe(false);
  });

  it('of a role is gone with the role', async () => {
    const { id, token } = await aUser();
    const roleId = await server.addRole(admin, 'Short-lived', [CREATE_PACKAGE]);
    await give(roleId, [id]);
    expect(await mayCreatePackages(token, TUTORIAL)).toBe(true);
    expect((await server.call(`DELETE /securityRoles/${roleId}`, { token: admin })).statusCode).toBe(204);
    expect(await mayCreatePackages(token, TUTORIAL)).toBe(false);
    expect((await server.call(`GET /users/${id}/securityRoles`, { token: admin })).json()).toEqual([]);
  });

  it('is held, like every other, by members of System Administrators and of groups in it', async () => {
    const nested = await aGroup({ memberships: [PRINCIPAL.systemAdministrators] });
    const { token } = await aUser({ memberships: [nested] });
    expect(await mayCreatePackages(token)).toBe(true);
    const { privileges } = (await server.call('GET /sessions/privileges', { token })).json<{
      privileges: { isUserLevelAllowed: boolean }[];
    }>();
    expect(privileges.every((privilege) => privilege.isUserLevelAllowed)).toBe(true);
  });

  it('is read from definitions that a load has written in another form', async () => {
    const { id, token } = await aUser();
    const groupId = await aGroup({ privileges: [CREATE_PACKAGE] });
    await rewriteDefinition(id, {
      memberships: [{ id: groupId.toLowerCase() }],
      privileges: 'all',
      securityRoles: [null],
    });
    expect(await mayCreatePackages(token)).toBe(true);
    await rewriteDefinition(id, { privileges: [{ id: 295 }], memberships: ['nonsense', 5] });
    expect(await mayCreatePackages(token)).toBe(true);
  });

  it('is worked out for groups that a load has put into each other in a circle', async () => {
    const first = await aGroup({ privileges: [CREATE_PACKAGE] });
    const second = await aGroup({ memberships: [first] });
    await rewriteDefinition(first, { memberships: [second], privileges: [String(CREATE_PACKAGE)] });
    const { token } = await aUser({ memberships: [second] });
    expect(await mayCreatePackages(token)).toBe(true);
  });
});

/** Writes a definition as a bulk load does, past every check. */
async function rewriteDefinition(id: string, definition: object): Promise<void> {
  await server.platform.metadata.write(async (tx) => {
    await tx
      .updateTable('object_body')
      .set({ definition: JSON.stringify({ username: `loaded ${id}`, ...definition }) })
      .where('id', '=', id)
      .execute();
    await tx
      .updateTable('scope_revision')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .execute();
  });
}

describe('GET /sessions/privileges', () => {
  it('says where each privilege holds', async () => {
    const { id, token } = await aUser({ privileges: ['16'] });
    await give(await server.addRole(admin, 'Reader of one', [CREATE_PACKAGE]), [id]);
    const list = (await server.call('GET /sessions/privileges', { token })).json<{ privileges: { id: string }[] }>();
    const inRole = await server.call('GET /sessions/privileges/295', { token });
    expect(inRole.json()).toMatchObject({
      id: '295',
      name: 'Create package',
      isUserLevelAllowed: false,
      projects: [
        { id: TUTORIAL, name: 'MicroStrategy Tutorial', isAllowed: true },
        { id: OTHER, name: 'Other', isAllowed: false },
      ],
    });
    expect(list.privileges).toContainEqual(inRole.json());
    expect((await server.call('GET /sessions/privileges/16', { token })).json()).toMatchObject({
      isUserLevelAllowed: true,
      projects: [{ isAllowed: true }, { isAllowed: true }],
    });
  });

  it('knows no other privileges', async () => {
    const response = await server.call('GET /sessions/privileges/99999', { token: admin });
    expect(response.statusCode).toBe(404);
    expect(response.json<{ message: string }>().message).not.toBe('HTTP 404 Not Found');
  });
});

describe('GET /users/{id}/privileges', () => {
  it('says where each comes from', async () => {
    const groupId = await aGroup({ privileges: ['295', '50'] });
    const { id, token } = await aUser({ privileges: ['295'], memberships: [groupId] });
    const roleId = await server.addRole(admin, 'Applier', ['296']);
    await give(roleId, [groupId]);
    type Answer = { privileges: { privilege: { id: string; level: string }; sources: object[] }[] };
    const read = async (query: string) =>
      (await server.call(`GET /users/${id}/privileges/${query}`, { token })).json<Answer>().privileges;
    const all = await read('');
    expect(all.map(({ privilege }) => privilege.id)).toEqual(['50', '295', '296']);
    expect(all[1]?.sources).toEqual([
      { direct: true },
      { direct: false, group: { id: groupId, name: expect.stringContaining('Group') } },
    ]);
    expect(all[2]?.sources).toMatchObject([
      {
        direct: false,
        group: { id: groupId },
        securityRole: { id: roleId, name: 'Applier' },
        project: { id: TUTORIAL },
      },
    ]);
    expect((await read('?privilege.level=server')).map(({ privilege }) => privilege.id)).toEqual(['50']);
    expect((await read(`?projectId=${OTHER}`)).map(({ privilege }) => privilege.id)).toEqual(['50', '295']);
    expect((await server.call(`GET /users/${id}/privileges?privilege.level=x`, { token })).statusCode).toBe(400);
  });

  it('is for the user itself and for user managers', async () => {
    const { id } = await aUser();
    const { token } = await aUser();
    expect((await server.call(`GET /users/${id}/privileges`, { token })).statusCode).toBe(403);
    expect((await server.call(`GET /users/${id}/privileges`, { token: admin })).statusCode).toBe(200);
  });
});

describe('GET /iserver/privileges', () => {
  it('lists every privilege with its categories', async () => {
    const list = (await server.call('GET /iserver/privileges', { token: admin })).json<{ id: string }[]>();
    expect(list.find((privilege) => privilege.id === '296')).toMatchObject({
      name: 'Apply package',
      categories: ['Server - Migration'],
      isProjectLevelPrivilege: true,
    });
    expect(new Set(list.map((privilege) => privilege.id)).size).toBe(list.length);
    const byCategory = (await server.call('GET /iserver/privileges/categories', { token: admin })).json<{
      categories: { type: number; privileges: { id: string }[] }[];
    }>();
    const ids = byCategory.categories.flatMap((category) => category.privileges.map((privilege) => privilege.id));
    expect(ids.toSorted()).toEqual(list.map((privilege) => privilege.id).toSorted());
  });
});
