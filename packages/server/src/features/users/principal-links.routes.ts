import {
  AssignedFilterList,
  AssignedRoleList,
  FieldsQuery,
  PrincipalIdParams,
  PrincipalPrivileges,
  PrincipalPrivilegesQuery,
  PrincipalSummaryList,
  SecurityFiltersQuery,
  SecurityRolesQuery,
} from '@longshore/contracts';
import { callerOf, type TypedApp } from '../../platform/http/app.ts';
import type { PrincipalKind, PrincipalService } from './principals.service.ts';

const config = { access: { kind: 'session' } } as const;

/** One of the two kinds of principals, as its endpoints name it. */
export interface PrincipalPath {
  readonly kind: PrincipalKind;
  readonly path: '/users' | '/usergroups';
  readonly tags: string[];
  /** In operation ids: `getUserMemberships`. */
  readonly noun: 'User' | 'UserGroup';
  /** In summaries. */
  readonly text: 'a user' | 'a user group';
}

/** What links users and groups with groups, security roles, privileges and security filters: the same for both. */
export function addPrincipalLinkRoutes(app: TypedApp, principals: PrincipalService, of: PrincipalPath): void {
  addGroupRoutes(app, principals, of);
  addRightsRoutes(app, principals, of);
}

function addGroupRoutes(app: TypedApp, principals: PrincipalService, { kind, path, tags, noun, text }: PrincipalPath) {
  app.get(
    `${path}/:id/memberships`,
    {
      config,
      schema: {
        operationId: `get${noun}Memberships`,
        tags,
        summary: `The groups that ${text} is in`,
        params: PrincipalIdParams,
        querystring: FieldsQuery,
        response: { 200: PrincipalSummaryList },
      },
    },
    (request) => principals.listMemberships(callerOf(request), kind, request.params.id),
  );
  app.get(
    `${path}/:id/securityFilters`,
    {
      config,
      schema: {
        operationId: `get${noun}SecurityFilters`,
        tags,
        summary: `The security filters of ${text}, by project`,
        params: PrincipalIdParams,
        querystring: SecurityFiltersQuery,
        response: { 200: AssignedFilterList },
      },
    },
    (request) =>
      principals.listSecurityFilters(callerOf(request), { kind, id: request.params.id }, request.query['projects.id']),
  );
}

function addRightsRoutes(app: TypedApp, principals: PrincipalService, { kind, path, tags, noun, text }: PrincipalPath) {
  app.get(
    `${path}/:id/securityRoles`,
    {
      config,
      schema: {
        operationId: `get${noun}SecurityRoles`,
        tags,
        summary: `The security roles of ${text}, by project`,
        params: PrincipalIdParams,
        querystring: SecurityRolesQuery,
        response: { 200: AssignedRoleList },
      },
    },
    (request) => principals.listSecurityRoles(kind, request.params.id, request.query.projectId),
  );
  app.get(
    `${path}/:id/privileges`,
    {
      config,
      schema: {
        operationId: `get${noun}Privileges`,
        tags,
        summary: `The privileges of ${text} and where they come from`,
        params: PrincipalIdParams,
        querystring: PrincipalPrivilegesQuery,
        response: { 200: PrincipalPrivileges },
      },
    },
    (request) => {
      const { 'privilege.level': level, projectId } = request.query;
      return principals.listPrivileges(callerOf(request), { kind, id: request.params.id }, { level, projectId });
    },
  );
}
