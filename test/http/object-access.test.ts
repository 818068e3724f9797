import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RIGHTS, WELL_KNOWN } from '@longshore/domain';
import type { Caller } from '../../packages/server/src/platform/http/access.ts';
import { aCaller, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import {
  aFolderLine,
  aMetricLine,
  aProjectLine,
  aUserLine,
  deny,
  EVERYONE,
  grant,
  idOf,
  inheritable,
  PROJECT_ID,
} from '../builders/objects.ts';

const GROUP = idOf('Group');
const ann = aCaller({
  user: { id: idOf('Ann'), name: 'Ann', login: 'ann' },
  principalIds: [idOf('Ann'), GROUP, EVERYONE],
});
const bypasser = aCaller({
  hasPrivilege: (privilege, projectId) => privilege === 16 && projectId === PROJECT_ID,
});
const { browse, read, write, control, full } = RIGHTS;
const SEEN = browse | read;

let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aUserLine('Ann'),
    aFolderLine('Open', { acl: [grant(EVERYONE, full), inheritable(grant(GROUP, SEEN))] }),
    aFolderLine('Closed', { acl: [grant(EVERYONE, SEEN)] }),
    aMetricLine('Seen', [], { acl: [grant(GROUP, SEEN)] }),
    aMetricLine('Listed', [], { acl: [grant(GROUP, browse)] }),
    aMetricLine('Unseen', [], { acl: [grant(EVERYONE, SEEN), deny(GROUP, browse | read)] }),
    aMetricLine('Own', [], { acl: [grant(idOf('Ann'), full), deny(GROUP, full)] }),
    aMetricLine('Written', [], { acl: [grant(GROUP, SEEN | write)] }),
    aFolderLine('Dark', { acl: [grant(EVERYONE, SEEN), deny(GROUP, full)] }),
    aMetricLine('In the dark', [], { parentId: idOf('Dark'), acl: [grant(EVERYONE, SEEN)] }),
    aFolderLine('Box', { acl: [grant(EVERYONE, full)] }),
    aMetricLine('Boxed, shown', [], { parentId: idOf('Box'), acl: [grant(EVERYONE, SEEN)] }),
    aMetricLine('Boxed, hidden', [], { parentId: idOf('Box'), acl: [deny(GROUP, full)] }),
    aMetricLine('Controlled', [], { acl: [grant(GROUP, SEEN | control)] }),
  ]);
});
afterAll(() => api.close());

const call = (as: Caller, name: string, options: Partial<CallOptions> = {}) =>
  api.call({ url: `/objects/${idOf(name)}?type=4`, projectId: PROJECT_ID, as, ...options });
const put = (as: Caller, name: string, body: object) => call(as, name, { method: 'PUT', body });
const statusOf = async (response: ReturnType<typeof call>): Promise<number> => (await response).statusCode;

describe('rights on objects', () => {
  it('are needed to read one', async () => {
    expect(await statusOf(call(ann, 'Seen'))).toBe(200);
    expect(await statusOf(call(ann, 'Own'))).toBe(200);
    expect(await statusOf(call(ann, 'Listed'))).toBe(403);
    expect(await statusOf(call(ann, 'Unseen'))).toBe(403);
    expect(await statusOf(call(bypasser, 'Unseen'))).toBe(200);
  });

  it('are refused in the words that clients know', async () => {
    const response = await put(ann, 'Seen', { description: 'x' });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({
      code: 'ERR017',
      iServerCode: -2147214568,
      message: `(User 'Ann' does not have Write access to the Metric object 'Seen' in Project 'Tutorial' with ID '${PROJECT_ID}'.)`,
      subErrors: [{ additionalProperties: { objectId: idOf('Seen'), objectName: 'Seen' } }],
    });
  });

  it('are refused without telling the name of what may not be browsed', async () => {
    const response = await call(ann, 'Unseen');
    expect(response.json<{ message: string }>().message).toContain(`the Metric object '${idOf('Unseen')}' in`);
    expect(response.body).not.toContain('Unseen');
    for (const url of [
      `/objects/metric/${idOf('Unseen')}/translations`,
      `/metadataSearches/results?usesObject=${idOf('Unseen')};4`,
    ]) {
      const method = url.startsWith('/meta') ? 'POST' : 'GET';
      const refused = await call(ann, '', { url, method });
      expect([refused.statusCode, refused.body.includes('Unseen')]).toEqual([403, false]);
    }
  });

  it('hide the name of a folder that may not be browsed, and keep its place', async () => {
    const url = `/objects/${idOf('In the dark')}?type=4`;
    const ancestors = [
      { id: idOf('Dark'), name: '', level: 1 },
      { id: WELL_KNOWN.projectRoot, name: 'Tutorial', level: 2 },
    ];
    expect((await call(ann, '', { url })).json()).toMatchObject({ ancestors });
    expect((await call(bypasser, '', { url })).json()).toMatchObject({ ancestors: [{ name: 'Dark' }, ancestors[1]] });
    const quick = await call(ann, '', { url: '/searches/results?name=In%20the%20dark&getAncestors=true' });
    expect(quick.json()).toMatchObject({ result: [{ ancestors }] });
    const search = await call(ann, '', { method: 'POST', url: '/metadataSearches/results?name=In%20the%20dark' });
    const { id } = search.json<{ id: string }>();
    const tree = await call(ann, '', { url: `/metadataSearches/results/tree?searchId=${id}` });
    expect(tree.body).toContain('"In the dark"');
    expect(tree.body).not.toContain('"Dark"');
  });

  it('hide what a folder holds from whoever may delete the folder, but not that it holds something', async () => {
    const response = await call(ann, '', { method: 'DELETE', url: `/objects/${idOf('Box')}?type=8` });
    expect(response.statusCode).toBe(400);
    expect(response.json<{ message: string }>().message).toContain('it holds 2 object(s)');
    expect(response.body).toContain('Boxed, shown');
    expect(response.body).not.toContain('Boxed, hidden');
  });

  it('to write and to control are two things', async () => {
    const acl = [{ op: 'ADD', trustee: idOf('Ann'), rights: 1 }];
    expect(await statusOf(put(ann, 'Written', { description: 'x' }))).toBe(200);
    expect(await statusOf(put(ann, 'Written', { acl }))).toBe(403);
    expect(await statusOf(put(ann, 'Written', { ownerId: idOf('Ann') }))).toBe(403);
    expect(await statusOf(put(ann, 'Controlled', { acl }))).toBe(200);
    expect(await statusOf(put(ann, 'Controlled', { acl, description: 'x' }))).toBe(403);
    expect(await statusOf(put(bypasser, 'Written', { acl, description: 'y' }))).toBe(200);
  });

  it('to write are needed on the folder that something is moved or copied to', async () => {
    expect(await statusOf(put(ann, 'Written', { folderId: idOf('Closed') }))).toBe(403);
    expect(await statusOf(put(ann, 'Written', { folderId: idOf('Open') }))).toBe(200);
    const copy = (folder: string) =>
      call(ann, 'Seen', {
        method: 'POST',
        url: `/objects/${idOf('Seen')}/copy?type=4`,
        body: { folderId: idOf(folder) },
      });
    expect(await statusOf(copy('Closed'))).toBe(403);
    const copied = await copy('Open');
    expect(copied.json()).toMatchObject({ acg: full, owner: { id: idOf('Ann') } });
    const folder = (parent: string) =>
      call(ann, '', { method: 'POST', url: '/folders', body: { name: 'New', parent: idOf(parent) } });
    expect(await statusOf(folder('Closed'))).toBe(403);
    expect((await folder('Open')).json()).toMatchObject({ name: 'New', acg: full });
    expect(await statusOf(folder('Open'))).toBe(409);
  });

  it('to delete are needed to delete', async () => {
    expect(await statusOf(call(ann, 'Written', { method: 'DELETE' }))).toBe(403);
    expect(await statusOf(call(ann, 'Own', { method: 'DELETE' }))).toBe(204);
  });

  it('decide what a list shows, its total, and the mask of each object', async () => {
    const url = `/folders/${WELL_KNOWN.projectRoot}?type=4`;
    const shown = await call(ann, '', { url });
    const names = shown.json<{ name: string; acg: number }[]>().map((object) => `${object.name} ${object.acg}`);
    expect(names).toEqual([`Controlled ${SEEN | control}`, `Listed ${browse}`, `Seen ${SEEN}`]);
    expect(shown.headers['x-mstr-total-count']).toBe('3');
    const all = await call(bypasser, '', { url });
    expect(all.json<{ name: string }[]>().map((object) => object.name)).toContain('Unseen');
    const search = await call(ann, '', { url: '/searches/results?name=seen' });
    expect(search.json()).toMatchObject({ totalItems: 2, result: [{ name: 'Seen' }, { name: 'Seen (1)' }] });
  });

  it('are seen at once when a list changes, and when groups change', async () => {
    const stranger = aCaller();
    const remote = { acl: [{ op: 'ADD', trustee: idOf('Ann'), rights: SEEN }] };
    expect(await statusOf(call(ann, 'Unseen'))).toBe(403);
    await put(bypasser, 'Unseen', remote);
    expect(await statusOf(call(ann, 'Unseen'))).toBe(200);
    expect(await statusOf(call(stranger, 'Seen'))).toBe(403);
    const member = { ...stranger, principalIds: [...stranger.principalIds, GROUP] };
    expect(await statusOf(call(member, 'Seen'))).toBe(200);
  });

  it('are checked on every object below, before a folder hands anything down', async () => {
    const before = await api.dump(PROJECT_ID);
    const body = {
      acl: [{ op: 'ADD', trustee: idOf('Ann'), rights: full, inheritable: true }],
      propagateACLToChildren: true,
    };
    const response = await call(ann, '', { method: 'PUT', url: `/objects/${idOf('Open')}?type=8`, body });
    expect([response.statusCode, response.json<{ message: string }>().message]).toEqual([
      403,
      expect.stringContaining("Control access to the Metric object 'Written'") as string,
    ]);
    expect(await api.dump(PROJECT_ID)).toBe(before);
  });

  it('do not help without a session', async () => {
    const response = await api.app.inject({ url: `/api/objects/${idOf('Seen')}?type=4` });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([401, 'ERR009']);
  });
});
