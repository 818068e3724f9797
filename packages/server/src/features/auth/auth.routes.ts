import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ApiTokenRequest,
  ApiTokenResponse,
  DelegateRequest,
  IdentityTokenHeaders,
  LoginRequest,
  LoginResponse,
  NoContent,
} from '@longshore/contracts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { OpenedSession } from '../sessions/session-store.ts';
import { sessionToken } from '../sessions/session-token.ts';
import type { AuthService } from './auth.service.ts';

const PUBLIC = { access: { kind: 'public' } } as const;
const SESSION = { access: { kind: 'session' } } as const;
const tags = ['Authentication'];

/** Everything under /auth (spec/api.md 2.1). */
export function authRoutes(auth: AuthService): Routes {
  return (app) => {
    addLoginRoutes(app, auth);
    addIdentityTokenRoutes(app, auth);
    addTokenRoutes(app, auth);
  };
}

function addLoginRoutes(app: TypedApp, auth: AuthService): void {
  app.post(
    '/auth/login',
    {
      config: PUBLIC,
      schema: {
        operationId: 'postLogin',
        tags,
        summary: 'Open a session',
        description: 'Takes JSON or a form. With the header `Prefer: return=minimal` the answer is 204 without a body.',
        body: LoginRequest,
        response: { 200: LoginResponse, 204: NoContent },
      },
    },
    async (request, reply) => {
      const opened = await auth.login(request.body);
      announce(reply, opened);
      if (!wantsMinimal(request)) return { 'X-MSTR-AuthToken': opened.token };
      return sendEmpty(reply, 204);
    },
  );
  app.post(
    '/auth/logout',
    {
      config: SESSION,
      schema: { operationId: 'postLogout', tags, summary: 'Close the session', response: { 204: NoContent } },
    },
    async (request, reply) => {
      await auth.logout(sessionToken(request));
      return sendEmpty(reply, 204);
    },
  );
}

function addIdentityTokenRoutes(app: TypedApp, auth: AuthService): void {
  app.post(
    '/auth/identityToken',
    {
      config: SESSION,
      schema: {
        operationId: 'createIdentityToken',
        tags,
        summary: 'Make a token by which another session can be opened',
        response: { 201: NoContent },
      },
    },
    async (request, reply) => {
      const token = await auth.createIdentityToken(callerOf(request));
      void reply.header('X-MSTR-IdentityToken', token);
      return sendEmpty(reply, 201);
    },
  );
  app.get(
    '/auth/identityToken',
    {
      config: PUBLIC,
      schema: {
        operationId: 'validateIdentityToken',
        tags,
        summary: 'Whether an identity token is valid',
        headers: IdentityTokenHeaders,
        response: { 200: NoContent },
      },
    },
    async (request, reply) => {
      const token = request.headers['x-mstr-identitytoken'] ?? '';
      await auth.checkIdentityToken(token);
      void reply.header('X-MSTR-IdentityToken', token);
      return sendEmpty(reply, 200);
    },
  );
  app.post(
    '/auth/delegate',
    {
      config: PUBLIC,
      schema: {
        operationId: 'postDelegate',
        tags,
        summary: 'Open a session by an identity token',
        body: DelegateRequest,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      announce(reply, await auth.delegate(request.body));
      return sendEmpty(reply, 204);
    },
  );
}

function addTokenRoutes(app: TypedApp, auth: AuthService): void {
  app.get(
    '/auth/token',
    {
      config: SESSION,
      schema: { operationId: 'getToken', tags, summary: 'The token of the session', response: { 204: NoContent } },
    },
    async (request, reply) => {
      void reply.header('X-MSTR-AuthToken', sessionToken(request));
      return sendEmpty(reply, 204);
    },
  );
  app.post(
    '/auth/apiTokens',
    {
      config: SESSION,
      schema: {
        operationId: 'createApiToken',
        tags,
        summary: 'Make a lasting token for the caller or for another user',
        body: ApiTokenRequest,
        response: { 200: ApiTokenResponse },
      },
    },
    async (request) => ({ apiToken: await auth.createApiToken(callerOf(request), request.body?.userId) }),
  );
}

/** The cookie is for clients that expect one; the token alone decides. */
function announce(reply: FastifyReply, opened: OpenedSession): void {
  void reply.header('X-MSTR-AuthToken', opened.token);
  void reply.header('Set-Cookie', `JSESSIONID=${opened.sessionId}; Path=/; HttpOnly; SameSite=Lax`);
}

function wantsMinimal(request: FastifyRequest): boolean {
  const prefer = request.headers['prefer'];
  return typeof prefer === 'string' && prefer.toLowerCase().replaceAll(' ', '').includes('return=minimal');
}
