import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
  type RouteOptions,
} from 'fastify';
import '@fastify/swagger';
import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { AppError, MESSAGES } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import type { IdSource } from '../ids.ts';
import { dropNulls } from './absent-values.ts';
import { checkAccess, type Caller, type RouteAccess } from './access.ts';
import { refusePackedBodies, registerJsonParser } from './body-checks.ts';
import { errorHandler } from './errors.ts';
import { malformedRequestHandler } from './malformed-request.ts';
import { normaliseQuery, selectedFields, selectFields } from './query.ts';
import { requestValidation } from './validation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Set on every route that is not public, before its handler runs. */
    caller: Caller | null;
  }
}

/** The app as features see it: schemas are TypeBox values, from which handlers get their types. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The routes of one feature; paths are written from `/api`, e.g. `/migrations/:id`. */
export type Routes = (app: TypedApp) => void;

/** A request that was answered, as far as anybody counts it. */
export interface Answered {
  readonly method: string;
  /** Template of the route, from `/api`; null where there is none. */
  readonly route: string | null;
  readonly status: number;
  readonly seconds: number;
}

export interface AppOptions {
  readonly ids: IdSource;
  readonly logger: FastifyBaseLogger | false;
  /** Origins whose pages may call the API from a browser; none unless they are given. */
  readonly allowedOrigins?: readonly string[];
  /** Finds the caller of a token; null when the session is unknown or has expired. */
  authenticate(token: string): Promise<Caller | null>;
  /** Told of each request when its answer is out. */
  readonly onAnswered?: (answer: Answered) => void;
  /** `fromStart`: the checks of requests are compiled once the app listens; absent: each with the first request for it. */
  readonly warmUp?: 'fromStart' | 'whenNeeded';
  /** What is answered where there is no route; the usual 404 unless it is given. */
  readonly notFound?: () => AppError;
}

/** Supervisors and monitors ask every few seconds, and nobody wants to read of it. */
const isProbe = ({ url }: FastifyRequest): boolean => /^\/(?:healthz|metrics)\b/.test(url);

/** Where the API stands (design/architecture.md 5). */
export const API_PREFIXES = ['/api', '/MicroStrategyLibrary/api'] as const;

/** Idle connections outlive a client's pauses between two polls; clients do not repeat a POST on a closed one. */
const KEEP_ALIVE_MS = 120_000;
/** Searches name many objects in the address. */
const MAX_HEADER_BYTES = 64 * 1024;
const DEFAULT_BODY_LIMIT = 1024 * 1024;
const PREFLIGHT_SECONDS = 600;

/** An app without routes: parsing, authentication, errors and headers as every route needs them. */
export function createApp(options: AppOptions): FastifyInstance {
  const app = Fastify({
    ...(options.logger === false ? { logger: false } : { loggerInstance: options.logger }),
    genReqId: () => options.ids.ticketId(),
    logController: new LogController({ requestIdLogLabel: 'ticketId', disableRequestLogging: isProbe }),
    bodyLimit: DEFAULT_BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 200 },
    exposeHeadRoutes: false,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    // A path that cannot be decoded fails before any route is found; its answer is like that of every other error.
    frameworkErrors: errorHandler(),
    clientErrorHandler: malformedRequestHandler(options.ids),
  });
  const validation = requestValidation();
  app.setValidatorCompiler(validation.compiler);
  if (options.warmUp === 'fromStart') app.addHook('onListen', async () => validation.compileInTurns());
  app.setErrorHandler(errorHandler());
  const { notFound = () => new AppError('noSuchEndpoint', MESSAGES.noSuchEndpoint) } = options;
  app.setNotFoundHandler(() => {
    throw notFound();
  });
  app.decorateRequest('caller', null);
  registerParsers(app);
  allowOrigins(app, options.allowedOrigins ?? []);
  app.after(() => registerHooks(app, options));
  tellAnswers(app, options.onAnswered);
  closeConnectionsAtEnd(app);
  return app;
}

/** Adds the routes of a feature under every API prefix; only the first is part of the OpenAPI document. */
export function addApiRoutes(app: FastifyInstance, routes: Routes): void {
  for (const [index, prefix] of API_PREFIXES.entries()) {
    void app.register(
      (scope, _options, done) => {
        scope.addHook('onRoute', requireAccessRule);
        if (index > 0) scope.addHook('onRoute', (route) => void (route.schema = { ...route.schema, hide: true }));
        routes(scope.withTypeProvider<TypeBoxTypeProvider>());
        done();
      },
      { prefix },
    );
  }
}

function requireAccessRule(route: RouteOptions): void {
  if (!route.config?.access) throw new Error(`Route ${String(route.method)} ${route.url} does not say who may use it.`);
}

function registerParsers(app: FastifyInstance): void {
  void app.register(formbody, { bodyLimit: 64 * 1024 });
  void app.register(helmet, {
    contentSecurityPolicy: {
      directives: { 'style-src': ["'self'", "'unsafe-inline'"], 'upgrade-insecure-requests': null },
    },
    hsts: false,
  });
  registerJsonParser(app);
  refusePackedBodies(app);
}

/**
 * Lets pages of the named origins call the API. They send the session token in a header, never a cookie, so credentials
 * stay off. Comes before the hooks that may refuse a call: a refusal must be readable to such a page too.
 */
function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  void app.register(cors, {
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['accept', 'content-type', 'prefer', 'x-mstr-authtoken', 'x-mstr-projectid'],
    exposedHeaders: ['x-mstr-authtoken', 'x-mstr-total-count', 'content-disposition'],
    maxAge: PREFLIGHT_SECONDS,
  });
}

function registerHooks(app: FastifyInstance, options: AppOptions): void {
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (!access || access.kind === 'public') return;
    const token = request.headers['x-mstr-authtoken'];
    request.caller = typeof token === 'string' ? await options.authenticate(token) : null;
    checkAccess(access, request.caller, projectHeader(request));
  });
  app.addHook('preValidation', async (request) => {
    if (request.query && typeof request.query === 'object') {
      normaliseQuery(request.query as Record<string, unknown>, request.routeOptions.schema?.querystring as never);
    }
    dropNulls(request.body, request.routeOptions.schema?.body as never);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    const names = selectedFields((request.query as Record<string, unknown> | undefined)?.['fields']);
    if (!names || reply.statusCode >= 400 || typeof payload !== 'string' || payload === '') return payload;
    if (!String(reply.getHeader('content-type')).startsWith('application/json')) return payload;
    return JSON.stringify(selectFields(JSON.parse(payload), names));
  });
}

function tellAnswers(app: FastifyInstance, onAnswered: AppOptions['onAnswered']): void {
  if (!onAnswered) return;
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url?.replace(API_PREFIXES[1], API_PREFIXES[0]) ?? null;
    onAnswered({ method: request.method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });
}

/**
 * Idle connections are closed when the server begins to close. One whose answer ends after that would be kept alive,
 * and the server would wait for its time-out; with a download the client even has all bytes before the answer ends.
 */
function closeConnectionsAtEnd(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onResponse', async () => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections());
  });
}

/** The project header in stored form, null when it is absent or is no id. */
export function projectHeader(request: FastifyRequest): string | null {
  const value = request.headers['x-mstr-projectid'];
  return typeof value === 'string' ? (parseObjectId(value.trim()) ?? null) : null;
}

/** @throws AppError `missing` (400 ERR005) without a project header, `invalid` when it holds no id. */
export function requireProject(request: FastifyRequest): string {
  if (request.headers['x-mstr-projectid'] === undefined) {
    throw new AppError('missing', 'The header X-MSTR-ProjectID is required for this request.');
  }
  const projectId = projectHeader(request);
  if (projectId === null) throw new AppError('invalid', 'The header X-MSTR-ProjectID must hold 32 hex digits.');
  return projectId;
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new AppError('unauthenticated', MESSAGES.sessionExpired);
  return request.caller;
}
