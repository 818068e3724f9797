import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { dependencyClosures } from '../../packages/server/src/features/searches/dependency-closure.ts';
import { DependencyGraphs } from '../../packages/server/src/features/searches/dependency-graphs.ts';
import { aCaller, anAdministrator, anApi, type CallOptions, type TestApi } from '../builders/api.ts';
import {
  aFolderLine,
  aLine,
  aMetricLine,
  aProjectLine,
  aUserLine,
  grant,
  idOf,
  PROJECT_ID,
  usesDefinition,
} from '../builders/objects.ts';

/** The ways to search: in the database, at once or in pieces, and in an index in memory, which small projects have not. */
const WAYS = [
  ['in the database', { leastObjects: Number.MAX_SAFE_INTEGER }],
  ['in the database, in pieces', { leastObjects: Number.MAX_SAFE_INTEGER, pieceSize: 1 }],
  ['in memory', { leastObjects: 0, blockSize: 5, firstSearch: 'waits' }],
] as const;

const wordsOf = (count: number): string => Array.from({ length: count }, (_, at) => `q${at}`).join(' ');

describe.each(WAYS)('%s', (_, searches) => {
  const ann = aCaller();
  let api: TestApi;
  beforeAll(async () => {
    api = await anApi({ searches });
    await api.load([
      aProjectLine(),
      aUserLine('Ann'),
      aFolderLine('Sales'),
      aFolderLine('Old', { parentId: idOf('Sales') }),
      aMetricLine('Revenue', ['Fact'], { parentId: idOf('Sales'), description: 'gross' }),
      aMetricLine('Profit', ['Revenue', 'Cost'], { parentId: idOf('Sales') }),
      aMetricLine('Margin', ['Profit', 'Gone'], { parentId: idOf('Old'), dateModified: '2020-01-01T00:00:00Z' }),
      aMetricLine('Cost', [], { acl: [grant(WELL_KNOWN.administrator, 255)] }),
      aMetricLine('Loop A', ['Loop B'], { ownerId: idOf('Ann') }),
      aMetricLine('Loop B', ['Loop A'], { hidden: true }),
      aMetricLine('Umsatz März 100%'),
      aLine({ name: 'Paris', type: 47, description: 'Paris' }),
      aLine({ name: 'Été', type: 47, description: 'ÉTÉ à Paris' }),
      aLine({ name: 'ΑΣΑ', type: 47, description: 'Καλημέρα ΚΌΣΜΕ, Πελάτης' }),
      aLine({ name: 'ΠΕΛΆΤΗΣ', type: 47, description: 'Größe 100%' }),
      aLine({ name: 'Fact', type: 13, definition: usesDefinition(['Source']) }),
      aLine({ name: 'Source', type: 29, projectId: null, definition: usesDefinition(['Login']) }),
      aLine({ name: 'Login', type: 30, projectId: null }),
    ]);
  });
  afterAll(() => api.close());

  const at = (url: string, more: Partial<CallOptions> = {}) => api.call({ url, projectId: PROJECT_ID, ...more });

  const find = async (query: string, more: Partial<CallOptions> = {}) => {
    const response = await at(`/searches/results?${query}`, more);
    const body = response.json<{ totalItems: number; result: { name: string }[] }>();
    expect(response.headers['x-mstr-total-count']).toBe(String(body.totalItems));
    return body.result.map((object) => object.name);
  };

  describe('the quick search', () => {
    it.each<[string, string[]]>([
      ['name=REV', ['Revenue']],
      ['name=rev&pattern=2', []],
      ['name=loop&pattern=1', ['Loop A', 'Loop B']],
      ['name=b&pattern=3', ['Loop B']],
      ['name=gin&pattern=5', ['Margin']],
      ['name=profit%20margin&pattern=0', ['Margin', 'Profit']],
      ['name=M%C3%84RZ', ['Umsatz März 100%']],
      [`name=${encodeURIComponent('ΑΣ')}`, ['ΑΣΑ']],
      [`name=${encodeURIComponent('πελάτης')}&pattern=2`, ['ΠΕΛΆΤΗΣ']],
      [`name=${encodeURIComponent('πελάτησ')}&pattern=1`, ['ΠΕΛΆΤΗΣ']],
      ['name=100%25', ['Umsatz März 100%']],
      ['name=%25', ['Umsatz März 100%']],
      [`type=4&root=${idOf('Sales')}`, ['Margin', 'Profit', 'Revenue']],
      [`name=r&pattern=4&root=${idOf('Sales')}`, ['Margin', 'Profit', 'Revenue']],
      [`name=r&root=${idOf('Sales')}&offset=1&limit=1`, ['Profit']],
      [`name=m%C3%A4r&root=${idOf('Sales')}`, []],
      ['type=13,1024&limit=2', ['Cost', 'Fact']],
      ['type=4&result.hidden=True', ['Loop B']],
      [`ownerId=${idOf('Ann')}`, ['Loop A']],
      ['name=o&type=4&offset=1&limit=1', ['Loop A']],
    ])('%s', async (query, names) => {
      expect(await find(query)).toEqual(names);
    });

    it('finds certified objects, and shows the folders above', async () => {
      await at(`/objects/${idOf('Profit')}/certify?type=4&certify=true`, { method: 'PUT' });
      expect(await find('type=4&certifiedStatus=CERTIFIED_ONLY')).toEqual(['Profit']);
      expect(await find('type=4&certifiedStatus=NOT_CERTIFIED_ONLY')).not.toContain('Profit');
      const response = await at('/searches/results?name=Margin&getAncestors=true');
      expect(response.json()).toMatchObject({
        result: [
          {
            ancestors: [
              { name: 'Old', level: 1 },
              { name: 'Sales', level: 2 },
              { name: 'Tutorial', level: 3 },
            ],
          },
        ],
      });
    });

    it('finds only what the caller may browse', async () => {
      expect(await find('name=Cost', { as: ann })).toEqual([]);
      expect(await find('name=Cost')).toEqual(['Cost']);
    });

    it('looks into the configuration without a project', async () => {
      const response = await api.call({ url: '/searches/results?type=29' });
      expect(response.json()).toMatchObject({ totalItems: 1, result: [{ name: 'Source' }] });
    });
  });

  const search = async (query: string, more: Partial<CallOptions> & { version?: string } = {}) => {
    const { version = '', as = anAdministrator(), ...options } = more;
    const started = await at(`${version}/metadataSearches/results?${query}`, { method: 'POST', as, ...options });
    expect(started.statusCode).toBe(200);
    const { id, totalItems } = started.json<{ id: string; totalItems: number }>();
    const results = await at(`/metadataSearches/results?searchId=${id}`, { as });
    const names = results.json<{ name: string }[]>().map((object) => object.name);
    expect(names).toHaveLength(totalItems);
    return names;
  };
  const of = (name: string, type = 4): string => `${idOf(name)}%3B${type}`;

  describe('the metadata search', () => {
    it.each<[string, string[]]>([
      [`usedByObject=${of('Margin')}`, ['Profit']],
      [`usedByObject=${of('Margin')}&usedByRecursive=True`, ['Cost', 'Fact', 'Profit', 'Revenue']],
      [`usesObject=${of('Fact', 13)}`, ['Revenue']],
      [`usesObject=${of('Fact', 13)}&usesRecursive=True`, ['Margin', 'Profit', 'Revenue']],
      [`usesObject=${of('Fact', 13)}&usesRecursive=True&name=Pro`, ['Profit']],
      [`usesObject=${of('Login', 30)}&usesRecursive=true&type=13`, ['Fact']],
      [`usedByObject=${of('Fact', 13)}&usedByRecursive=true&domain=4`, ['Login', 'Source']],
      [`usesObject=${of('Loop A')}&usesRecursive=true`, ['Loop B']],
      [`usesObject=${of('Revenue')},${of('Cost')}`, ['Profit']],
      [`usesObject=${of('Profit')}&usesObject=${of('Cost')}&usesOneOf=True`, ['Margin', 'Profit']],
      [
        'type=4&type=1024&type=3072&beginModificationTime=2019-12-31T00:00:00Z&endModificationTime=2020-01-02T00:00:00Z',
        ['Margin'],
      ],
      ['type=12', []],
    ])('%s', async (query, names) => {
      expect(await search(query)).toEqual(names);
    });

    it.each<[string, object, string[]]>([
      [`root=${idOf('Sales')}`, { includeSubfolders: false }, ['Old', 'Profit', 'Revenue']],
      [`root=${idOf('Sales')}`, { excludedFolders: [idOf('Old')] }, ['Profit', 'Revenue']],
      ['type=4', { descriptionQuery: 'GROSS' }, ['Revenue']],
      ['type=4&name=E', { descriptionQuery: 'GROSS' }, ['Revenue']],
      ['type=47', { descriptionQuery: 'é' }, ['Été']],
      ['type=47', { descriptionQuery: 'été À' }, ['Été']],
      ['type=47', { descriptionQuery: 'Pärïs' }, []],
      ['type=47&name=pa', { descriptionQuery: 'é' }, []],
      ['type=47&name=é', { descriptionQuery: 'é' }, ['Été']],
      [`type=47&root=${idOf('Sales')}`, { descriptionQuery: 'é' }, []],
      ['type=47', { descriptionQuery: 'όσμε' }, ['ΑΣΑ']],
      ['type=47', { descriptionQuery: 'ΠΕΛΆΤΗΣ' }, ['ΑΣΑ']],
      ['type=47', { descriptionQuery: 'GRÖßE 100%' }, ['ΠΕΛΆΤΗΣ']],
      ['type=4&name=r', { excludedFolders: [idOf('Old')] }, ['Profit', 'Revenue', 'Umsatz März 100%']],
      ['type=4&name=r', { excludedFolders: [idOf('Sales')] }, ['Umsatz März 100%']],
      [`type=4&name=r&root=${idOf('Sales')}`, { excludedFolders: [idOf('Old')] }, ['Profit', 'Revenue']],
      [`usedByObject=${of('Margin')}&usedByRecursive=true&root=${idOf('Sales')}`, {}, ['Profit', 'Revenue']],
      ['type=4&visibility=VISIBLE&name=loop', {}, ['Loop A']],
      ['type=4', { ownerId: idOf('Ann') }, ['Loop A']],
      ['type=4', { timeRange: { endTime: '2020-01-02T00:00:00Z' } }, ['Margin']],
      ['type=4&name=Margin', { dateFilterType: 'CREATED', timeRange: { sinceDays: 1 } }, ['Margin']],
      ['type=4&name=Margin', { dateFilterType: 'MODIFIED', timeRange: { sinceDays: 1 } }, []],
      ['type=4&name=Margin&scope=managed_only', {}, []],
    ])('second version, %s %j', async (query, body, names) => {
      expect(await search(query, { version: '/v2', body })).toEqual(names);
    });

    it('pages, and forgets nothing between its two steps but what is gone or hidden by then', async () => {
      await api.load([aMetricLine('Page 1'), aMetricLine('Page 2'), aMetricLine('Page 3')]);
      const started = await at('/metadataSearches/results?name=Page', { method: 'POST' });
      const { id } = started.json<{ id: string }>();
      const page = async (query: string) => {
        const response = await at(`/metadataSearches/results?searchId=${id}${query}`);
        expect(response.headers['x-mstr-total-count']).toBe('3');
        return response.json<{ name: string }[]>().map((object) => object.name);
      };
      expect(await page('')).toEqual(['Page 1', 'Page 2', 'Page 3']);
      expect(await page('&offset=1&limit=1')).toEqual(['Page 2']);
      await at(`/objects/${idOf('Page 2')}?type=4`, { method: 'DELETE' });
      expect(await page('')).toEqual(['Page 1', 'Page 3']);
    });

    it('belongs to a session and to a time', async () => {
      const started = await at('/metadataSearches/results?name=Rev', { method: 'POST' });
      const { id } = started.json<{ id: string }>();
      const read = (more: Partial<CallOptions> = {}) => at(`/metadataSearches/results?searchId=${id}`, more);
      expect((await read()).statusCode).toBe(200);
      expect((await read({ as: ann })).statusCode).toBe(404);
      api.platform.clock.advanceSeconds(31 * 60);
      expect((await read()).statusCode).toBe(404);
    });

    it('shows its results as a tree', async () => {
      const started = await at('/metadataSearches/results?name=Margin', { method: 'POST' });
      const { id } = started.json<{ id: string }>();
      const tree = await at(`/metadataSearches/results/tree?searchId=${id}`);
      expect(tree.json()).toMatchObject([
        {
          name: 'Tutorial',
          children: [{ name: 'Sales', children: [{ name: 'Old', children: [{ name: 'Margin' }] }] }],
        },
      ]);
    });

    it('follows edges through what the caller may not see, and finds only what it may', async () => {
      expect(await search(`usedByObject=${of('Margin')}&usedByRecursive=true`, { as: ann })).toEqual([
        'Fact',
        'Profit',
        'Revenue',
      ]);
      const hidden = await at(`/metadataSearches/results?usesObject=${of('Cost')}`, { method: 'POST', as: ann });
      expect(hidden.statusCode).toBe(403);
    });

    it.each([
      [`usesObject=${of('Fact', 13)}&usedByObject=${of('Fact', 13)}`, 400],
      [`usesObject=${idOf('Fact')}`, 400],
      [`usesObject=${of('Gone')}`, 404],
      ['beginModificationTime=yesterday', 400],
      ['root=nowhere', 400],
      ['pattern=6', 400],
    ])('refuses %s with %i', async (query, status) => {
      const response = await at(`/metadataSearches/results?${query}`, { method: 'POST' });
      expect(response.statusCode).toBe(status);
    });

    it.each<[string, object, string]>([
      [`name=${'w '.repeat(501)}`, {}, 'querystring.name must NOT have more than 1000 characters'],
      [`name=${wordsOf(1100)}&pattern=0`, {}, 'querystring.name must NOT have more than 1000 characters'],
      [`name=${wordsOf(51)}&pattern=0`, {}, 'name may have 50 different words at most'],
      ['type=4', { descriptionQuery: 'x'.repeat(60_000) }, 'body.descriptionQuery must NOT have more than'],
    ])('refuses a text that is too long to be looked for (%#)', async (query, body, message) => {
      const search = `/metadataSearches/results?${encodeURI(query)}`;
      const answers = [
        await at(`/v2${search}`, { method: 'POST', body }),
        ...(Object.keys(body).length > 0
          ? []
          : [await at(search, { method: 'POST' }), await at(`/searches/results?${encodeURI(query)}`)]),
      ];
      for (const answer of answers) {
        expect(answer.statusCode).toBe(400);
        expect(answer.json()).toMatchObject({ code: 'ERR006', message: expect.stringContaining(message) });
      }
    });

    it.each<[string, object]>([
      [`name=${wordsOf(50)}&pattern=0`, {}],
      [`name=${'%'.repeat(1000)}`, {}],
      ['', { descriptionQuery: 'é'.repeat(1000) }],
      ['', { descriptionQuery: '_'.repeat(1000) }],
    ])('looks for the longest text that there may be (%#)', async (query, body) => {
      expect(await search(encodeURI(query), { version: '/v2', body })).toEqual([]);
    });

    it('asks for a project where it needs one', async () => {
      const response = await api.call({ method: 'POST', url: '/metadataSearches/results?name=x' });
      expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'ERR005']);
    });

    it('reaches the end of a long chain', async () => {
      await api.load(Array.from({ length: 3000 }, (_, i) => aMetricLine(`c${i}`, i === 0 ? [] : [`c${i - 1}`])));
      const query = `usedByObject=${of('c2999')}&usedByRecursive=true`;
      expect(await search(query)).toHaveLength(2999);
    });

    it('finds all of what most of a project is, in order, and again after it was changed', async () => {
      const names = Array.from({ length: 6000 }, (_, i) => `wide ${String(i).padStart(4, '0')}`);
      await api.load(names.map((name) => aMetricLine(name)));
      await api.load([aMetricLine('Top', names.slice(0, 5999))]);
      const query = `usedByObject=${of('Top')}&usedByRecursive=true`;
      expect(await search(query)).toEqual(names.slice(0, 5999));
      expect(await search(`${query}&name=wide%200001`)).toEqual(['wide 0001']);
      await api.load([aMetricLine('Top', names)]);
      expect(await search(query)).toEqual(names);
      expect(await search(`usesObject=${of('wide 5999')}&usesRecursive=true`)).toEqual(['Top']);
    });
  });

  describe('the closure of dependencies', () => {
    const request = { scope: PROJECT_ID, from: idOf('Margin'), direction: 'uses', depth: 'recursive' } as const;
    const needed = new Set(['Profit', 'Gone', 'Revenue', 'Cost', 'Fact', 'Source', 'Login'].map((name) => idOf(name)));

    it('is the same level by level, in memory, and where the edges are too many to be kept', async () => {
      const { metadata } = api.platform;
      const ways = [
        dependencyClosures(metadata),
        dependencyClosures(metadata, { byLevels: 0 }),
        dependencyClosures(metadata, { byLevels: 0, graphs: new DependencyGraphs(metadata, 1) }),
      ];
      for (const closures of ways) {
        for (const _ of ['read', 'kept']) {
          expect(await closures.find(request)).toEqual(needed);
          const users = await closures.find({ ...request, from: idOf('Login'), direction: 'used-by' });
          expect(users).toEqual(new Set(['Source', 'Fact', 'Revenue', 'Profit', 'Margin'].map((name) => idOf(name))));
        }
      }
    });

    it('follows what is written to the project and to the configuration', async () => {
      const closures = dependencyClosures(api.platform.metadata, { byLevels: 0 });
      expect(await closures.find(request)).toEqual(needed);
      await api.load([aMetricLine('Gone', ['Later'])]);
      expect(await closures.find(request)).toEqual(new Set([...needed, idOf('Later')]));
      await api.load([aLine({ name: 'Login', type: 30, projectId: null, definition: usesDefinition(['Vault']) })]);
      expect(await closures.find(request)).toEqual(new Set([...needed, idOf('Later'), idOf('Vault')]));
    });

    it('reads the edges once for searches that begin together', async () => {
      const { metadata } = api.platform;
      let readers = 0;
      const openReader = () => {
        readers += 1;
        return metadata.openReader();
      };
      const closures = dependencyClosures({ ...metadata, openReader }, { byLevels: 0 });
      await Promise.all([closures.find(request), closures.find(request), closures.find(request)]);
      await closures.find(request);
      expect(readers).toBe(1);
    });
  });
});
