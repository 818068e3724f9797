import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalWriter } from '../../packages/server/src/features/journal/journal.repository.ts';
import { aCaller, anApi, anAdministrator, type TestApi } from '../builders/api.ts';
import { aMetricLine, aProjectLine, idOf, PROJECT_ID } from '../builders/objects.ts';

const OTHER = idOf('Other project');

let api: TestApi;
beforeEach(async () => {
  api = await anApi();
  await api.load([
    aProjectLine(),
    aProjectLine('Other', OTHER),
    aMetricLine('Revenue'),
    aMetricLine('Elsewhere', [], { projectId: OTHER }),
  ]);
});
afterEach(() => api.close());

const change = async (name: string, projectId: string, description: string): Promise<void> => {
  const url = `/objects/${idOf(name)}?type=4`;
  expect((await api.call({ method: 'PUT', url, projectId, body: { description } })).statusCode).toBe(200);
};
const purge = (query: string, as = anAdministrator()) =>
  api.call({ method: 'DELETE', url: `/changeJournal${query}`, as });
const objects = async (): Promise<string[]> => {
  const started = await api.call({ method: 'POST', url: '/changeJournal', body: {} });
  const { searchId } = started.json<{ searchId: string }>();
  const found = await api.call({ url: `/changeJournal/${searchId}` });
  return found
    .json<{ changeJournalEntries: { object: { name: string } }[] }>()
    .changeJournalEntries.map((entry) => entry.object.name);
};
const kinds = async (): Promise<string[]> => {
  const page = await api.call({ url: '/longshore/journal?limit=100' });
  return page.json<{ data: { kind: string }[] }>().data.map(({ kind }) => kind);
};

describe('a purge of the change journal', () => {
  it('takes out the entries of the named projects before a moment, and says so', async () => {
    await change('Revenue', PROJECT_ID, 'first');
    await change('Elsewhere', OTHER, 'first');
    api.platform.clock.advanceSeconds(7200);
    await change('Revenue', PROJECT_ID, 'second');
    const response = await purge(
      `?projects.id=${PROJECT_ID}&timestamp=1-15-2026%2010%3A30%3A00%20AM&comment=too%20old`,
    );
    expect([response.statusCode, response.body]).toEqual([202, '']);
    expect((await objects()).toSorted()).toEqual(['Elsewhere', 'Revenue']);
    const page = await api.call({ url: '/longshore/journal?kind=purge' });
    expect(page.json()).toMatchObject({
      total: 1,
      data: [
        {
          comment: 'too old',
          user: { name: 'Administrator' },
          summary: { removed: 1, projects: [PROJECT_ID], before: '2026-01-15T10:30:00.000+0000' },
        },
      ],
    });
  });

  it('takes out everything, in the form in which the official client asks for it', async () => {
    await change('Revenue', PROJECT_ID, 'first');
    await change('Elsewhere', OTHER, 'first');
    expect((await purge('?purgeAllProjects=False&projects.id=' + [PROJECT_ID, OTHER].join('%2C'))).statusCode).toBe(
      202,
    );
    expect(await objects()).toEqual([]);
    expect((await purge('?purgeAllProjects=True')).statusCode).toBe(202);
    expect(await kinds()).toEqual(['purge', 'purge']);
  });

  it('keeps the line of an import, which tells after a crash that it was committed', async () => {
    const { platform } = api;
    const user = { id: idOf('Ann'), name: 'Ann' };
    const entry = { objectId: idOf('Revenue'), type: 4, name: 'Revenue', change: 'update' as const };
    await platform.metadata.write((tx) =>
      journalWriter(tx).record({
        kind: 'import',
        user,
        date: '2026-01-15T09:30:00.000+0000',
        importId: idOf('Import'),
        summary: { undo: 'here' },
        entries: [{ ...entry, scope: PROJECT_ID, versionBefore: null, versionAfter: idOf('V') }],
      }),
    );
    expect((await purge('?purgeAllProjects=true')).statusCode).toBe(202);
    expect(await objects()).toEqual([]);
    const page = await api.call({ url: '/longshore/journal?kind=import' });
    expect(page.json()).toMatchObject({ data: [{ importId: idOf('Import'), summary: { undo: 'here' }, changes: 0 }] });
  });

  it('is refused without projects, for what is no project or no date, and to others than administrators', async () => {
    await change('Revenue', PROJECT_ID, 'first');
    for (const [query, status, code] of [
      ['', 400, 'ERR005'],
      ['?projects.id=abc', 400, 'ERR006'],
      [`?projects.id=${idOf('Nothing')}`, 404, 'ERR004'],
      ['?purgeAllProjects=true&timestamp=yesterday', 400, 'ERR006'],
    ] as const) {
      const response = await purge(query);
      expect([query, response.statusCode, response.json<{ code: string }>().code]).toEqual([query, status, code]);
    }
    expect((await purge('?purgeAllProjects=true', aCaller())).statusCode).toBe(403);
    expect(await objects()).toEqual(['Revenue']);
  });
});
