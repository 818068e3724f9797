import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '@longshore/server';
import { aConfig, PASSWORD, PROJECT, YEAR } from './two-environments.ts';

/** As much of a JSON schema, and of the OpenAPI document, as this test walks. */
interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}

let folder: string;
let server: RunningServer;
let token: string;
let operations: { method: string; path: string; operation: Operation }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-odd-'));
  server = await startServer(aConfig(folder, { sample: 'tutorial' }));
  const login = await send('POST', '/api/auth/login', {
    text: JSON.stringify({ username: 'Administrator', password: PASSWORD }),
  });
  token = (JSON.parse(login.text) as Record<string, string>)['X-MSTR-AuthToken'] ?? '';
  const document = JSON.parse((await send('GET', '/api/openapi.json')).text) as {
    paths: Record<string, Record<string, Operation>>;
  };
  operations = Object.entries(document.paths)
    .filter(([path]) => path !== '/api/auth/logout')
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Sent {
  readonly status: number;
  readonly text: string;
}

async function send(method: string, path: string, request: { text?: string; type?: string } = {}): Promise<Sent> {
  const { text, type = 'application/json' } = request;
  const response = await fetch(new URL(server.address).origin + path, {
    method,
    headers: {
      'x-mstr-projectid': PROJECT,
      ...(token === undefined ? {} : { 'x-mstr-authtoken': token }),
      ...(text === undefined ? {} : { 'content-type': type }),
    },
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, text: await response.text() };
}

/** No failure of the server, and every refusal in the form that clients read. */
async function expectSound(method: string, path: string, request?: { text?: string; type?: string }): Promise<void> {
  const { status, text } = await send(method, path, request);
  const what = `${method} ${path.slice(0, 200)} ${(request?.text ?? '').slice(0, 200)}: ${status} ${text.slice(0, 300)}`;
  expect(status, what).toBeLessThan(500);
  if (status < 400) return;
  expect(JSON.parse(text), what).toMatchObject({
    code: expect.stringMatching(/^ERR\d{3}$/),
    message: expect.stringMatching(/./),
    ticketId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
}

const fillPath = (path: string, value: string): string =>
  path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    name === 'migrationId' ? `${YEAR}:${YEAR}` : name === 'type' ? '12' : value,
  );

const ODD_TEXTS = [
  'x',
  '-1',
  '99999999999999999999',
  '%00',
  '%F0%9F%98%80',
  "';--",
  'a'.repeat(3000),
  'true,x',
  `${YEAR}%3B99`,
];
const ODD_VALUES = [null, 0, 1.5, 1e300, true, '', '\0', '\ud800', 'x'.repeat(2000), [], [null], ['x'], {}, { a: {} }];
/** For the fields of fields, of which there are many. */
const FEWER_VALUES = [null, 1.5, '\0', ['x'], {}];

describe('every operation of the API document', { timeout: 120_000 }, () => {
  it('takes any text in its path', async () => {
    for (const { method, path } of operations.filter((each) => each.path.includes('{'))) {
      for (const value of ['x', '%00', '..%2f..', '%ff', '%F0%9F%98%80', 'a'.repeat(300), '99999999999999999999']) {
        await expectSound(method, `${path.replace(/\{\w+\}/, value).replace(/\{\w+\}/g, YEAR)}?type=12`);
      }
    }
  });

  it('takes any text in its query', async () => {
    for (const { method, path, operation } of operations.filter((each) => each.method !== 'DELETE')) {
      const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
      for (const { name } of named) {
        const rest = named.filter((other) => other.required && other.name !== name);
        const query = rest.map((other) => `${other.name}=${/type/i.test(other.name) ? 12 : YEAR}`).join('&');
        for (const value of ODD_TEXTS) await expectSound(method, `${fillPath(path, YEAR)}?${query}&${name}=${value}`);
      }
    }
  });

  it('takes any JSON, and what is none, as its body', async () => {
    for (const { method, path, operation } of operations.filter((each) => each.operation.requestBody)) {
      const address = `${fillPath(path, YEAR)}?type=12`;
      for (const value of ODD_VALUES) await expectSound(method, address, { text: JSON.stringify(value) });
      for (const text of ['', '{', '"x', '{"__proto__":{"x":1}}', '['.repeat(50_000)])
        await expectSound(method, address, { text });
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'none',
      ]) {
        await expectSound(method, address, { text: 'a=1&b', type });
      }
      const schema = operation.requestBody?.content['application/json']?.schema;
      for (const body of schema ? oddBodies(schema, 0) : []) {
        await expectSound(method, address, { text: JSON.stringify(body) });
      }
    }
  });
});

/** Bodies in which one field, at any depth, holds what it should not. */
function* oddBodies(schema: Schema, depth: number): Generator {
  if (depth > 3) return;
  for (const option of [schema, ...(schema.anyOf ?? [])]) {
    for (const [name, field] of Object.entries(option.properties ?? {})) {
      for (const value of depth === 0 ? ODD_VALUES : FEWER_VALUES) yield { [name]: value };
      for (const value of oddBodies(field, depth + 1)) yield { [name]: value };
    }
    for (const value of option.items ? oddBodies(option.items, depth + 1) : []) yield [value];
  }
}

describe('what is not of the API', () => {
  it.each(['/api-docs/?fields=x', '/api/openapi.json?fields=info', '/healthz?fields=x'])('%s answers', async (path) => {
    expect((await send('GET', path)).status).toBe(200);
  });

  it.each(['/api-docs/index.html', '/MicroStrategyLibrary/api-docs/index.html', '/MicroStrategyLibrary/api-docs'])(
    '%s leads to the documentation',
    async (path) => {
      const { status, text } = await send('GET', path);
      expect([status, text.includes('swagger')]).toEqual([200, true]);
    },
  );

  it.each([
    ['GET /api/status HTTP/1.1\r\nHost: x\r\nNo Header: y\r\n\r\n', 400],
    [`GET /api/status HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
    ['\0\x01\x02\r\n\r\n', 400],
  ])('a request that is not HTTP is refused in the usual form', async (text, status) => {
    const answer = await new Promise<string>((resolve, reject) => {
      let received = '';
      const { hostname, port } = new URL(server.address);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.on('data', (bytes) => (received += bytes.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(answer.split('\r\n')[0]).toContain(` ${status} `);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'ERR006' });
  });
});
