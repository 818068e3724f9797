import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, ModelingServer } from '../builders/modeling-server.ts';
import { aLine, aUserLine, idOf } from '../builders/objects.ts';

let server: ModelingServer;
let other: string;

beforeAll(async () => {
  server = await ModelingServer.start();
  other = await server.addProject('Other');
  const filter = (name: string, projectId: string) => aLine({ name, type: 58, projectId });
  const given = (projectId: string, name: string) => ({ projectId, filterId: idOf(name) });
  const securityFilters = [given(server.project, 'East'), given(server.project, 'Gone'), given(other, 'West')];
  const definition = { username: 'ann', fullName: 'Ann', enabled: true, password: 'secret', securityFilters };
  const lines = [
    filter('East', server.project),
    filter('West', other),
    aUserLine('Ann', { definition }),
    aUserLine('Bob', { definition: { username: 'bob', fullName: 'Bob', enabled: true, password: 'secret' } }),
    aLine({ name: 'Team', type: 34, subtype: 8705, projectId: null, definition: { securityFilters } }),
  ];
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  expectStatus(
    await server.call('POST /longshore/metadata', { body, headers: { 'content-type': 'application/x-ndjson' } }),
    200,
  );
});
afterAll(() => server.close());

const filtersOf = (path: string, token?: string) =>
  server.call(`GET ${path}`, { project: false, ...(token === undefined ? {} : { token }) });

describe('security filters', () => {
  it.each(['users', 'usergroups'])('are listed by project, in the form of the official client: %s', async (kind) => {
    const path = `/${kind}/${idOf(kind === 'users' ? 'Ann' : 'Team')}/securityFilters`;
    const east = { id: server.project, name: 'Sales', securityFilters: [{ id: idOf('East'), name: 'East' }] };
    const west = { id: other, name: 'Other', securityFilters: [{ id: idOf('West'), name: 'West' }] };
    expect((await filtersOf(`${path}?offset=0&limit=-1`)).json()).toEqual({ projects: [west, east] });
    expect((await filtersOf(`${path}?projects.id=${server.project}`)).json()).toEqual({ projects: [east] });
    const both = [server.project, other].join('%2C');
    expect((await filtersOf(`${path}?projects.id=${both}`)).json()).toEqual({ projects: [west, east] });
  });

  it('are shown to the user and to those who manage users, and of nobody that does not exist', async () => {
    const path = `/users/${idOf('Ann')}/securityFilters`;
    const [ann, bob] = [await server.login('ann', 'secret'), await server.login('bob', 'secret')];
    expect((await filtersOf(path, ann)).statusCode).toBe(200);
    expect((await filtersOf(path, bob)).json()).toMatchObject({ code: 'ERR014' });
    expect((await filtersOf(`/users/${idOf('Nobody')}/securityFilters`)).statusCode).toBe(404);
    expect((await filtersOf(`/users/${idOf('Bob')}/securityFilters`)).json()).toEqual({ projects: [] });
  });
});
