import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { aCaller, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import { aFolderLine, aMetricLine, aProjectLine, grant, idOf, PROJECT_ID } from '../builders/objects.ts';

let api: TestApi;
beforeAll(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aFolderLine('Folder'),
    aMetricLine('Revenue'),
    aMetricLine('Secret', [], { acl: [grant(WELL_KNOWN.administrator, 255)] }),
    aMetricLine('Gone'),
  ]);
});
afterAll(() => api.close());

const at = (url: string, more: Partial<CallOptions> = {}) => api.call({ url, projectId: PROJECT_ID, ...more });
const entriesOf = async (filter: object, more: Partial<CallOptions> = {}) => {
  const started = await at('/changeJournal', { method: 'POST', body: filter, ...more });
  const { searchId } = started.json<{ searchId: string }>();
  const { url = '', ...rest } = more;
  const response = await at(`/changeJournal/${searchId}?limit=100&offset=0${url}`, rest);
  return response.json<{ changeJournalEntries: Record<string, unknown>[] }>().changeJournalEntries;
};

describe('the change journal', () => {
  it('tells what was done, newest first, with versions and comments', async () => {
    const url = `/objects/${idOf('Revenue')}?type=4`;
    const before = (await at(url)).json<{ version: string }>().version;
    await at(url, { method: 'PUT', body: { name: 'Net', changeJournal: { userComments: 'renamed' } } });
    api.platform.clock.advanceSeconds(3600);
    await at(url, { method: 'PUT', body: { folderId: idOf('Folder') } });
    const after = (await at(url)).json<{ version: string }>().version;
    await at(`/objects/${idOf('Gone')}?type=4&userComments=bye`, { method: 'DELETE' });
    await at(`/objects/${idOf('Secret')}?type=4`, { method: 'PUT', body: { description: 'x' } });

    const [moved, renamed] = await entriesOf({ affectedObjects: [{ id: idOf('Revenue').toLowerCase() }] });
    expect(moved).toMatchObject({ changeType: 'move', versionAfter: after, project: { id: PROJECT_ID } });
    expect(renamed).toMatchObject({
      changeType: 'update',
      transactionType: 'update',
      versionBefore: before,
      userComments: 'renamed',
      timestamp: '2026-01-15T09:30:00.000+0000',
      user: { id: WELL_KNOWN.administrator, name: 'Administrator' },
      object: { id: idOf('Revenue'), name: 'Net', type: 4 },
    });
    const [deleted] = await entriesOf({ changeTypes: ['Delete'] });
    expect(deleted).toMatchObject({ object: { name: 'Gone' }, userComments: 'bye' });
    expect(deleted).not.toHaveProperty('versionAfter');
  });

  it('filters by time, user, project and transaction', async () => {
    expect(await entriesOf({ beginTime: '01/15/2026 10:00:00 AM' })).toHaveLength(3);
    expect(await entriesOf({ endTime: '01/15/2026 10:00:00 AM' })).toHaveLength(1);
    expect(await entriesOf({ users: [{ id: idOf('Ann') }] })).toEqual([]);
    expect(await entriesOf({ affectedProjects: [{ id: idOf('Other') }] })).toEqual([]);
    const [first] = await entriesOf({ affectedProjects: [{ id: PROJECT_ID }] });
    const last = Number(first?.['transactionId']);
    expect(await entriesOf({ beginTransactionId: String(last) })).toHaveLength(1);
    expect(await entriesOf({ endTransactionId: last - 1 })).toHaveLength(3);
    expect((await at('/changeJournal', { method: 'POST', body: { beginTime: 'soon' } })).statusCode).toBe(400);
  });

  it('shows to others only what they may browse, and searches to nobody else', async () => {
    const names = (await entriesOf({}, { as: aCaller() })).map((entry) => (entry['object'] as { name: string }).name);
    expect(new Set(names)).toEqual(new Set(['Net']));
    const started = await at('/changeJournal', { method: 'POST' });
    const { searchId } = started.json<{ searchId: string }>();
    expect((await at(`/changeJournal/${searchId}`, { as: aCaller() })).statusCode).toBe(404);
    expect((await at('/longshore/journal', { as: aCaller() })).statusCode).toBe(403);
    const pages = await at(`/longshore/journal?objectId=${idOf('Revenue')}&limit=1`);
    expect(pages.json()).toMatchObject({ total: 2, data: [{ kind: 'update', changes: 1 }] });
  });
});
