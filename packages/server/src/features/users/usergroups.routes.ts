import {
  CreateUserGroupRequest,
  FieldsQuery,
  NoContent,
  OperationListRequest,
  PageQuery,
  PrincipalIdParams,
  PrincipalListQuery,
  PrincipalSummaryList,
  ReplaceUserGroupRequest,
  UserGroupResponse,
} from '@longshore/contracts';
import { PRIVILEGE } from '../../platform/http/access.ts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { addPrincipalLinkRoutes } from './principal-links.routes.ts';
import { pageOf, sendPage } from './list-answers.ts';
import type { PrincipalService } from './principals.service.ts';
import type { UserGroupService } from './usergroups.service.ts';

const READ = { access: { kind: 'session' } } as const;
const MANAGE = { access: { kind: 'allOf', privileges: [PRIVILEGE.userManager] } } as const;
const tags = ['User Groups'];

const GROUPS = { kind: 'userGroup', path: '/usergroups', tags, noun: 'UserGroup', text: 'a user group' } as const;

/** Everything under /usergroups (spec/api.md 2.13). */
export function userGroupRoutes(groups: UserGroupService, principals: PrincipalService): Routes {
  return (app) => {
    addReadRoutes(app, groups, principals);
    addWriteRoutes(app, groups);
    addMemberRoutes(app, principals);
    addPrincipalLinkRoutes(app, principals, GROUPS);
  };
}

function addReadRoutes(app: TypedApp, groups: UserGroupService, principals: PrincipalService): void {
  app.get(
    '/usergroups',
    {
      config: READ,
      schema: {
        operationId: 'getUserGroups',
        tags,
        summary: 'List user groups',
        description: 'The header x-mstr-total-count holds the number of all that match.',
        querystring: PrincipalListQuery,
        response: { 200: PrincipalSummaryList },
      },
    },
    async (request, reply) => {
      const { nameBegins, abbreviationBegins, id, ...page } = request.query;
      const filter = { nameBegins, abbreviationBegins, ids: id, ...pageOf(page) };
      return sendPage(reply, await principals.list(callerOf(request), 'userGroup', filter));
    },
  );
  app.get(
    '/usergroups/topLevel',
    {
      config: READ,
      schema: {
        operationId: 'getTopLevelUserGroups',
        tags,
        summary: 'List the user groups that are in no other group',
        querystring: PageQuery,
        response: { 200: PrincipalSummaryList },
      },
    },
    async (request, reply) =>
      sendPage(reply, await principals.listTopLevelGroups(callerOf(request), pageOf(request.query))),
  );
  app.get(
    '/usergroups/:id',
    {
      config: READ,
      schema: {
        operationId: 'getUserGroup',
        tags,
        summary: 'One user group',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        response: { 200: UserGroupResponse },
      },
    },
    (request) => groups.get(callerOf(request), request.params.id),
  );
}

function addWriteRoutes(app: TypedApp, groups: UserGroupService): void {
  app.post(
    '/usergroups',
    {
      config: MANAGE,
      schema: {
        operationId: 'createUserGroup',
        tags,
        summary: 'Create a user group',
        body: CreateUserGroupRequest,
        querystring: FieldsQuery,
        response: { 201: UserGroupResponse },
      },
    },
    async (request, reply) => {
      const group = await groups.create(callerOf(request), request.body);
      void reply.code(201);
      return group;
    },
  );
  app.patch(
    '/usergroups/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'updateUserGroup',
        tags,
        summary: 'Change a user group by a list of operations',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        body: OperationListRequest,
        response: { 200: UserGroupResponse },
      },
    },
    (request) => groups.update(callerOf(request), request.params.id, request.body),
  );
  app.put(
    '/usergroups/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'replaceUserGroup',
        tags,
        summary: 'Set properties and lists of a user group; what is left out stays',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        body: ReplaceUserGroupRequest,
        response: { 200: UserGroupResponse },
      },
    },
    (request) => groups.replace(callerOf(request), request.params.id, request.body),
  );
  addDeleteRoute(app, groups);
}

function addDeleteRoute(app: TypedApp, groups: UserGroupService): void {
  app.delete(
    '/usergroups/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'deleteUserGroup',
        tags,
        summary: 'Delete a user group; its members stay',
        params: PrincipalIdParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await groups.remove(callerOf(request), request.params.id);
      return sendEmpty(reply, 204);
    },
  );
}

function addMemberRoutes(app: TypedApp, principals: PrincipalService): void {
  app.get(
    '/usergroups/:id/members',
    {
      config: READ,
      schema: {
        operationId: 'getUserGroupMembers',
        tags,
        summary: 'The users and groups in a user group',
        description: 'The group Everyone holds every user. The header x-mstr-total-count holds the number of all.',
        params: PrincipalIdParams,
        querystring: PageQuery,
        response: { 200: PrincipalSummaryList },
      },
    },
    async (request, reply) =>
      sendPage(reply, await principals.listMembers(callerOf(request), request.params.id, pageOf(request.query))),
  );
}
