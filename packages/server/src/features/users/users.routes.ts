import {
  CreateUserRequest,
  FieldsQuery,
  NoContent,
  OperationListRequest,
  PrincipalIdParams,
  PrincipalListQuery,
  PrincipalSummaryList,
  UserResponse,
} from '@longshore/contracts';
import { PRIVILEGE } from '../../platform/http/access.ts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { addPrincipalLinkRoutes } from './principal-links.routes.ts';
import { pageOf, sendPage } from './list-answers.ts';
import type { PrincipalService } from './principals.service.ts';
import type { UserService } from './users.service.ts';

const READ = { access: { kind: 'session' } } as const;
const MANAGE = { access: { kind: 'allOf', privileges: [PRIVILEGE.userManager] } } as const;
const tags = ['Users'];

/** Everything under /users (spec/api.md 2.13). */
export function userRoutes(users: UserService, principals: PrincipalService): Routes {
  return (app) => {
    addReadRoutes(app, users, principals);
    addWriteRoutes(app, users);
    addPrincipalLinkRoutes(app, principals, { kind: 'user', path: '/users', tags, noun: 'User', text: 'a user' });
  };
}

function addReadRoutes(app: TypedApp, users: UserService, principals: PrincipalService): void {
  app.get(
    '/users',
    {
      config: READ,
      schema: {
        operationId: 'getUsers',
        tags,
        summary: 'List users',
        description: 'The header x-mstr-total-count holds the number of all that match.',
        querystring: PrincipalListQuery,
        response: { 200: PrincipalSummaryList },
      },
    },
    async (request, reply) => {
      const { nameBegins, abbreviationBegins, id, ...page } = request.query;
      const filter = { nameBegins, abbreviationBegins, ids: id, ...pageOf(page) };
      return sendPage(reply, await principals.list(callerOf(request), 'user', filter));
    },
  );
  app.get(
    '/users/:id',
    {
      config: READ,
      schema: {
        operationId: 'getUser',
        tags,
        summary: 'One user',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        response: { 200: UserResponse },
      },
    },
    (request) => users.get(callerOf(request), request.params.id),
  );
}

function addWriteRoutes(app: TypedApp, users: UserService): void {
  app.post(
    '/users',
    {
      config: MANAGE,
      schema: {
        operationId: 'createUser',
        tags,
        summary: 'Create a user',
        body: CreateUserRequest,
        querystring: FieldsQuery,
        response: { 201: UserResponse },
      },
    },
    async (request, reply) => {
      const user = await users.create(callerOf(request), request.body);
      void reply.code(201);
      return user;
    },
  );
  app.patch(
    '/users/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'updateUser',
        tags,
        summary: 'Change a user by a list of operations',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        body: OperationListRequest,
        response: { 200: UserResponse },
      },
    },
    (request) => users.update(callerOf(request), request.params.id, request.body),
  );
  app.delete(
    '/users/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'deleteUser',
        tags,
        summary: 'Delete a user',
        params: PrincipalIdParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await users.remove(callerOf(request), request.params.id);
      return sendEmpty(reply, 204);
    },
  );
}
