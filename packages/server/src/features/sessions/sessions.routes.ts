import {
  FieldsQuery,
  NoContent,
  PrincipalIdParams,
  SessionPrivilege,
  SessionPrivilegeList,
  SessionResponse,
  UserInfoResponse,
} from '@longshore/contracts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { sessionToken } from './session-token.ts';
import type { SessionService } from './sessions.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Authentication'];

/** GET and PUT /sessions, and what the caller may do. */
export function sessionRoutes(sessions: SessionService): Routes {
  return (app) => {
    addSessionRoutes(app, sessions);
    addPrivilegeRoutes(app, sessions);
  };
}

function addSessionRoutes(app: TypedApp, sessions: SessionService): void {
  app.get(
    '/sessions',
    {
      config,
      schema: {
        operationId: 'getSession',
        tags,
        summary: 'Idle limit and settings of the session',
        querystring: FieldsQuery,
        response: { 200: SessionResponse },
      },
    },
    (request) => sessions.get(sessionToken(request), callerOf(request)),
  );
  app.put(
    '/sessions',
    {
      config,
      schema: {
        operationId: 'keepSessionAlive',
        tags,
        summary: 'Start the idle limit anew',
        response: { 204: NoContent },
      },
    },
    // Being authenticated has already done it.
    async (_request, reply) => sendEmpty(reply, 204),
  );
  app.get(
    '/sessions/userInfo',
    {
      config,
      schema: {
        operationId: 'getUserInfo',
        tags,
        summary: 'The user of the session',
        querystring: FieldsQuery,
        response: { 200: UserInfoResponse },
      },
    },
    async (request) => sessions.getUserInfo(callerOf(request)),
  );
}

function addPrivilegeRoutes(app: TypedApp, sessions: SessionService): void {
  app.get(
    '/sessions/privileges',
    {
      config,
      schema: {
        operationId: 'getSessionPrivileges',
        tags,
        summary: 'Every privilege and where the caller holds it',
        querystring: FieldsQuery,
        response: { 200: SessionPrivilegeList },
      },
    },
    async (request) => ({ privileges: await sessions.listPrivileges(callerOf(request)) }),
  );
  app.get(
    '/sessions/privileges/:id',
    {
      config,
      schema: {
        operationId: 'getSessionPrivilege',
        tags,
        summary: 'One privilege and where the caller holds it',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        response: { 200: SessionPrivilege },
      },
    },
    (request) => sessions.getPrivilege(callerOf(request), request.params.id),
  );
}
