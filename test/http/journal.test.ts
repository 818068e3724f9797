import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { journalWriter, type JournalEntry } from '../../packages/server/src/features/journal/journal.repository.ts';
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

describe('the objects of an entry', () => {
  interface Objects {
    readonly total: number;
    readonly counts: Record<string, number>;
    readonly data: readonly { readonly name: string; readonly change: string }[];
  }
  let entry: number;
  const objectsOf = async (query: string): Promise<Objects> =>
    (await at(`/longshore/journal/${entry}/objects?${query}`)).json<Objects>();

  const happened = (name: string, change: JournalEntry['change'], before: string | null): JournalEntry => ({
    scope: PROJECT_ID,
    objectId: idOf(name),
    type: 4,
    name,
    change,
    versionBefore: before,
    versionAfter: 'B1',
  });
  beforeAll(async () => {
    entry = await api.platform.metadata.write((tx) =>
      journalWriter(tx).record({
        kind: 'import',
        user: { id: WELL_KNOWN.administrator, name: 'Administrator' },
        date: '2026-01-15T12:00:00.000+0000',
        packageId: idOf('Package'),
        importId: idOf('Import'),
        entries: [
          happened('Revenue', 'update', 'A1'),
          happened('50%_New', 'create', null),
          happened('Newer', 'create', null),
        ],
      }),
    );
  });

  it('belong to an entry that is found by its package and its import', async () => {
    for (const filter of [`packageId=${idOf('Package')}`, `importId=${idOf('Import').toLowerCase()}`]) {
      expect((await at(`/longshore/journal?${filter}`)).json()).toMatchObject({
        total: 1,
        data: [{ id: entry, kind: 'import', changes: 3 }],
      });
    }
    expect((await at(`/longshore/journal?importId=${idOf('Other')}`)).json()).toEqual({ total: 0, data: [] });
  });

  it('are told by name, with counts of all of them that add up', async () => {
    const all = await objectsOf('');
    expect(all).toMatchObject({ total: 3, counts: { delete: 0, update: 1, move: 0, create: 2 } });
    expect(all.data.map(({ name, change }) => `${name} ${change}`)).toEqual([
      '50%_New create',
      'Newer create',
      'Revenue update',
    ]);
    expect(all.data[0]).toEqual({
      id: idOf('50%_New'),
      type: 4,
      name: '50%_New',
      change: 'create',
      projectId: PROJECT_ID,
      versionAfter: 'B1',
    });
  });

  it('are filtered by what happened, name and id, and paged; the counts stay', async () => {
    const created = await objectsOf('change=create&limit=1&offset=1');
    expect(created).toMatchObject({ total: 2, counts: { create: 2, update: 1 }, data: [{ name: 'Newer' }] });
    // The characters that SQL takes for any others are taken for themselves.
    expect((await objectsOf(`q=${encodeURIComponent('%_n')}`)).data.map(({ name }) => name)).toEqual(['50%_New']);
    expect((await objectsOf(`q=${idOf('Newer').toLowerCase()}`)).total).toBe(1);
    expect((await objectsOf('change=move')).data).toEqual([]);
  });

  it('are refused to others, for what is no change, and for entries that there are not', async () => {
    const url = `/longshore/journal/${entry}/objects`;
    expect((await at(url, { as: aCaller() })).statusCode).toBe(403);
    expect((await at(`${url}?change=burn`)).statusCode).toBe(400);
    const missing = await at('/longshore/journal/999999/objects');
    expect([missing.statusCode, missing.json<{ message: string }>().message]).toEqual([
      404,
      'There is no entry 999999 in the journal.',
    ]);
  });
});
