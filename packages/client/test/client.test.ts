import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ApiError,
  ConnectionError,
  createClient,
  libraryUrl,
  type CreateMigrationBody,
  type Migration,
} from '../src/index.ts';
import { startStandIn, STAND_IN_PASSWORD, type StandIn, type StandInOptions } from './library-stand-in.ts';

const PROJECT = 'B19DEDCC11D4E0EFC000EB9495D0F44F';
const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';
const credentials = { kind: 'password', username: 'Administrator', password: STAND_IN_PASSWORD } as const;
const yearPackage: CreateMigrationBody = {
  packageInfo: {
    type: 'project',
    name: 'Year',
    environment: { id: 'http://source', name: 'source' },
    tocView: { settings: { defaultAction: 'replace' }, content: [{ id: YEAR, type: 12 }] },
  },
  importInfo: {},
};

const isCreated = (record: Migration): boolean => record.packageInfo.status === 'created';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function standIn(options?: StandInOptions): Promise<StandIn> {
  const server = await startStandIn(options);
  running.push(server);
  return server;
}

async function rawServer(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('Library URL', () => {
  it.each([
    'https://Host/MicroStrategyLibrary',
    'https://host/MicroStrategyLibrary/',
    'https://host/MicroStrategyLibrary/api',
    'https://host/MicroStrategyLibrary/api/',
  ])('reads %s', (text) => expect(libraryUrl(text)).toBe('https://host/MicroStrategyLibrary'));

  it.each(['', 'host:8080/x', '/MicroStrategyLibrary', 'ftp://host/x'])('refuses "%s"', (text) => {
    expect(() => libraryUrl(text)).toThrow(`"${text}" is no Library URL`);
  });
});

describe('session', () => {
  it('sends token and cookie of the login on every later call, and none to login and status', async () => {
    const server = await standIn();
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    await client.status();
    await client.projects.get(PROJECT);
    const [login, status, project] = server.calls;
    expect(login?.body).toMatchObject({ loginMode: 1, username: 'Administrator', password: STAND_IN_PASSWORD });
    expect(login?.headers['x-mstr-authtoken']).toBeUndefined();
    expect(status?.headers['x-mstr-authtoken']).toBeUndefined();
    expect(project?.headers).toMatchObject({ 'x-mstr-authtoken': 'token1', cookie: 'JSESSIONID=token1' });
  });

  it('reads the token from the body when the header is missing', async () => {
    const url = await rawServer((request, response) => {
      if (request.url === '/api/auth/login') response.end('{"X-MSTR-AuthToken":"from-body"}');
      else response.end(JSON.stringify([{ id: request.headers['x-mstr-authtoken'] }]));
    });
    const client = createClient({ baseUrl: url });
    await client.login(credentials);
    expect(await client.projects.list()).toEqual([{ id: 'from-body' }]);
  });

  it('logs in with an API token', async () => {
    const server = await standIn();
    const client = createClient({ baseUrl: server.url });
    await client.login({ kind: 'apiToken', apiToken: `token-of-${STAND_IN_PASSWORD}` });
    expect((await client.projects.get(PROJECT)).id).toBe(PROJECT);
  });

  it('logs in with an identity token at the delegate endpoint', async () => {
    const seen: (string | undefined)[] = [];
    const url = await rawServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.setHeader('X-MSTR-AuthToken', 't').writeHead(204).end();
    });
    await createClient({ baseUrl: url }).login({ kind: 'identityToken', identityToken: 'i' });
    expect(seen).toEqual(['POST /api/auth/delegate']);
  });

  it('logs in again once when the session has expired, also when several calls meet it at once', async () => {
    const server = await standIn();
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    server.expireSessions();
    const projects = await Promise.all([1, 2, 3].map(() => client.projects.get(PROJECT)));
    expect(projects).toHaveLength(3);
    expect(server.calls.filter((call) => call.path === '/auth/login')).toHaveLength(2);
  });

  it('gives up when the renewed session is refused too', async () => {
    let calls = 0;
    const url = await rawServer((request, response) => {
      if (request.url === '/api/auth/login') return void response.end('{"X-MSTR-AuthToken":"t"}');
      calls += 1;
      return void response.writeHead(401).end('{"code":"ERR009","message":"expired","ticketId":"1"}');
    });
    const client = createClient({ baseUrl: url });
    await client.login(credentials);
    await expect(client.projects.list()).rejects.toMatchObject({ status: 401, code: 'ERR009' });
    expect(calls).toBe(2);
  });

  it('throws the refusal of a login, and does not try it twice', async () => {
    const server = await standIn();
    const client = createClient({ baseUrl: server.url });
    const wrong = client.login({ ...credentials, password: 'wrong' });
    await expect(wrong).rejects.toThrow(ApiError);
    await expect(wrong).rejects.toMatchObject({
      status: 401,
      code: 'ERR003',
      message: 'Login failed',
      ticketId: 'c0ffee',
    });
    expect(server.calls).toHaveLength(1);
  });

  it('takes a logout of an expired session as done', async () => {
    const server = await standIn();
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    server.expireSessions();
    await client.logout();
    expect(server.calls.map((call) => call.path)).toEqual(['/auth/login', '/auth/logout']);
  });
});

describe('failures', () => {
  it('names a server that is not there', async () => {
    const server = await startStandIn();
    await server.close();
    const call = createClient({ baseUrl: server.url }).status();
    await expect(call).rejects.toThrow(ConnectionError);
    await expect(call).rejects.toThrow(`${server.url} cannot be reached`);
  });

  it('names a server that does not answer in time', async () => {
    const url = await rawServer(() => undefined);
    const call = createClient({ baseUrl: url, timeoutMs: 30 }).status();
    await expect(call).rejects.toThrow(`${url} did not answer within 0.03 s`);
  });

  it('says that something else than a Library server answered', async () => {
    const url = await rawServer((_, response) => response.setHeader('content-type', 'text/html').end('<html>'));
    await expect(createClient({ baseUrl: url }).status()).rejects.toThrow('with text/html instead of JSON');
  });

  it('keeps the status of an error that is no JSON', async () => {
    const url = await rawServer((_, response) => response.writeHead(502).end('<html>'));
    await expect(createClient({ baseUrl: url }).status()).rejects.toMatchObject({ status: 502, code: '' });
  });

  it('reads the error envelope of modeling endpoints', async () => {
    const url = await rawServer((_, response) =>
      response.writeHead(400).end('{"errors":[{"code":"8004cc4c","message":"no"}]}'),
    );
    await expect(createClient({ baseUrl: url }).status()).rejects.toMatchObject({ code: '8004cc4c', message: 'no' });
  });

  it('ends a call with the reason of its signal', async () => {
    const url = await rawServer(() => undefined);
    const stop = new AbortController();
    const call = createClient({ baseUrl: url }).status(stop.signal);
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});

describe('migrations', () => {
  it('creates with the project header, sends the whole record with replicated true, and deletes by package', async () => {
    const server = await standIn({ polls: 0 });
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    const { id, packageInfo } = await client.migrations.create(yearPackage, { projectId: PROJECT });
    await client.migrations.waitFor(id, isCreated);
    await client.migrations.patch(id, { importInfo: { importRequestStatus: 'requested' } });
    await client.migrations.patch(id, { importInfo: { importRequestStatus: 'approved' } });
    const record = await client.migrations.get(id, { show: 'all' });
    await client.migrations.import(record, { projectId: PROJECT, undoPackage: 'none' });
    await client.migrations.deletePackage(packageInfo.id);
    const [create, put, remove] = ['POST', 'PUT', 'DELETE'].map((method) =>
      server.calls.findLast((call) => call.method === method && call.path.startsWith('/migrations')),
    );
    expect(create?.headers['x-mstr-projectid']).toBe(PROJECT);
    expect(put).toMatchObject({
      path: `/migrations/${id}`,
      query: { generateUndo: 'false' },
      body: { id, packageInfo: { replicated: true, status: 'locked', tocView: yearPackage.packageInfo.tocView } },
    });
    expect(put?.headers['x-mstr-projectid']).toBe(PROJECT);
    expect(remove?.query).toEqual({ packageId: packageInfo.id });
  });

  it('waits longer from poll to poll, up to the longest wait, and shows every record', async () => {
    const server = await standIn({ polls: 9 });
    const waits: number[] = [];
    const client = createClient({ baseUrl: server.url, sleep: async (ms) => void waits.push(ms) });
    await client.login(credentials);
    const { id } = await client.migrations.create(yearPackage, { projectId: PROJECT });
    const seen: string[] = [];
    await client.migrations.waitFor(id, isCreated, {
      onPoll: (record) => seen.push(record.packageInfo.status),
    });
    expect(waits[0]).toBe(100);
    expect(waits.at(-1)).toBe(2000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(seen).toEqual([...Array.from({ length: 9 }, () => 'creating'), 'created']);
  });

  it('bridges a short loss of the server while it waits, not a long one', async () => {
    const server = await standIn({ polls: 2 });
    const client = createClient({ baseUrl: server.url, sleep: () => Promise.resolve() });
    await client.login(credentials);
    const { id } = await client.migrations.create(yearPackage, { projectId: PROJECT });
    server.breakNext(3);
    expect((await client.migrations.waitFor(id, isCreated)).packageInfo.status).toBe('created');
    server.breakNext(1000);
    await expect(client.migrations.waitFor(id, isCreated)).rejects.toThrow(ConnectionError);
  });

  it('stops waiting when asked to', async () => {
    const server = await standIn({ stuck: 'create' });
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    const { id } = await client.migrations.create(yearPackage, { projectId: PROJECT });
    const stop = new AbortController();
    const wait = client.migrations.waitFor(id, () => false, {
      signal: stop.signal,
      onPoll: () => stop.abort(new Error('stopped')),
    });
    await expect(wait).rejects.toThrow('stopped');
  });
});

describe('metadata', () => {
  it('streams a load and gives the counts', async () => {
    const server = await standIn();
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    const lines = ['{"kind":"project"}\n', '{"kind":"object"}\n'];
    const result = await client.metadata.load(ReadableStream.from(lines.map((line) => Buffer.from(line))));
    expect(result).toMatchObject({ projects: 1, objects: 1, bytes: lines.join('').length });
    expect(server.calls.at(-1)?.headers['content-type']).toBe('application/x-ndjson');
  });

  it('gives the refusal of a bad line though the body has not been read to its end', async () => {
    const url = await rawServer((request, response) => {
      if (request.url === '/api/auth/login') return void response.end('{"X-MSTR-AuthToken":"t"}');
      request.once('data', () =>
        response
          .writeHead(400, { connection: 'close' })
          .end('{"code":"ERR006","message":"Line 1: bad","ticketId":"1"}'),
      );
      return undefined;
    });
    const client = createClient({ baseUrl: url });
    await client.login(credentials);
    const chunk = new Uint8Array(64 * 1024);
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) });
    await expect(client.metadata.load(endless)).rejects.toMatchObject({ status: 400, message: 'Line 1: bad' });
  });

  it('streams a dump of one project', async () => {
    const server = await standIn({ dump: 'a\nb\n' });
    const client = createClient({ baseUrl: server.url });
    await client.login(credentials);
    expect(await new Response(await client.metadata.dump({ projectId: PROJECT })).text()).toBe('a\nb\n');
    expect(server.calls.at(-1)?.query).toEqual({ projectId: PROJECT });
  });
});
