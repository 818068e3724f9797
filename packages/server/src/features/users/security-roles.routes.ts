import {
  CreatedRef,
  CreateSecurityRoleRequest,
  FieldsQuery,
  NoContent,
  OperationListRequest,
  PageQuery,
  PrincipalIdParams,
  SecurityRoleResponse,
  SecurityRoleSummaryList,
} from '@longshore/contracts';
import { PRIVILEGE } from '../../platform/http/access.ts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { pageOf, sendPage } from './list-answers.ts';
import type { SecurityRoleService } from './security-roles.service.ts';

const READ = { access: { kind: 'session' } } as const;
const MANAGE = { access: { kind: 'allOf', privileges: [PRIVILEGE.userManager] } } as const;
const tags = ['Security Roles'];

/** Everything under /securityRoles (spec/api.md 2.13). */
export function securityRoleRoutes(roles: SecurityRoleService): Routes {
  return (app) => {
    addReadRoutes(app, roles);
    addWriteRoutes(app, roles);
  };
}

function addReadRoutes(app: TypedApp, roles: SecurityRoleService): void {
  app.get(
    '/securityRoles',
    {
      config: READ,
      schema: {
        operationId: 'getSecurityRoles',
        tags,
        summary: 'List security roles',
        querystring: PageQuery,
        response: { 200: SecurityRoleSummaryList },
      },
    },
    async (request, reply) => sendPage(reply, await roles.list(callerOf(request), pageOf(request.query))),
  );
  app.get(
    '/securityRoles/:id',
    {
      config: READ,
      schema: {
        operationId: 'getSecurityRole',
        tags,
        summary: 'One security role, its privileges, and who has it in which project',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        response: { 200: SecurityRoleResponse },
      },
    },
    (request) => roles.get(callerOf(request), request.params.id),
  );
}

function addWriteRoutes(app: TypedApp, roles: SecurityRoleService): void {
  app.post(
    '/securityRoles',
    {
      config: MANAGE,
      schema: {
        operationId: 'createSecurityRole',
        tags,
        summary: 'Create a security role',
        body: CreateSecurityRoleRequest,
        response: { 201: CreatedRef },
      },
    },
    async (request, reply) => {
      const id = await roles.create(callerOf(request), request.body);
      void reply.code(201).header('Location', `/api/securityRoles/${id}`);
      return { id };
    },
  );
  app.patch(
    '/securityRoles/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'updateSecurityRole',
        tags,
        summary: 'Change a security role, or who has it in a project',
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        body: OperationListRequest,
        response: { 200: SecurityRoleResponse },
      },
    },
    (request) => roles.update(callerOf(request), request.params.id, request.body),
  );
  app.delete(
    '/securityRoles/:id',
    {
      config: MANAGE,
      schema: {
        operationId: 'deleteSecurityRole',
        tags,
        summary: 'Delete a security role',
        params: PrincipalIdParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await roles.remove(callerOf(request), request.params.id);
      return sendEmpty(reply, 204);
    },
  );
}
