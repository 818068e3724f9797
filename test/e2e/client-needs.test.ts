import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@longshore/server';
import { aConfig, PASSWORD, PROJECT, YEAR } from './two-environments.ts';

/** What known clients need of single answers; the conformance suite under test/clients is where it was found. */

const HALF_YEAR = '37FFD587FA03CB05473C13C7B620ED14';
const SALES_METRICS = 'B5F2BF8466BF2E9AAF2D8ED55B7535C8';
const ARCHITECT = 'architect';

type Json = Record<string, unknown>;
interface Answer<Body = Json> {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
}

let folder: string;
let server: RunningServer;
let token: string;

async function call<Body = Json>(
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Answer<Body>> {
  const response = await fetch(`${server.url}/api${path}`, {
    method,
    headers: {
      'X-MSTR-AuthToken': token,
      'X-MSTR-ProjectID': PROJECT,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text === '' ? {} : JSON.parse(text)) as Body };
}

async function login(username: string, password: string): Promise<string> {
  const response = await fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username, password, loginMode: '1' }),
  });
  return response.headers.get('X-MSTR-AuthToken') ?? '';
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-clients-'));
  server = await startServer(aConfig(folder, { sample: 'tutorial' }));
  token = await login('Administrator', PASSWORD);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const metric = async (name: string): Promise<string> => {
  const { body } = await call<{ result: { id: string }[] }>('GET', `/searches/results?type=4&pattern=2&name=${name}`);
  return body.result[0]?.id ?? '';
};

describe('a null in a request', () => {
  it('is a field without a value', async () => {
    const id = await metric('Profit');
    const user = await call<{ id: string }[]>('GET', `/users?abbreviationBegins=${ARCHITECT}`);
    const trustee = user.body[0]?.id ?? '';
    const changed = await call<{ description?: string; acl: Json[] }>('PUT', `/objects/${id}?type=4`, {
      body: {
        description: null,
        abbreviation: 'P',
        acl: [{ op: 'ADD', trustee, rights: 5, denied: false, inheritable: null, type: 1 }],
      },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ abbreviation: 'P' });
    expect(changed.body.acl).toContainEqual(expect.objectContaining({ trusteeId: trustee, rights: 5 }));
  });

  it('does not stand for a field that is required', async () => {
    const refused = await call('POST', '/folders', { body: { name: null, parent: PROJECT } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(refused.body['message']).toContain('body.name');
  });
});

describe('an object', () => {
  it('says that it is not certified', async () => {
    const { body } = await call('GET', `/objects/${YEAR}?type=12`);
    expect(body).toMatchObject({ certifiedInfo: { certified: false } });
    const certified = await call('PUT', `/objects/${YEAR}/certify?type=12&certify=true`);
    expect(certified.body).toMatchObject({ certifiedInfo: { certified: true } });
  });

  it('may be a user group, which goes with all that holds on to it', async () => {
    const created = await call<{ id: string }>('POST', '/usergroups', { body: { name: 'A group to delete' } });
    const { id } = created.body;
    const deleted = await call('DELETE', `/objects/${id}?type=34`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await call('GET', `/usergroups/${id}`)).status).toBe(404);

    const user = await call<{ id: string }[]>('GET', `/users?abbreviationBegins=${ARCHITECT}`);
    const refused = await call('DELETE', `/objects/${user.body[0]?.id ?? ''}?type=34`);
    expect(refused.status).toBe(400);
    expect(refused.body['message']).toContain('users and groups are deleted under /api/users');
  });

  it('that is a group is deleted only by who may manage users', async () => {
    const group = await call<{ id: string }>('POST', '/usergroups', { body: { name: 'A group to keep' } });
    await call('POST', '/users', {
      body: { username: 'plain', fullName: 'Plain', password: 'plain password', requireNewPassword: false },
    });
    const plain = { 'X-MSTR-AuthToken': await login('plain', 'plain password') };
    const refused = await call('DELETE', `/objects/${group.body.id}?type=34`, { headers: plain });
    expect(refused).toMatchObject({ status: 403, body: { code: 'ERR014' } });
    expect((await call('GET', `/usergroups/${group.body.id}`)).status).toBe(200);
  });
});

describe('a security role', () => {
  it('shows privileges by name and id in this order, and every project with its members', async () => {
    const created = await call<{ id: string }>('POST', '/securityRoles', {
      body: { name: 'Orderly', description: '', privileges: [{ id: '295' }] },
    });
    const path = `/securityRoles/${created.body.id}`;
    const before = await call<{ privileges: Json[]; projects: Json[] }>('GET', path);
    expect(before.body.privileges.map((privilege) => Object.entries(privilege))).toEqual([
      [
        ['name', 'Create package'],
        ['id', '295'],
      ],
    ]);
    expect(before.body.projects).toEqual([{ id: PROJECT, name: 'MicroStrategy Tutorial', members: [] }]);

    const user = await call<{ id: string; name: string }[]>('GET', `/users?abbreviationBegins=${ARCHITECT}`);
    const { id, name } = user.body[0] ?? { id: '', name: '' };
    await call('PATCH', path, {
      body: { operationList: [{ op: 'add', path: '/members', value: { projectId: PROJECT, memberIds: [id] } }] },
    });
    const after = await call<{ projects: { members: Json[] }[] }>('GET', path);
    expect(after.body.projects[0]?.members).toEqual([{ id, name, subType: 8704 }]);
  });
});

describe('the languages of a project', () => {
  it('are found by their id, those of names and those of data', async () => {
    const { body } = await call<{
      metadata: { default: string; languages: Record<string, Json> };
      data: { currentMode: string; defaultLanguage: string; languages: Record<string, Json> };
    }>('GET', `/projects/${PROJECT}/languages`);
    expect(body.metadata.languages[body.metadata.default]).toEqual({ name: 'English (United States)', lcid: 1033 });
    expect(Object.values(body.metadata.languages).map((language) => language['lcid'])).toContain(1031);
    expect(body.data.currentMode).toBe('none');
    expect(Object.keys(body.data.languages)).toEqual([body.data.defaultLanguage]);
  });
});

describe('a saved search', () => {
  it('is read with its folder as an id', async () => {
    const { status, body } = await call('GET', `/searchObjects/${SALES_METRICS}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: SALES_METRICS,
      name: 'Search for sales metrics',
      types: ['metric'],
      root: expect.stringMatching(/^[0-9A-F]{32}$/),
      includeSubfolders: true,
      visibility: 'VISIBLE',
    });
  });

  it('is saved, changed, moved through the journal of versions, and needs the folder in which it looks', async () => {
    const root = '98FE182C2A10427EACE0CD30B6768258';
    const created = await call<{ id: string }>('POST', '/searchObjects', {
      body: { name: 'Mine', nameQuery: 'year', root, types: ['attribute'], visibility: 'visible', scope: 'all' },
    });
    expect(created).toMatchObject({ status: 201, body: { root, visibility: 'VISIBLE', scope: 'ALL' } });
    const { id } = created.body;
    const versionOf = async () => (await call('GET', `/objects/${id}?type=39`)).body['version'];
    const version = await versionOf();
    const patched = await call('PATCH', `/searchObjects/${id}`, {
      body: {
        operationList: [
          { op: 'replace', path: '/nameQuery', value: 'quarter' },
          { op: 'replace', path: '/timeRange', value: { sinceMonths: 2 } },
          { op: 'remove', path: '/visibility' },
        ],
      },
    });
    expect(patched.body).toEqual({
      id,
      name: 'Mine',
      nameQuery: 'quarter',
      root,
      types: ['attribute'],
      scope: 'ALL',
      timeRange: { sinceMonths: 2 },
    });
    expect(await versionOf()).not.toBe(version);
    const uses = await call<{ id: string }>('POST', `/metadataSearches/results?usesObject=${root}%3B8&type=39`);
    const users = await call<{ id: string }[]>('GET', `/metadataSearches/results?searchId=${uses.body.id}`);
    expect(users.body.map((object) => object.id)).toContain(id);
  });

  it.each([
    ['a folder that is no id', { root: 'x' }, 'root must be an id'],
    ['an unknown scope', { scope: 'some' }, 'scope must be one of ROOTED'],
    ['an unknown visibility', { visibility: 'none' }, 'visibility must be one of'],
    ['an owner that is no id', { ownerId: 'me' }, 'ownerId must be an id'],
    ['types that are numbers', { types: [12] }, 'body.types.0 must be string'],
  ])('with %s is refused', async (_what, condition, message) => {
    const refused = await call('POST', '/searchObjects', { body: { name: 'Refused', ...condition } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(refused.body['message']).toContain(message);
  });

  it.each([
    [{ op: 'replace', path: '/nothing', value: 1 }, 'operationList.path /nothing is not a condition'],
    [{ op: 'invert', path: '/nameQuery', value: 'x' }, 'operationList.op invert must be'],
    [{ op: 'replace', path: '/nameQuery', value: 5 }, 'operationList.value is not of the type'],
  ])('is not changed by %j', async (operation, message) => {
    const refused = await call('PATCH', `/searchObjects/${SALES_METRICS}`, { body: { operationList: [operation] } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(refused.body['message']).toContain(message);
  });

  it('stays as it is while another session has locked the project', async () => {
    const headers = { 'X-MSTR-AuthToken': await login('Administrator', PASSWORD) };
    const lock = { body: { lockType: 'temporal_constituent' }, headers };
    expect((await call('PUT', `/projects/${PROJECT}/lock`, lock)).status).toBe(204);
    const operation = { op: 'replace', path: '/nameQuery', value: 'locked' };
    const refused = [
      await call('POST', '/searchObjects', { body: { name: 'Locked' } }),
      await call('PATCH', `/searchObjects/${SALES_METRICS}`, { body: { operationList: [operation] } }),
    ];
    for (const { status, body } of refused) {
      expect([status, body['message']]).toEqual([409, expect.stringContaining('is locked (temporal_constituent)')]);
    }
    expect((await call('DELETE', `/projects/${PROJECT}/lock?force=true`, { headers })).status).toBe(204);
  });

  it('that is not there is not found', async () => {
    expect(await call('GET', `/searchObjects/${'0'.repeat(32)}`)).toMatchObject({
      status: 404,
      body: { code: 'ERR004' },
    });
    expect(await call('GET', `/searchObjects/${YEAR}`)).toMatchObject({ status: 404, body: { code: 'ERR004' } });
  });
});

describe('a search for dates', () => {
  const found = async (timeRange: Json): Promise<number> => {
    const search = await call<{ totalItems: number }>('POST', '/v2/metadataSearches/results?type=12', {
      body: { dateFilterType: 'MODIFIED', timeRange },
    });
    expect(search.status).toBe(200);
    return search.body.totalItems;
  };

  it('takes a range, days and months', async () => {
    const all = await found({ beginTime: '1990-01-01T00:00:00Z', endTime: '2099-01-01T00:00:00Z' });
    expect(all).toBeGreaterThan(40);
    expect(await found({ beginTime: '2022-01-01T00:00:00+00:00', endTime: null })).toBeLessThan(all);
    expect(await found({ sinceMonths: 1200 })).toBe(all);
    expect(await found({ sinceDays: 0 })).toBe(0);
  });
});

describe('content that cannot be packed', () => {
  const create = (content: Json[], headers: Record<string, string> = {}) =>
    call<{ id: string }>('POST', '/migrations', {
      headers,
      body: {
        packageInfo: {
          type: 'project',
          name: 'Odd',
          environment: { id: server.url, name: 'dev' },
          tocView: { settings: { defaultAction: 'replace' }, content },
        },
        importInfo: {},
      },
    });
  const ASYNC = { Prefer: 'respond-async' };
  const USER = { id: '54F3D26011D2896560009A8E67019608', type: 34 };
  const built = async (id: string): Promise<Json> => {
    for (;;) {
      const { body } = await call<{ packageInfo: Json }>('GET', `/migrations/${id}?showContent=all`);
      if (body.packageInfo['status'] !== 'creating') return body.packageInfo;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('is refused at once, or told in the record when the answer is to be asynchronous', async () => {
    const refused = await create([USER]);
    expect(refused).toMatchObject({ status: 400, body: { code: 'ERR006' } });
    expect(refused.body).toMatchObject({ message: expect.stringContaining('cannot be in a project package') });

    const accepted = await create([USER], ASYNC);
    expect(accepted.status).toBe(201);
    expect(await built(accepted.body.id)).toMatchObject({
      status: 'create_failed',
      message: expect.stringContaining('cannot be part of a project package'),
    });
  });

  it('may be nothing at all when the answer is to be asynchronous', async () => {
    expect(await create([])).toMatchObject({ status: 400, body: { code: 'ERR005' } });
    const accepted = await create([], ASYNC);
    expect(accepted.status).toBe(201);
    expect(await built(accepted.body.id)).toMatchObject({ status: 'created', tocView: { content: [] } });
  });

  it('with an id that is none, or a type that is none, is always refused', async () => {
    expect((await create([{ id: 'x', type: 12 }], ASYNC)).status).toBe(400);
    expect((await create([{ id: HALF_YEAR, type: 250 }], ASYNC)).status).toBe(400);
  });

  it('does not keep a package from being deleted right after it was ordered', async () => {
    const { id } = (await create([{ id: YEAR, type: 12, includeDependents: true }])).body;
    const deleted = await call('DELETE', `/migrations?packageId=${id.split(':')[0]}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
  });
});

describe('the OpenAPI document', () => {
  it('describes refusals for every operation, and says which need no session', async () => {
    const { body } = await call<{
      paths: Record<string, Record<string, { responses: Json; security?: unknown[] }>>;
      components: { responses: Json };
    }>('GET', '/openapi.json');
    const operations = Object.values(body.paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBeGreaterThan(150);
    const error = { $ref: '#/components/responses/Error' };
    for (const { responses } of operations) expect(responses).toMatchObject({ '4XX': error, '5XX': error });
    expect(body.components.responses).toHaveProperty('Error');
    expect(body.paths['/api/auth/login']?.['post']?.security).toEqual([]);
    expect(body.paths['/api/migrations']?.['get']?.security).toBeUndefined();
  });
});
