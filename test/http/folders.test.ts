import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPredefinedFolder, PREDEFINED_FOLDERS, WELL_KNOWN } from '@longshore/domain';
import { aCaller, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import { aFolderLine, aLine, aMetricLine, aProjectLine, grant, idOf, PROJECT_ID } from '../builders/objects.ts';

const ann = aCaller();
let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aFolderLine('Folder'),
    aMetricLine('Revenue', [], { parentId: idOf('Folder') }),
    aMetricLine('Cost', [], { parentId: idOf('Folder'), hidden: true }),
    aLine({ name: 'Year', type: 12, parentId: idOf('Folder') }),
    aFolderLine('Inner', { parentId: idOf('Folder') }),
    aFolderLine('Of Ann', { parentId: findPredefinedFolder(19)?.id, ownerId: ann.user.id }),
    aMetricLine('Mine', [], { parentId: idOf('Of Ann') }),
    aFolderLine('Secret', { acl: [grant(WELL_KNOWN.administrator, 255)] }),
  ]);
});
afterAll(() => api.close());

const get = (url: string, more: Partial<CallOptions> = {}) => api.call({ url, projectId: PROJECT_ID, ...more });
const namesIn = async (url: string, more: Partial<CallOptions> = {}) =>
  (await get(url, more)).json<{ name: string }[]>().map((object) => object.name);

describe('folders', () => {
  it('are listed, all of the project or all of the configuration', async () => {
    const all = PREDEFINED_FOLDERS.filter((folder) => folder.level === 'project').length + 4;
    const response = await get('/folders?offset=0&limit=1000');
    expect(response.headers['x-mstr-total-count']).toBe(String(all));
    expect(response.json<unknown[]>()).toHaveLength(all);
    expect(await namesIn('/folders', { as: ann })).not.toContain('Secret');
    const page = await get('/folders?offset=1&limit=2');
    expect([page.json<unknown[]>().length, page.headers['x-mstr-total-count']]).toEqual([2, String(all)]);
    const configuration = (await api.call({ url: '/folders' })).json<{ name: string }[]>();
    expect(configuration.map((folder) => folder.name)).toContain('Security Roles');
  });

  it('show what lies directly in them, of the types and kinds that are asked for', async () => {
    const url = `/folders/${idOf('Folder')}`;
    expect(await namesIn(url)).toEqual(['Cost', 'Inner', 'Revenue', 'Year']);
    expect(await namesIn(`${url}?type=4,8`)).toEqual(['Cost', 'Inner', 'Revenue']);
    expect(await namesIn(`${url}?type=4&type=12`)).toEqual(['Cost', 'Revenue', 'Year']);
    expect(await namesIn(`${url}?hidden=True`)).toEqual(['Cost']);
    expect(await namesIn(`${url}?hidden=false&&limit=2`)).toEqual(['Inner', 'Revenue']);
    const page = await get(`${url}?offset=1&limit=1&fields=name`);
    expect(page.json()).toEqual([{ name: 'Inner' }]);
    expect(page.headers['x-mstr-total-count']).toBe('4');
  });

  it('are refused to who may not browse them, and missing when they are no folders', async () => {
    expect((await get(`/folders/${idOf('Secret')}`, { as: ann })).json()).toMatchObject({ code: 'ERR017' });
    expect((await get(`/folders/${idOf('Revenue')}`)).statusCode).toBe(404);
    expect((await get(`/folders/${idOf('Folder')}?limit=-2`)).statusCode).toBe(400);
  });

  it('that are predefined are found by their numbers', async () => {
    expect(await namesIn('/folders/preDefined/1')).toContain('Reports');
    expect((await get('/folders/preDefined/39/id')).json()).toEqual({ id: WELL_KNOWN.projectRoot });
    expect((await get('/folders/preDefined?folderType=7,78')).json()).toMatchObject({
      preDefined: [
        { id: WELL_KNOWN.sharedReports, folderType: 7 },
        { name: 'Users', folderType: 78 },
      ],
    });
    const missing = await get('/folders/preDefined/4711');
    expect([missing.statusCode, missing.json<{ code: string }>().code]).toEqual([404, 'ERR004']);
    const homeless = await api.call({ url: '/folders/preDefined/7' });
    expect([homeless.statusCode, homeless.json<{ code: string }>().code]).toEqual([400, 'ERR005']);
  });

  it('of their own are the personal objects of a caller', async () => {
    expect(await namesIn('/folders/myPersonalObjects', { as: ann })).toEqual(['Mine']);
    expect(await namesIn('/folders/myPersonalObjects')).toEqual([]);
  });

  it('are created and deleted', async () => {
    const body = { name: 'New', description: 'made here', parent: idOf('Folder') };
    const created = await get('/folders', { method: 'POST', body });
    expect(created.statusCode).toBe(201);
    const { id } = created.json<{ id: string }>();
    expect(created.json()).toMatchObject({ name: 'New', type: 8, subtype: 2048, description: 'made here' });
    expect(await namesIn(`/folders/${idOf('Folder')}?type=8`)).toEqual(['Inner', 'New']);
    expect((await get('/folders', { method: 'POST', body: { ...body, name: 'inner' } })).statusCode).toBe(409);
    expect((await get('/folders', { method: 'POST', body: { ...body, parent: idOf('Gone') } })).statusCode).toBe(404);
    expect((await get(`/folders/${id}`, { method: 'DELETE' })).statusCode).toBe(204);
    expect((await get(`/folders/${id}`)).statusCode).toBe(404);
  });
});
