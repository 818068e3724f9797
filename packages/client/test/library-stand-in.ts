import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createRecords, Refused, type Records, type Refusal, type Script } from './stand-in-records.ts';

/** A call as the stand-in saw it. `path` is without the prefix and the query. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface StandInOptions extends Partial<Script> {
  readonly password?: string;
  /** Refusals by `METHOD /path`, the path without ids: `PUT /migrations`. */
  readonly refuse?: Readonly<Record<string, Refusal>>;
  /** The dump before and after an import has been done. */
  readonly dump?: string;
  readonly dumpAfterImport?: string;
}

/** A server that plays the Library API for tests of the client and of the command. */
export interface StandIn {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  /** Ends all sessions, as an idle time-out does. */
  expireSessions(): void;
  /** Breaks the connection of the next calls without an answer. */
  breakNext(calls: number): void;
  close(): Promise<void>;
}

interface State {
  readonly options: StandInOptions;
  readonly records: Records;
  readonly tokens: Set<string>;
  readonly calls: SeenCall[];
  broken: number;
  logins: number;
}

const PREFIX = '/MicroStrategyLibrary/api';
export const STAND_IN_PASSWORD = 'secret';

export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const state: State = {
    options,
    records: createRecords({ polls: 1, ...options }),
    tokens: new Set(),
    calls: [],
    broken: 0,
    logins: 0,
  };
  const server = createServer((request, response) => void answer(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/MicroStrategyLibrary`,
    calls: state.calls,
    expireSessions: () => state.tokens.clear(),
    breakNext: (calls) => void (state.broken = calls),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (state.broken > 0) {
    state.broken -= 1;
    request.destroy();
    return;
  }
  const url = new URL(request.url ?? '/', 'http://stand-in');
  try {
    if (!url.pathname.startsWith(PREFIX)) throw new Refused(404, 'ERR004', 'HTTP 404 Not Found');
    const path = decodeURIComponent(url.pathname.slice(PREFIX.length));
    const raw = await text(request);
    const isJson = request.headers['content-type'] === 'application/json';
    const body: unknown = isJson && raw !== '' ? JSON.parse(raw) : raw;
    const call: SeenCall = {
      method: request.method ?? '',
      path,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body,
    };
    state.calls.push(call);
    reply(state, call, response);
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusal : { status: 500, code: 'ERR001', message: String(error) };
    const { status, code, message } = refusal;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code, message, ticketId: 'c0ffee' }));
  }
}

function reply(state: State, call: SeenCall, response: ServerResponse): void {
  const family = call.path.split('/')[1] ?? '';
  const refuse = state.options.refuse ?? {};
  const refusal = refuse[`${call.method} /${family}`] ?? refuse[`${call.method} ${call.path}`];
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal.message);
  if (call.path === '/auth/login') login(state, call, response);
  else if (call.path === '/status') send(response, 200, { iServerVersion: '11.6.0700.00001', webVersion: '11.6' });
  else replyInSession(state, call, response);
}

function replyInSession(state: State, call: SeenCall, response: ServerResponse): void {
  const [, family = '', id = ''] = call.path.split('/');
  const token = String(call.headers['x-mstr-authtoken'] ?? '');
  if (!state.tokens.has(token)) {
    throw new Refused(401, 'ERR009', "The user's session has expired, please reauthenticate");
  }
  switch (family) {
    case 'auth':
      state.tokens.delete(token);
      return send(response, 204);
    case 'projects':
      return send(response, 200, { id, name: 'MicroStrategy Tutorial', status: 0 });
    case 'longshore':
      return metadata(state, call, response);
    case 'migrations':
      return migrations(state, call, id, response);
    default:
      throw new Refused(404, 'ERR004', 'HTTP 404 Not Found');
  }
}

function login(state: State, call: SeenCall, response: ServerResponse): void {
  const { password, loginMode, username } = call.body as Record<string, unknown>;
  const right = state.options.password ?? STAND_IN_PASSWORD;
  const good = loginMode === 4096 ? username === `token-of-${right}` : password === right;
  if (!good) throw new Refused(401, 'ERR003', 'Login failed');
  const token = `token${++state.logins}`;
  state.tokens.add(token);
  response.setHeader('x-mstr-authtoken', token);
  response.setHeader('set-cookie', [`JSESSIONID=${token}; Path=/; HttpOnly`]);
  send(response, 200, { 'X-MSTR-AuthToken': token });
}

function migrations(state: State, call: SeenCall, id: string, response: ServerResponse): void {
  const { records } = state;
  const body = call.body as Record<string, unknown>;
  const packageId = call.query['packageId'];
  switch (call.method) {
    case 'POST':
      return send(response, 201, packageId === undefined ? records.create(body) : records.reuse(packageId, body));
    case 'PUT':
      return send(response, 201, records.put(id, body));
    case 'PATCH':
      return send(response, 200, records.patch(id, body));
    case 'DELETE':
      records.delete(packageId ?? '');
      return send(response, 204);
    default:
      return send(response, 200, id === '' ? { total: records.list().length, data: records.list() } : records.read(id));
  }
}

function metadata(state: State, call: SeenCall, response: ServerResponse): void {
  if (call.method === 'POST') {
    const lines = String(call.body).trim().split('\n');
    const bad = lines.findIndex((line) => line === 'bad');
    if (bad >= 0) throw new Refused(400, 'ERR006', `Line ${bad + 1}: not a JSON object.`);
    const bytes = Buffer.byteLength(String(call.body));
    return send(response, 200, {
      projects: 1,
      objects: lines.length - 1,
      created: lines.length - 1,
      updated: 0,
      bytes,
    });
  }
  const imported = state.records.list().some((record) => record.importInfo.status === 'imported');
  const { dump = '', dumpAfterImport = dump } = state.options;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.end(imported ? dumpAfterImport : dump);
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
