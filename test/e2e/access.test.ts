import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@longshore/server';
import { aConfig, PASSWORD, PROJECT, YEAR } from './two-environments.ts';

/** What the OpenAPI document says of one operation. */
interface Operation {
  readonly operationId: string;
  readonly 'x-longshore-access'?: { readonly kind: string; readonly privileges?: readonly string[] };
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly kind: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly code: string | undefined;
}

const PUBLIC_OBJECTS = '98FE182C2A10427EACE0CD30B6768258';
const NOBODY = { username: 'nobody', fullName: 'Nobody', password: 'a password of nobody' };

let folder: string;
let server: RunningServer;
let endpoints: readonly Endpoint[];
let administrator: string;
let nobody: string;
let metric: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-access-'));
  server = await startServer(aConfig(folder, { sample: 'tutorial' }));
  endpoints = await readEndpoints();
  administrator = await login('Administrator', PASSWORD);
  expect((await send('POST', '/api/users', { token: administrator, body: NOBODY })).status).toBe(201);
  nobody = await login(NOBODY.username, NOBODY.password);
  const found = await send('GET', '/api/searches/results?type=4&name=Profit', { token: administrator });
  metric = (JSON.parse(found.text) as { result: { id: string }[] }).result[0]?.id ?? '';
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function readEndpoints(): Promise<Endpoint[]> {
  const response = await fetch(`${server.address}/api/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      kind: operation['x-longshore-access']?.kind ?? 'unstated',
    })),
  );
}

async function login(username: string, password: string): Promise<string> {
  const { text } = await send('POST', '/api/auth/login', { body: { username, password } });
  return (JSON.parse(text) as { 'X-MSTR-AuthToken': string })['X-MSTR-AuthToken'];
}

interface Call {
  readonly token?: string;
  readonly body?: unknown;
}

async function send(method: string, path: string, { token, body }: Call = {}): Promise<Answer> {
  const response = await fetch(`${server.address}${path}`, {
    method,
    headers: {
      'x-mstr-projectid': PROJECT,
      ...(token === undefined ? {} : { 'x-mstr-authtoken': token }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
  const { code } = isJson ? (JSON.parse(text) as { code?: string }) : {};
  return { status: response.status, text, code };
}

/** A path with an id in each place; none of them is the id of anything. */
const filled = (path: string): string => {
  const id = '0'.repeat(31);
  return path.replaceAll(/\{(\w+)\}/g, (_place, name: string) =>
    name === 'migrationId' || name === 'groupId' ? `${id}A:${id}B` : `${id}A`,
  );
};

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

describe('every endpoint of the OpenAPI document', () => {
  it('says who may use it, and only login, delegation, status and the settings of the console are for everybody', () => {
    expect(endpoints.length).toBeGreaterThan(200);
    expect(endpoints.filter(({ kind }) => kind === 'unstated').map(nameOf)).toEqual([]);
    expect(endpoints.filter(({ kind }) => kind === 'public').map(nameOf)).toEqual([
      'POST /api/auth/login',
      'GET /api/auth/identityToken',
      'POST /api/auth/delegate',
      'GET /api/status',
      'GET /api/longshore/console',
    ]);
  });

  it.each(['', '/MicroStrategyLibrary'])(
    'refuses a call without a session and with an invented one: %s/api',
    async (prefix) => {
      for (const endpoint of endpoints.filter(({ kind }) => kind !== 'public')) {
        for (const call of [{}, { token: 'v'.repeat(26) }]) {
          const { status, code } = await send(endpoint.method, prefix + filled(endpoint.path), call);
          expect([nameOf(endpoint), status, code]).toEqual([nameOf(endpoint), 401, 'ERR009']);
        }
      }
    },
  );

  it('refuses a user without the privileges that it states, before it looks at anything else', async () => {
    const guarded = endpoints.filter(({ kind }) => ['administrator', 'allOf', 'anyOf'].includes(kind));
    expect(guarded.length).toBeGreaterThan(40);
    for (const endpoint of guarded) {
      const { status, code, text } = await send(endpoint.method, filled(endpoint.path), { token: nobody });
      expect([nameOf(endpoint), status, code]).toEqual([nameOf(endpoint), 403, 'ERR014']);
      const [first = 'Administer environment'] = endpoint.operation['x-longshore-access']?.privileges ?? [];
      expect(text).toContain(`You do not have ${first}`);
    }
  });

  it('answers an administrator who sends no body and made-up ids without failing', async () => {
    for (const endpoint of endpoints.filter(({ path }) => path !== '/api/auth/logout')) {
      const { status, text } = await send(endpoint.method, filled(endpoint.path), { token: administrator });
      expect([nameOf(endpoint), status < 500, text]).toEqual([nameOf(endpoint), true, text]);
    }
  });
});

/**
 * Changes that any session may ask for, each as a request that is right in every other way: what is refused is refused
 * because of rights on objects or a privilege that depends on the request.
 */
const GUARDED_BY_SERVICES: Readonly<Record<string, () => { path: string; body?: unknown }>> = {
  postFolder: () => ({ path: 'POST /api/folders', body: { name: 'New', parent: PUBLIC_OBJECTS } }),
  deleteFolder: () => ({ path: `DELETE /api/folders/${PUBLIC_OBJECTS}` }),
  updateObject: () => ({ path: `PUT /api/objects/${metric}?type=4`, body: { name: 'Mine' } }),
  changeAcl: () => ({
    path: `PUT /api/objects/${metric}?type=4`,
    body: { acl: [{ op: 'ADD', trustee: 'C82C6B1011D2894CC0009D9F29718E4F', rights: 255 }] },
  }),
  deleteObject: () => ({ path: `DELETE /api/objects/${metric}?type=4` }),
  deleteObjects: () => ({ path: 'DELETE /api/objects', body: [{ id: metric, type: 4 }] }),
  copyObject: () => ({ path: `POST /api/objects/${metric}/copy?type=4`, body: { folderId: PUBLIC_OBJECTS } }),
  certifyObject: () => ({ path: `PUT /api/objects/${metric}/certify?type=4&certify=true` }),
  updateTranslations: () => ({
    path: `PATCH /api/objects/metric/${metric}/translations`,
    body: {
      operationList: [
        {
          op: 'add',
          path: '/localesAndTranslations/1:0:/translationValues',
          value: { '1031': { translation: 'Gewinn' } },
        },
      ],
    },
  }),
  createSearchObject: () => ({ path: 'POST /api/searchObjects', body: { name: 'Mine', folderId: PUBLIC_OBJECTS } }),
  createMetric: () => ({
    path: 'POST /api/model/metrics',
    body: { information: { name: 'Mine', destinationFolderId: PUBLIC_OBJECTS } },
  }),
  patchAttribute: () => ({ path: `PATCH /api/model/attributes/${YEAR}`, body: { information: { name: 'Mine' } } }),
  putRelationships: () => ({
    path: `PUT /api/model/systemHierarchy/attributes/${YEAR}/relationships`,
    body: { relationships: [] },
  }),
  lockSchemaByChangeset: () => ({ path: 'POST /api/model/changesets?schemaEdit=true' }),
  lockSchema: () => ({ path: 'POST /api/model/schema/lock', body: { lockType: 'absolute_individual' } }),
  reloadSchema: () => ({ path: 'POST /api/model/schema/reload', body: { updateTypes: [] } }),
  lockProject: () => ({
    path: `PUT /api/projects/${PROJECT}/lock`,
    body: { lockType: 'temporal_individual', lockId: 'mine' },
  }),
  lockConfiguration: () => ({
    path: 'PUT /api/iserver/lock',
    body: { lockType: 'temporal_individual', lockId: 'mine' },
  }),
  addLanguage: () => ({ path: 'POST /api/languages', body: { name: 'Mine', baseLanguageLcid: 1033 } }),
  tokenOfAnother: () => ({
    path: 'POST /api/auth/apiTokens',
    body: { userId: '54F3D26011D2896560009A8E67019608' },
  }),
};

describe('a change that depends on rights', () => {
  it.each(Object.keys(GUARDED_BY_SERVICES))('is refused to a user without any: %s', async (name) => {
    const { path = '', body } = GUARDED_BY_SERVICES[name]?.() ?? {};
    const [method = '', url = ''] = path.split(' ');
    const before = await dump();
    const { status, code, text } = await send(method, url, { token: nobody, body });
    expect([status, code], text).toEqual([403, expect.stringMatching(/^ERR01[47]$/)]);
    expect(await dump()).toBe(before);
  });
});

const dump = async (): Promise<string> =>
  (await send('GET', `/api/longshore/metadata?projectId=${PROJECT}`, { token: administrator })).text;
