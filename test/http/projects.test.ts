import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PREDEFINED_FOLDERS, WELL_KNOWN } from '@longshore/domain';
import { bootstrapConfiguration } from '../../packages/server/src/features/projects/bootstrap-configuration.ts';
import { aCaller, anApi, type TestApi } from '../builders/api.ts';
import { aLine, aProjectLine, grant, idOf, PROJECT_ID } from '../builders/objects.ts';

let api: TestApi;
const SECRET = idOf('Secret');
beforeAll(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aProjectLine('Secret', SECRET),
    {
      ...aLine({ name: 'Secret', type: 8, projectId: SECRET, id: WELL_KNOWN.projectRoot }),
      acl: [grant(WELL_KNOWN.administrator, 255)],
    },
  ]);
});
afterAll(() => api.close());

const names = async (as = aCaller()): Promise<string[]> =>
  (await api.call({ url: '/projects', as })).json<{ name: string }[]>().map((project) => project.name);
const bypassesInSecret = (privilege: number, projectId: string | null): boolean =>
  privilege === 16 && projectId === SECRET;

describe('projects', () => {
  it('are listed as far as the caller may browse their root', async () => {
    expect(await names()).toEqual(['Tutorial']);
    expect(await names(aCaller({ privileges: [16] }))).toEqual(['Secret', 'Tutorial']);
    expect(await names(aCaller({ hasPrivilege: bypassesInSecret }))).toEqual(['Secret', 'Tutorial']);
  });

  it('are found by id and by name, in any letter case', async () => {
    for (const key of [PROJECT_ID, PROJECT_ID.toLowerCase(), 'Tutorial', 'tutorial']) {
      const response = await api.call({ url: `/projects/${key}` });
      expect(response.json()).toMatchObject({ id: PROJECT_ID, name: 'Tutorial', status: 0, acg: 255 });
    }
    const missing = await api.call({ url: '/projects/Nowhere' });
    expect([missing.statusCode, missing.json<{ message: string }>().message]).toEqual([
      404,
      "There is no project with the id or name 'Nowhere'.",
    ]);
    const hidden = await api.call({ url: `/projects/${SECRET}`, as: aCaller() });
    expect([hidden.statusCode, hidden.json<{ code: string }>().code]).toEqual([403, 'ERR014']);
  });

  it('are created with every predefined folder, by administrators, once per name', async () => {
    const created = await api.call({ method: 'POST', url: '/v2/projects', body: { name: 'New', description: 'n' } });
    expect(created.statusCode).toBe(201);
    const { id } = created.json<{ id: string }>();
    const folders = await api.call({ url: '/folders', projectId: id });
    const expected = PREDEFINED_FOLDERS.filter((folder) => folder.level === 'project');
    expect(folders.headers['x-mstr-total-count']).toBe(String(expected.length));
    const again = await api.call({ method: 'POST', url: '/v2/projects', body: { name: 'NEW' } });
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'ERR015']);
    const denied = await api.call({ method: 'POST', url: '/v2/projects', body: { name: 'X' }, as: aCaller() });
    expect(denied.statusCode).toBe(403);
  });

  it('are not deleted while they are loaded, which they always are', async () => {
    const response = await api.call({ method: 'DELETE', url: `/projects/${PROJECT_ID}` });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: 'ERR006',
      message: expect.stringContaining('The project is not unloaded on at least one node') as string,
    });
  });

  it('have languages', async () => {
    await api.load([{ ...aLine({ name: 'German', type: 45, projectId: null }), definition: { lcid: 1031 } }]);
    const { metadata } = (await api.call({ url: `/projects/${PROJECT_ID}/languages` })).json<{
      metadata: { default: string; languages: Record<string, { lcid: number }> };
    }>();
    expect(Object.values(metadata.languages).map((language) => language.lcid)).toEqual(
      expect.arrayContaining([1033, 1031]),
    );
    expect(Object.keys(metadata.languages)).toContain(metadata.default);
  });

  it('are monitored on one node', async () => {
    const projects = await api.call({ url: '/monitors/projects?offset=1&limit=1' });
    const total = Number(projects.headers['x-mstr-total-count']);
    expect(total).toBeGreaterThanOrEqual(2);
    expect(projects.json<{ projects: unknown[] }>().projects).toHaveLength(1);
    const nodes = await api.call({ url: `/monitors/iServer/nodes?projects.id=${PROJECT_ID}` });
    expect(nodes.json()).toEqual({
      nodes: [
        {
          name: 'node-1',
          status: 'running',
          load: 0,
          default: true,
          projects: [{ id: PROJECT_ID, name: 'Tutorial', status: 'loaded' }],
        },
      ],
    });
    expect((await api.call({ url: '/monitors/iServer/nodes?name=other' })).json()).toEqual({ nodes: [] });
  });
});

describe('a project as an object', () => {
  const url = `/objects/${PROJECT_ID}?type=32&comments=True`;

  it('has the access control list of its root folder', async () => {
    const response = await api.call({ url, projectId: PROJECT_ID, as: aCaller() });
    expect(response.json()).toMatchObject({ id: PROJECT_ID, name: 'Tutorial', type: 32, subtype: 8192, acg: 199 });
    for (const entry of response.json<{ acl: object[] }>().acl) {
      const fields = [
        'deny',
        'type',
        'rights',
        'trusteeId',
        'trusteeName',
        'trusteeType',
        'trusteeSubtype',
        'inheritable',
      ];
      expect(Object.keys(entry).toSorted()).toEqual(fields.toSorted());
    }
    const hidden = await api.call({ url: `/objects/${SECRET}?type=32`, as: aCaller() });
    expect([hidden.statusCode, hidden.json<{ code: string }>().code]).toEqual([403, 'ERR017']);
  });

  it('is renamed together with its root folder, by who may write there', async () => {
    const body = { name: 'Renamed', description: 'sales' };
    const denied = await api.call({ method: 'PUT', url, body, as: aCaller() });
    expect(denied.statusCode).toBe(403);
    const renamed = await api.call({ method: 'PUT', url, body });
    expect(renamed.json()).toMatchObject({ name: 'Renamed', description: 'sales' });
    const root = await api.call({ url: `/objects/${WELL_KNOWN.projectRoot}?type=8`, projectId: PROJECT_ID });
    expect(root.json()).toMatchObject({ name: 'Renamed' });
    expect((await api.call({ url: '/projects/Renamed' })).json()).toMatchObject({ id: PROJECT_ID });
    const taken = await api.call({ method: 'PUT', url, body: { name: 'secret' } });
    expect(taken.statusCode).toBe(409);
  });
});

it('the configuration gets its folders once', async () => {
  const before = await api.dump();
  await bootstrapConfiguration(api.platform);
  expect(await api.dump()).toBe(before);
  const folder = await api.call({ url: '/folders/preDefined/78' });
  expect(folder.statusCode).toBe(200);
});
