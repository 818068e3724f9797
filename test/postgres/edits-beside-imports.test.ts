import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { aFolderLine, aMetricLine, idOf } from '../builders/objects.ts';
import { holdWrites } from '../builders/hold-writes.ts';
import { aSession } from '../builders/package-api.ts';
import { approvedPackage, dumpOf, isImported, PROJECT, undo, YEAR, type TestServer } from '../e2e/two-environments.ts';
import { holdImport, type HeldImport } from './held-import.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

/**
 * Edits through the API while a real import into the project `PROJECT` is held just before its commit. The project
 * `OTHER` is another one of the same environment.
 */
const OTHER = idOf('Other project');
let on: OnPostgres;
let dev: TestServer;
let prod: TestServer;

beforeAll(async () => {
  on = await onPostgres();
  dev = await on.serve({ name: 'dev', sample: 'tutorial' });
  prod = await on.serve({ name: 'prod', sample: 'tutorial-prod' });
  const own = { projectId: OTHER };
  const metrics = ['Revenue', 'Cost', 'Old'].map((name) => aMetricLine(name, [], own));
  const lines = [{ kind: 'project', id: OTHER, name: 'Other' }, aFolderLine('Sales', own), ...metrics];
  await prod.client.metadata.load(new Blob([lines.map((line) => JSON.stringify(line)).join('\n')]).stream());
});
afterAll(() => on?.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const session = async (): Promise<string> => (await aSession(prod)).token;

/** Calls the API for objects of a project; `request` is a method and a path. */
function callerIn(projectId: string, token: string) {
  return async (request: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${prod.running.url}/api${path}`, {
      method,
      headers: {
        'x-mstr-authtoken': token,
        'x-mstr-projectid': projectId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  };
}

async function heldImport(): Promise<HeldImport> {
  const content = [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }];
  const held = await holdImport(prod, await approvedPackage(dev, prod, { content }));
  onTestFinished(() => held.close());
  return held;
}

it('lets edits of another project through, whoever waits, and keeps its own project and the configuration to itself', async () => {
  const token = await session();
  const inOther = callerIn(OTHER, token);
  const inImported = callerIn(PROJECT, token);
  const before = await dumpOf(prod, PROJECT);
  const held = await heldImport();

  // More of them than there are connections for.
  const waiting = Array.from({ length: 8 }, (_, index) =>
    inImported(`PUT /objects/${YEAR}?type=12`, { description: `too early ${index}` }),
  );
  const user = inImported('POST /users', { username: 'early', fullName: 'Too early', password: 'a long password' });
  const revenue = idOf('Revenue');
  const path = '/localesAndTranslations/1:0:/translationValues';
  const texts = { operationList: [{ op: 'add', path, value: { 1031: { translation: 'Erlös' } } }] };
  const acl = [{ op: 'ADD', trustee: WELL_KNOWN.everyone, rights: 199, inheritable: true }];
  const edits: [string, object?][] = [
    [`PUT /objects/${revenue}?type=4`, { description: 'changed' }],
    [`PUT /objects/${revenue}?type=4`, { acl }],
    [`PUT /objects/${idOf('Cost')}?type=4`, { folderId: idOf('Sales') }],
    [`POST /objects/${revenue}/copy?type=4`, {}],
    [`PUT /objects/${revenue}/certify?type=4&certify=true`],
    [`PATCH /objects/4/${revenue}/translations`, texts],
    ['POST /folders', { name: 'New', parent: idOf('Sales') }],
    ['POST /searchObjects', { name: 'Mine', location: idOf('Sales'), nameQuery: 'x' }],
    [`DELETE /objects/${idOf('Old')}?type=4`],
    ['POST /model/filters', { information: { name: 'Recent', destinationFolderId: idOf('Sales') }, qualification: {} }],
  ];
  for (const [request, body] of edits) {
    const { status, body: answer } = await inOther(request, body);
    expect([request, status, status < 300 ? '' : answer]).toEqual([request, expect.toSatisfy((s) => s < 300), '']);
  }
  const changeset = await inOther('POST /model/changesets?schemaEdit=true', {});
  expect(changeset.status).toBe(201);
  const own = { 'x-mstr-ms-changeset': String(changeset.body['id']) };
  const filter = { information: { name: 'Staged', destinationFolderId: idOf('Sales') }, qualification: {} };
  expect((await inOther('POST /model/filters', filter, own)).status).toBe(201);
  expect((await inOther(`POST /model/changesets/${own['x-mstr-ms-changeset']}/commit`, {}, own)).status).toBe(201);
  expect((await inOther(`DELETE /model/changesets/${own['x-mstr-ms-changeset']}`, undefined, own)).status).toBe(204);
  expect(await held.isRunning()).toBe(true);
  // What the import has written is not seen yet.
  expect(await dumpOf(prod, PROJECT)).toBe(before);

  for (const { status, body } of await Promise.all([...waiting, user])) {
    expect([status, body['message']]).toEqual([409, expect.stringContaining('being written by an import')]);
  }
  expect((await held.end()).importInfo.status).toBe('imported');
  expect((await inImported(`PUT /objects/${YEAR}?type=12`, { abbreviation: 'Y' })).status).toBe(200);
  expect((await undo(prod, held.record.id)).importInfo.status).toBe('undo_success');
  expect(await dumpOf(prod, PROJECT)).toBe(before);
});

it('goes on with an edit of its own project that has waited for its end', async () => {
  const inImported = callerIn(PROJECT, await session());
  const held = await heldImport();
  const waiting = inImported(`PUT /objects/${YEAR}?type=12`, { description: 'after the import' });
  expect((await held.end()).importInfo.status).toBe('imported');
  expect(await waiting).toMatchObject({ status: 200, body: { description: 'after the import' } });
});

it('imports into two projects and edits both at the same time, without a circle of waits', async () => {
  const record = await approvedPackage(dev, prod, {
    content: [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }],
    targetProjectId: OTHER,
    settings: { aclOnNewObjects: ['keep_acl_as_source_object'] },
  });
  const same = await approvedPackage(dev, prod, {
    content: [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }],
  });
  const token = await session();
  const calls = [callerIn(OTHER, token), callerIn(PROJECT, token)];
  const objects = [`${idOf('Revenue')}?type=4`, `${YEAR}?type=12`];
  const rights = [5, 69, 199, 255];
  const edits = rights.flatMap((each) =>
    calls.map((call, index) =>
      call(`PUT /objects/${objects[index]}`, {
        acl: [{ op: 'REPLACE', trustee: WELL_KNOWN.everyone, rights: each, inheritable: true }],
      }),
    ),
  );
  const imports = [record, same].map(async (one) => {
    await prod.client.migrations.import(one, { projectId: one.importInfo.project?.id, undoPackage: 'generate' });
    return prod.client.migrations.waitFor(one.id, isImported);
  });
  for (const { importInfo } of await Promise.all(imports))
    expect([importInfo.status, importInfo.message]).toEqual(['imported', '']);
  for (const { status, body } of await Promise.all(edits)) expect([status, body['message']]).toEqual([200, undefined]);
});

it('another server of the environment starts meanwhile, and answers', async () => {
  const release = await holdWrites(prod.config);
  try {
    const { client } = await on.serve({ ...prod.config, dataDirectory: join(on.folder, 'other-node') });
    expect((await client.projects.list()).map(({ id }) => id)).toContain(PROJECT);
  } finally {
    await release();
  }
});
