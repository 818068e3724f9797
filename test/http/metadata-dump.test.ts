import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isPostgres } from '../../packages/server/src/platform/db/location.ts';
import { canonicalJson, objectFingerprintText, combineFingerprint, type JsonValue } from '@longshore/domain';
import { sha256, bodyHash } from '../../packages/server/src/platform/hash.ts';
import { aCaller, anAdministrator, anApi, loadText, type TestApi } from '../builders/api.ts';
import { aFolderLine, aMetricLine, aProjectLine, aUserLine, grant, idOf, PROJECT_ID } from '../builders/objects.ts';

const opened: TestApi[] = [];
const open = async (): Promise<TestApi> => {
  const api = await anApi();
  opened.push(api);
  return api;
};
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 20 });
const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const anyId = fc.integer({ min: 0, max: 40 }).map((number) => idOf(`object ${number}`));
const anyDate = fc
  .date({ min: new Date('1980-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Lines of metrics and attributes with anything in them that the load format allows. */
const anyLine = fc.record(
  {
    kind: fc.constant('object'),
    projectId: fc.constant(PROJECT_ID),
    id: anyId,
    type: fc.constant(4),
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((name) => name.trim() !== ''),
    description: anyText,
    abbreviation: anyText,
    parentId: fc.constantFrom(idOf('Folder'), null),
    ownerId: anyId,
    version: anyId,
    dateCreated: anyDate,
    dateModified: anyDate,
    hidden: fc.boolean(),
    acl: fc.array(
      fc.record({
        trusteeId: anyId,
        rights: fc.integer({ min: 0, max: 255 }),
        deny: fc.boolean(),
        inheritable: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    definition: fc.dictionary(anyText, anyJson, { maxKeys: 4 }),
    uses: fc.array(fc.record({ id: anyId, type: fc.constantFrom(4, 12, null) }), { maxLength: 3 }),
    translations: fc.dictionary(anyText, anyJson, { maxKeys: 2 }),
  },
  { requiredKeys: ['kind', 'projectId', 'id', 'type', 'name'] },
);
const textOf = (lines: readonly object[]): string => lines.map((line) => JSON.stringify(line)).join('\n');

const linesOf = (dump: string) =>
  dump
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; id: string; type: number; projectId: string | null });

describe('dump and load', () => {
  it('give the same bytes again, and the same fingerprint, in another environment', async () => {
    const source = await open();
    const target = await open();
    await source.load([aProjectLine(), aFolderLine('Folder')]);
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 40, size: 'max' }), async (lines) => {
        const loaded = await loadText((options) => source.call(options), textOf(lines));
        expect(loaded.json()).not.toHaveProperty('code');
        const dump = await source.dump(PROJECT_ID);
        expect((await loadText((options) => target.call(options), dump)).statusCode).toBe(200);
        expect(await target.dump(PROJECT_ID)).toBe(dump);
        const url = `/longshore/fingerprint?projectId=${PROJECT_ID}`;
        expect((await target.call({ url })).json()).toEqual((await source.call({ url })).json());
      }),
      { numRuns: 6 },
    );
  });

  it('change nothing where one line of many is bad', async () => {
    const api = await open();
    await api.load([aProjectLine(), aFolderLine('Folder'), aMetricLine('Kept')]);
    const before = await api.dump();
    const bad = { ...aMetricLine('Bad'), hidden: 'perhaps' };
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 6 }), fc.nat(), async (lines, seed) => {
        const position = seed % (lines.length + 1);
        const response = await loadText(
          (options) => api.call(options),
          textOf([...lines.slice(0, position), bad, ...lines.slice(position)]),
        );
        expect(response.json()).toMatchObject({
          message: `Nothing was loaded. Line ${position + 1}: hidden must be true or false.`,
        });
        expect(await api.dump()).toBe(before);
      }),
      { numRuns: 6 },
    );
  });
});

let api: TestApi;
describe('a dump', () => {
  beforeAll(async () => {
    api = await anApi();
    const acl = [grant(idOf('B'), 1), grant(idOf('A'), 1)];
    await api.load([
      aProjectLine('Second', idOf('Z')),
      aProjectLine('First'),
      aMetricLine('M2'),
      aMetricLine('M1', [], { definition: { b: 1, a: [{ d: 1, c: 2 }] }, acl }),
      aFolderLine('Folder'),
      aUserLine('Ann'),
    ]);
  });
  afterAll(() => api.close());
  it('begins with the project, then has its objects by type and id, with keys in order', async () => {
    const dump = await api.dump(PROJECT_ID);
    const [project, ...objects] = linesOf(dump);
    expect(project).toMatchObject({ kind: 'project', id: PROJECT_ID });
    const order = objects.map((object) => `${String(object.type).padStart(3, '0')} ${object.id}`);
    expect(order).toEqual(order.toSorted());
    for (const line of dump.trimEnd().split('\n')) expect(line).toBe(canonicalJson(JSON.parse(line) as JsonValue));
  });

  it('is of everything without a project: projects by id, then the configuration', async () => {
    const scopes = linesOf(await api.dump()).map((line) => (line.kind === 'project' ? line.id : line.projectId));
    const seen = [...new Set(scopes)];
    expect(seen).toEqual([idOf('Z'), PROJECT_ID].toSorted().concat([null as never]));
  });

  it('is of the configuration alone, or with it, when that is asked for', async () => {
    const only = linesOf((await api.call({ url: '/longshore/metadata?configuration=True' })).body);
    expect(only.every((line) => line.projectId === null)).toBe(true);
    expect(only.some((line) => line.id === idOf('Ann'))).toBe(true);
    const both = linesOf(
      (await api.call({ url: `/longshore/metadata?projectId=${PROJECT_ID}&configuration=true` })).body,
    );
    expect(both[0]).toMatchObject({ kind: 'project' });
    expect(both.at(-1)).toMatchObject({ projectId: null });
  });

  it('says when there is no such project, and is for administrators', async () => {
    const missing = await api.call({ url: `/longshore/metadata?projectId=${idOf('none')}` });
    expect(missing.statusCode).toBe(404);
    expect(missing.json()).not.toMatchObject({ message: 'HTTP 404 Not Found' });
    expect((await api.call({ url: '/longshore/metadata', as: aCaller() })).statusCode).toBe(403);
    expect((await api.call({ url: '/longshore/fingerprint', as: aCaller() })).statusCode).toBe(403);
  });

  it('has the fingerprint that follows from its lines', async () => {
    const rows = await api.platform.metadata.reader
      .selectFrom('object as o')
      .innerJoin('object_body as b', (join) => join.onRef('b.scope', '=', 'o.scope').onRef('b.id', '=', 'o.id'))
      .innerJoin('acl as a', 'a.id', 'o.acl_id')
      .selectAll()
      .where('o.scope', '=', PROJECT_ID)
      .execute();
    const hashes = linesOf(await api.dump(PROJECT_ID))
      .slice(1)
      .map((line) => {
        const object = line as unknown as Parameters<typeof objectFingerprintText>[0] & Record<string, JsonValue>;
        const text = (name: string): string => canonicalJson(object[name] ?? null);
        const hash = bodyHash(text('definition'), text('translations'), text('uses'));
        return sha256(objectFingerprintText({ ...object, acl: text('acl'), bodyHash: hash }));
      });
    const response = await api.call({ url: `/longshore/fingerprint?projectId=${PROJECT_ID}` });
    expect(response.json()).toEqual({ fingerprint: combineFingerprint(hashes), objects: rows.length });
  });

  it('lets go of its snapshot when the client goes away', async () => {
    const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
    await api.load(
      Array.from({ length: 3000 }, (_, i) => aMetricLine(`Big ${i}`, [], { definition: { text: 'x'.repeat(10_000) } })),
    );
    expect(await isLogFree()).toBe(true);
    const request = get(`${address}/api/longshore/metadata`, {
      headers: { 'x-mstr-authtoken': api.login(anAdministrator()) },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'data');
    response.pause();
    await api.load([aMetricLine('While it is read')]);
    expect(await isLogFree()).toBe(false);
    response.destroy();
    await expect.poll(isLogFree).toBe(true);
  });
});

/** Whether no snapshot is held: with SQLite, one that is keeps the log from being emptied. */
async function isLogFree(): Promise<boolean> {
  const { location, reader } = api.platform.metadata;
  if (isPostgres(location)) {
    const { rows } = await sql`SELECT 1 FROM pg_stat_activity
      WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND query LIKE '% batches_%'`.execute(reader);
    return rows.length === 0;
  }
  const db = new DatabaseSync(location);
  const result = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  db.close();
  return result?.['busy'] === 0;
}
