import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { aCaller, anAdministrator, anApi, type TestApi } from '../builders/api.ts';
import { listIndexes } from '../builders/databases.ts';
import {
  aFolderLine,
  aLine,
  aMetricLine,
  aProjectLine,
  aUserLine,
  EVERYONE,
  grant,
  idOf,
  inheritable,
  PROJECT_ID,
} from '../builders/objects.ts';

let api: TestApi;

const post = (text: string | Buffer, headers: Record<string, string> = {}) =>
  api.call({
    method: 'POST',
    url: '/longshore/metadata',
    body: text,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
const textOf = (lines: readonly object[]): string => lines.map((line) => JSON.stringify(line)).join('\n');
const objectsOf = (dump: string): Record<string, unknown>[] =>
  dump
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const dumped = async (name: string) => objectsOf(await api.dump()).find((object) => object['name'] === name);

const indexNames = (): Promise<unknown[]> => listIndexes(api.platform.metadata);

describe('a bulk load', () => {
  beforeEach(async () => {
    api = await anApi();
  });
  afterEach(() => api.close());

  it('creates a project with its predefined folders, and counts what it did', async () => {
    const text = textOf([aProjectLine(), aMetricLine('Revenue'), aMetricLine('Profit', ['Revenue'])]);
    const first = await post(text);
    expect(first.statusCode).toBe(200);
    expect(first.json()).toEqual({ projects: 1, objects: 2, created: 2, updated: 0, bytes: Buffer.byteLength(text) });
    expect((await post(text)).json()).toMatchObject({ created: 0, updated: 2 });
    expect(await dumped('Tutorial')).toMatchObject({ kind: 'project', id: PROJECT_ID });
    expect(await dumped('Public Objects')).toMatchObject({ id: WELL_KNOWN.publicObjects, projectId: PROJECT_ID });
  });

  it('fills in what a line leaves out', async () => {
    const line = { kind: 'object', projectId: PROJECT_ID.toLowerCase(), id: idOf('Year').toLowerCase(), type: 12 };
    await api.load([aProjectLine(), { ...line, name: 'Year' }]);
    expect(await dumped('Year')).toEqual({
      kind: 'object',
      projectId: PROJECT_ID,
      id: idOf('Year'),
      type: 12,
      subtype: 3072,
      name: 'Year',
      description: '',
      abbreviation: '',
      parentId: WELL_KNOWN.projectRoot,
      ownerId: WELL_KNOWN.administrator,
      version: expect.stringMatching(/^[0-9A-F]{32}$/) as string,
      dateCreated: '2026-01-15T09:30:00.000+0000',
      dateModified: '2026-01-15T09:30:00.000+0000',
      hidden: false,
      acl: [
        { trusteeId: WELL_KNOWN.administrator, rights: 255, deny: false, inheritable: false },
        { trusteeId: EVERYONE, rights: 199, deny: false, inheritable: false },
      ],
      definition: {},
      uses: [],
      translations: {},
    });
  });

  it('gives the same line the same version, and another line another', async () => {
    await api.load([aProjectLine(), aMetricLine('Revenue')]);
    const before = await dumped('Revenue');
    await api.load([aMetricLine('Revenue')]);
    expect(await dumped('Revenue')).toEqual(before);
    await api.load([aMetricLine('Revenue', [], { description: 'net' })]);
    expect((await dumped('Revenue'))?.['version']).not.toBe(before?.['version']);
  });

  it('normalises dates', async () => {
    const dates = { dateCreated: '2001-01-02T20:48:10Z', dateModified: '2021-03-24T02:05:14.236396+00:00' };
    await api.load([aProjectLine(), aMetricLine('Revenue', [], dates)]);
    expect(await dumped('Revenue')).toMatchObject({
      dateCreated: '2001-01-02T20:48:10.000+0000',
      dateModified: '2021-03-24T02:05:14.236+0000',
    });
  });

  it('lets objects without a list inherit, whatever the order of the lines', async () => {
    const inner = aFolderLine('Inner', { parentId: idOf('Outer'), acl: undefined });
    const outer = aFolderLine('Outer', { acl: [grant(EVERYONE, 255), inheritable(grant(EVERYONE, 69))] });
    const metric = aMetricLine('Revenue', [], { parentId: idOf('Inner'), acl: undefined, ownerId: idOf('Ann') });
    await api.load([aProjectLine(), metric, inner, outer]);
    expect((await dumped('Revenue'))?.['acl']).toEqual(
      [grant(idOf('Ann'), 255), grant(EVERYONE, 69)].toSorted((a, b) => (a.trusteeId < b.trusteeId ? -1 : 1)),
    );
    expect((await dumped('Inner'))?.['acl']).toContainEqual(inheritable(grant(EVERYONE, 69)));
    await api.load([aMetricLine('Profit', [], { acl: [] })]);
    expect((await dumped('Profit'))?.['acl']).toEqual([]);
  });

  it('keeps passwords apart from the users', async () => {
    const user = aUserLine('Ann');
    await api.load([{ ...user, definition: { username: 'ann', password: 'correct horse' } }]);
    expect(await api.dump()).not.toContain('correct horse');
    const credential = await api.platform.metadata.reader.selectFrom('credential').selectAll().executeTakeFirst();
    expect(credential).toMatchObject({ user_id: idOf('Ann'), must_change: 0 });
    expect(credential?.password_hash).toMatch(/^scrypt\$/);
    expect(await dumped('Ann')).toMatchObject({ abbreviation: 'ann', definition: { username: 'ann' } });
  });

  it('reads any content type, line ends of both kinds, empty lines and a missing last end', async () => {
    await api.load([aProjectLine()]);
    const text = `${JSON.stringify(aMetricLine('Revenue'))}\r\n\n${JSON.stringify(aMetricLine('Umsatz ä 😀'))}`;
    expect((await post(text, { 'content-type': 'application/json' })).json()).toMatchObject({ created: 2 });
    expect(await dumped('Umsatz ä 😀')).toBeDefined();
  });

  it('builds the indexes anew in a large load, without anybody noticing', async () => {
    const before = await indexNames();
    const many = Array.from({ length: 2500 }, (_, i) => aMetricLine(`M${i}`, i === 0 ? [] : [`M${i - 1}`]));
    await api.load([aProjectLine(), ...many]);
    expect(await indexNames()).toEqual(before);
    const found = await api.call({ url: `/folders/${WELL_KNOWN.projectRoot}?type=4&limit=1`, projectId: PROJECT_ID });
    expect(found.headers['x-mstr-total-count']).toBe('2500');
  });

  it('is journalled, and moves the revision of every scope that it touched', async () => {
    await api.load([aProjectLine(), aMetricLine('Revenue'), aUserLine('Ann')]);
    const journal = await api.call({ url: '/longshore/journal?kind=load' });
    expect(journal.json()).toMatchObject({
      total: 1,
      data: [{ user: { name: 'Administrator' }, summary: { projects: 1, objects: 2, created: 2 } }],
    });
    const revisions = await api.platform.metadata.reader.selectFrom('scope_revision').select('scope').execute();
    expect(revisions.map((row) => row.scope)).toContain(PROJECT_ID);
  });

  it('is for administrators', async () => {
    const response = await api.call({ method: 'POST', url: '/longshore/metadata', body: '', as: aCaller() });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ code: 'ERR014' });
  });
});

describe('a bad line refuses the whole load', () => {
  let before: string;
  beforeAll(async () => {
    api = await anApi();
    await api.load([aProjectLine(), aMetricLine('Kept')]);
    before = await api.dump();
  });
  afterAll(() => api.close());

  const good = aMetricLine('Good');
  it.each<[string, Record<string, unknown> | string, RegExp]>([
    ['no JSON', '{"kind":', /Line 3: is not JSON/],
    ['no object', '[1]', /Line 3: must be a JSON object/],
    ['an unknown kind', { kind: 'thing' }, /Line 3: kind must be/],
    ['an unknown field', { ...good, colour: 'red' }, /Line 3: colour is not a field/],
    ['an id that is none', { ...good, id: 'xyz' }, /Line 3: id must be an id/],
    ['no name', { ...good, name: undefined }, /Line 3: name is missing/],
    ['a blank name', { ...good, name: ' ' }, /Line 3: name must have/],
    ['a name with half a character', { ...good, name: '\ud83d' }, /Line 3: name must be a well-formed/],
    ['no type', { ...good, type: undefined }, /Line 3: type is missing/],
    ['an unknown type', { ...good, type: 250 }, /Line 3: type 250 is not/],
    ['a project as an object', { ...good, type: 32, projectId: null }, /Line 3: type must not be 32/],
    ['a subtype of another type', { ...good, subtype: 3072 }, /Line 3: subtype 3072 is not/],
    ['a wrong date', { ...good, dateModified: '2021-02-03 04:05:06' }, /Line 3: dateModified must be/],
    ['a date that is none', { ...good, dateModified: '2021-13-03T04:05:06Z' }, /Line 3: dateModified must be/],
    ['a text where a boolean is meant', { ...good, hidden: 'no' }, /Line 3: hidden must be true or false/],
    ['a definition that is no object', { ...good, definition: [] }, /Line 3: definition must be a JSON object/],
    ['too many rights', { ...good, acl: [grant(EVERYONE, 256)] }, /Line 3: acl\[0\]\.rights must be between/],
    ['an unknown field in a list', { ...good, acl: [{ ...grant(EVERYONE, 1), x: 1 }] }, /Line 3: acl\[0\]\.x is not/],
    ['a use without an id', { ...good, uses: [{ type: 4 }] }, /Line 3: uses\[0\]\.id is missing/],
    ['a metric in the configuration', { ...good, projectId: null }, /Line 3: projectId must not be null/],
    ['a user in a project', { ...aUserLine('Ann'), projectId: PROJECT_ID }, /Line 3: projectId must be null/],
    ['no project', { ...good, projectId: undefined }, /Line 3: projectId is missing/],
    ['a project that is not there', { ...good, projectId: idOf('Other') }, /Line 3: projectId .* is not a project/],
    ['a folder that is not there', { ...good, parentId: idOf('Gone') }, /Line 3: parentId .* is not a folder/],
    ['a folder that is a metric', { ...good, parentId: idOf('First') }, /Line 3: parentId .* is not a folder/],
    ['an id that another type has', { ...good, id: idOf('First'), type: 12 }, /Line 3: type is 12, but 'Good'/],
    [
      'a password of a group',
      aLine({ name: 'G', type: 34, subtype: 8705, projectId: null, definition: { password: 'x' } }),
      /Line 3: definition\.password/,
    ],
    ['a day that there is not', { ...good, dateModified: '2021-02-30T04:05:06Z' }, /Line 3: dateModified must be/],
    ...Object.entries({
      username: 5,
      fullName: 'half \ud83d',
      enabled: 'yes',
      memberships: 'Everyone',
      'memberships[1]': [EVERYONE, 'Everyone'],
      'privileges[0]': ['Create package'],
      'securityRoles[0]': [{ projectId: PROJECT_ID }],
    }).map(([path, value]): [string, Record<string, unknown>, RegExp] => [
      `a user whose ${path} cannot be read`,
      aUserLine('Ann', { definition: { [path.replace(/\[.*/, '')]: value } }),
      new RegExp(`Line 3: definition\\.${path.replaceAll(/[[\]]/g, String.raw`\$&`)} must`),
    ]),
    ['a project name that is taken', aProjectLine('tutorial', idOf('Other')), /Line 3: name is taken/],
  ])('%s', async (_case, bad, message) => {
    const last = typeof bad === 'string' ? bad : JSON.stringify(bad);
    const response = await post(`${textOf([aMetricLine('First'), aMetricLine('Second')])}\n${last}\n`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'ERR006', message: expect.stringMatching(message) as string });
    expect(await api.dump()).toBe(before);
  });

  it('bytes that are no text, and lines without an end in sight', async () => {
    expect((await post(Buffer.from([0x7b, 0xff, 0x0a]))).json()).toMatchObject({
      message: 'Nothing was loaded. Line 1 is not UTF-8 text.',
    });
    const endless = await post(Buffer.alloc(17 * 1024 * 1024, 0x20));
    expect(endless.json()).toMatchObject({ message: 'Nothing was loaded. Line 1 is longer than 16 MiB.' });
    expect(await api.dump()).toBe(before);
  });

  it('folders in a circle, and two users of one login name', async () => {
    const circle = [aFolderLine('A', { parentId: idOf('B') }), aFolderLine('B', { parentId: idOf('A') })];
    expect((await post(textOf(circle))).json()).toMatchObject({
      message: expect.stringContaining('circle of folders') as string,
    });
    const users = [aUserLine('Ann'), aUserLine('Ann Two', { definition: { username: 'ANN' } })];
    expect((await post(textOf(users))).json()).toMatchObject({
      message: expect.stringContaining('login name') as string,
    });
  });

  it('an upload that breaks off', async () => {
    const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const abort = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      async start(stream) {
        stream.enqueue(Buffer.from(`${JSON.stringify(aMetricLine('Half'))}\n`));
        await new Promise((resolve) => setTimeout(resolve, 200));
        abort.abort();
      },
    });
    const request = fetch(`${address}/api/longshore/metadata`, {
      method: 'POST',
      headers: { 'x-mstr-authtoken': api.login(anAdministrator()) },
      body,
      signal: abort.signal,
      duplex: 'half',
    });
    await expect(request).rejects.toThrow(/abort/);
    // The lock is free again once the load has been rolled back: the next load waits for it.
    await api.load([aMetricLine('Next')]);
    expect(await api.dump()).not.toContain('Half');
    expect(await api.dump()).toContain('Next');
  });
});

describe('a body', () => {
  beforeAll(async () => {
    api = await anApi();
  });
  afterAll(() => api.close());

  it('that is packed is told so', async () => {
    const body = gzipSync(textOf([aProjectLine()]));
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const response = await api.call({ method: 'POST', url: '/longshore/metadata', body, headers });
    expect([response.statusCode, response.json<{ message: string }>().message]).toEqual([
      400,
      'A body with Content-Encoding gzip is not taken. Send it unpacked.',
    ]);
  });

  it.each(['{"name":"a\\u0000b"}', '{"name":"\\ud83d"}', '{"name":"x","alias":{"deep":["\\uD83D"]}}'])(
    'with text that cannot be kept is refused, so that every dump can be loaded: %s',
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await api.call({ method: 'POST', url: '/v2/projects', body, headers });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({
        message: expect.stringMatching(/body\.\S+ must be a well-formed/) as string,
      });
    },
  );

  it('may hold characters of any plane, escaped or not', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = '{"name":"\\ud83d\\udea2 \\\\u0000"}';
    const response = await api.call({ method: 'POST', url: '/v2/projects', body, headers });
    expect([response.statusCode, response.json<{ name: string }>().name]).toEqual([201, '\u{1F6A2} \\u0000']);
  });
});
