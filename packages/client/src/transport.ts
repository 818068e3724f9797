import { createCookieJar, type CookieJar } from './cookies.ts';
import { ApiError, ConnectionError, readApiError } from './errors.ts';
import { libraryUrl, queryString, type QueryValue } from './library-url.ts';

export type Fetch = typeof globalThis.fetch;

/** One call and its answer, for those who show or count calls. */
export interface CallInfo {
  readonly method: string;
  /** From `/api` on, with the query. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

export interface TransportOptions {
  /** Library URL, with or without `/api` and a trailing slash. */
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  /** Longest wait for an answer in milliseconds, 60 s when absent; ten times that for whole records. Streams have none. */
  readonly timeoutMs?: number;
  readonly onCall?: (call: CallInfo) => void;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call {
  readonly method: HttpMethod;
  /** From the API root on, e.g. `/migrations`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly json?: unknown;
  /** A body of any size; such a call has no time limit and is never repeated. */
  readonly stream?: ReadableStream<Uint8Array>;
  /** A form with files, for uploads; has no time limit. */
  readonly form?: FormData;
  /** Becomes the header X-MSTR-ProjectID. */
  readonly projectId?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** `open` calls carry no token; `long` ones carry whole records and may take minutes; `download` ones any time. */
  readonly kind?: 'open' | 'long' | 'download';
}

/** The session of a transport: its token and how to get another one when that has expired. */
export interface SessionState {
  token: string | null;
  renew: (() => Promise<void>) | null;
}

/** A page of a list, and how many items there are in all. */
export interface CountedPage<Item> {
  readonly total: number;
  readonly items: readonly Item[];
}

/** Calls to one server. Every method throws ApiError, ConnectionError, or the abort reason of the call's signal. */
export interface Transport {
  readonly libraryUrl: string;
  readonly session: SessionState;
  /** The answer, 2xx. */
  send(call: Call): Promise<Response>;
  /** The JSON body of the answer. */
  json<Body>(call: Call): Promise<Body>;
  /** The same, and the number of all items in the list that the answer is a page of (spec/api.md 1.8). */
  page<Item>(call: Call): Promise<CountedPage<Item>>;
  /** For answers without a body. */
  done(call: Call): Promise<void>;
  forgetCookies(): void;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const LONG_FACTOR = 10;

interface Wire {
  readonly url: string;
  readonly options: TransportOptions;
  readonly session: SessionState;
  readonly cookies: CookieJar;
}

export function createTransport(options: TransportOptions): Transport {
  const url = libraryUrl(options.baseUrl);
  const wire: Wire = { url, options, session: { token: null, renew: null }, cookies: createCookieJar() };
  const renewOnce = singleFlight(() => wire.session.renew?.() ?? Promise.resolve());
  const send = async (call: Call): Promise<Response> => {
    const used = wire.session.token;
    let response = await attempt(wire, call);
    if (response.status === 401 && mayRepeat(wire, call)) {
      await response.body?.cancel();
      // Another call may have logged in again while this one was on its way.
      if (wire.session.token === used) await renewOnce();
      response = await attempt(wire, call);
    }
    if (!response.ok) throw await readApiError(response, `${call.method} ${url}/api${call.path}`);
    return response;
  };
  return {
    libraryUrl: url,
    session: wire.session,
    send,
    json: async <Body>(call: Call) => readJson<Body>(await send(call), url, call),
    async page<Item>(call: Call): Promise<CountedPage<Item>> {
      const response = await send(call);
      const items = await readJson<readonly Item[]>(response, url, call);
      const total = Number(response.headers.get('x-mstr-total-count') ?? Number.NaN);
      return { total: Number.isInteger(total) ? total : items.length, items };
    },
    async done(call) {
      const response = await send(call);
      await response.body?.cancel();
    },
    forgetCookies: () => wire.cookies.clear(),
  };
}

const mayRepeat = (wire: Wire, call: Call): boolean =>
  call.kind !== 'open' && call.stream === undefined && wire.session.renew !== null;

async function attempt(wire: Wire, call: Call): Promise<Response> {
  const path = `/api${call.path}${queryString(call.query)}`;
  const started = performance.now();
  const response = await reach(wire, `${wire.url}${path}`, call);
  wire.cookies.keep(response);
  wire.options.onCall?.({
    method: call.method,
    path,
    status: response.status,
    milliseconds: performance.now() - started,
  });
  return response;
}

async function reach(wire: Wire, url: string, call: Call): Promise<Response> {
  const fetch = wire.options.fetch ?? globalThis.fetch;
  const limit = timeLimit(call, wire.options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    return await fetch(url, requestInit(wire, call, limit));
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    const why = isTimeout(error)
      ? `did not answer within ${(limit ?? 0) / 1000} s`
      : `cannot be reached (${causeOf(error)})`;
    throw new ConnectionError(wire.url, `${wire.url} ${why}. Is the server running, and is the URL right?`, error);
  }
}

function timeLimit(call: Call, usual: number): number | undefined {
  if (call.stream || call.form || call.kind === 'download') return undefined;
  return call.kind === 'long' ? usual * LONG_FACTOR : usual;
}

function requestInit(wire: Wire, call: Call, limit: number | undefined): RequestInit {
  const body = call.stream ?? call.form ?? (call.json === undefined ? undefined : JSON.stringify(call.json));
  const signals = [call.signal, limit === undefined ? undefined : AbortSignal.timeout(limit)].filter(
    (s) => s !== undefined,
  );
  return {
    method: call.method,
    headers: {
      accept: 'application/json',
      ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.kind === 'open' ? {} : wire.cookies.header()),
      ...(call.kind === 'open' || wire.session.token === null ? {} : { 'x-mstr-authtoken': wire.session.token }),
      ...(call.projectId ? { 'x-mstr-projectid': call.projectId } : {}),
      ...call.headers,
    },
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    ...(body === undefined ? {} : { body }),
    // A streamed body needs it: the answer is read after the body has been sent.
    ...(call.stream ? ({ duplex: 'half' } as object) : {}),
  };
}

async function readJson<Body>(response: Response, url: string, call: Call): Promise<Body> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    throw new ConnectionError(url, `${url} broke off its answer to ${call.method} ${call.path}.`, error);
  }
  try {
    return JSON.parse(text) as Body;
  } catch (error) {
    const type = response.headers.get('content-type') ?? 'no content type';
    const message = `${url} answered ${call.method} ${call.path} with ${type} instead of JSON. Is this the URL of a Library server?`;
    throw new ConnectionError(url, message, error);
  }
}

/** Calls that come while one is running share its outcome. */
function singleFlight(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work().finally(() => (running = null));
    return running;
  };
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

/** `fetch failed` says nothing; the reason is in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return causeOf(cause.errors[0]);
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** True for what may pass by itself: no answer, or a server that is starting or overloaded. */
export function isTransient(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ApiError && [429, 502, 503, 504].includes(error.status));
}
