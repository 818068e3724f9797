import {
  CertifyPackageBodySchema,
  CertifyPackageQuerySchema,
  ChangeGroupQuerySchema,
  CreateGroupBodySchema,
  DeleteGroupQuerySchema,
  GetGroupQuerySchema,
  GroupParamsSchema,
  ListGroupsQuerySchema,
  MigrationGroupListSchema,
  MigrationGroupSchema,
  NoContent,
  PutGroupBodySchema,
  PutGroupQuerySchema,
  ShortGroupSchema,
  UpdateGroupBodySchema,
} from '@longshore/contracts';
import { PRIVILEGE, type RouteAccess } from '../../platform/http/access.ts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { asksForSync } from '../migrations/certification/certification-request.ts';
import { certifyGroup, syncGroupCertification } from './certify-group.service.ts';
import { createGroup } from './create-group.service.ts';
import { deleteGroup } from './delete-group.service.ts';
import { editGroup } from './edit-group.service.ts';
import { getGroup } from './get-group.service.ts';
import { EITHER } from './group-access.ts';
import type { GroupDeps } from './group-deps.ts';
import { readGenerateUndo } from './generate-undo.ts';
import { kindOfPut } from './group-import-request.ts';
import { importGroup } from './import-group.service.ts';
import { listGroups } from './list-groups.service.ts';
import { updateGroup } from './update-group.service.ts';

/** A group carries the content lists of all its members; clients send them back in PUT and PATCH. */
const RECORD_BODY_LIMIT = 512 * 1024 * 1024;
/** Content lists as asked for are short: what the objects need is not in them. */
const CREATE_BODY_LIMIT = 64 * 1024 * 1024;

const CREATE: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.createPackage], where: 'somewhere' };
/** Who may certify depends on the step; the service asks. */
const CERTIFY: RouteAccess = {
  kind: 'anyOf',
  privileges: [PRIVILEGE.createPackage, PRIVILEGE.applyPackage, PRIVILEGE.certifyPackage],
  where: 'somewhere',
};

const tags = ['Migration Groups'];

/** `/api/migrationGroups` (spec/api.md 2.8). */
export function migrationGroupRoutes(deps: GroupDeps): Routes {
  return (app) => {
    readingRoutes(app, deps);
    creatingRoutes(app, deps);
    changingRoutes(app, deps);
    certificationRoute(app, deps);
  };
}

function readingRoutes(app: TypedApp, deps: GroupDeps): void {
  app.get(
    '/migrationGroups',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getMigrationGroupList',
        tags,
        summary: 'Lists migration groups, newest first',
        querystring: ListGroupsQuerySchema,
        response: { 200: MigrationGroupListSchema },
      },
    },
    (request) => {
      const { offset, limit } = request.query;
      return listGroups(deps, { offset, limit, caller: callerOf(request) });
    },
  );
  app.get(
    '/migrationGroups/:groupId',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getMigrationGroup',
        tags,
        summary: "Shows this environment's record of a migration group",
        params: GroupParamsSchema,
        querystring: GetGroupQuerySchema,
        response: { 200: MigrationGroupSchema },
      },
    },
    (request) => {
      const { showContent } = request.query;
      return getGroup(deps, { groupId: request.params.groupId, showContent, caller: callerOf(request) });
    },
  );
}

function creatingRoutes(app: TypedApp, deps: GroupDeps): void {
  app.post(
    '/migrationGroups',
    {
      config: { access: CREATE },
      bodyLimit: CREATE_BODY_LIMIT,
      schema: {
        operationId: 'createMigrationGroup',
        tags,
        summary: 'Creates a group of packages, which are built one after another',
        querystring: ChangeGroupQuerySchema,
        body: CreateGroupBodySchema,
        response: { 201: ShortGroupSchema },
      },
    },
    async (request, reply) => {
      const created = await createGroup(deps, { body: request.body, caller: callerOf(request) });
      return reply.status(201).send(created);
    },
  );
  app.delete(
    '/migrationGroups',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'deleteMigrationGroup',
        tags,
        summary: 'Deletes a group with its packages, imports and undo packages from this environment',
        querystring: DeleteGroupQuerySchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { packageGroupId, userComments } = request.query;
      await deleteGroup(deps, { packageGroupId, userComments, caller: callerOf(request) });
      return sendEmpty(reply, 204);
    },
  );
}

function changingRoutes(app: TypedApp, deps: GroupDeps): void {
  app.put(
    '/migrationGroups/:groupId',
    {
      config: { access: EITHER },
      bodyLimit: RECORD_BODY_LIMIT,
      schema: {
        operationId: 'putMigrationGroup',
        tags,
        summary: 'Imports the packages of a group (201), or gives the group other packages (202)',
        params: GroupParamsSchema,
        querystring: PutGroupQuerySchema,
        body: PutGroupBodySchema,
        response: { 201: ShortGroupSchema, 202: ShortGroupSchema },
      },
    },
    async (request, reply) => {
      const { groupId } = request.params;
      const { body } = request;
      const caller = callerOf(request);
      if (kindOfPut(body) === 'edit') return reply.status(202).send(await editGroup(deps, { groupId, body, caller }));
      const generateUndo = readGenerateUndo(request.query.generateUndo, request.headers['generateundo']);
      return reply.status(201).send(await importGroup(deps, { groupId, body, generateUndo, caller }));
    },
  );
  app.patch(
    '/migrationGroups/:groupId',
    {
      config: { access: EITHER },
      bodyLimit: RECORD_BODY_LIMIT,
      schema: {
        operationId: 'updateMigrationGroup',
        tags,
        summary: 'Renames, sets the target, and moves the import request or the undo request of a group',
        params: GroupParamsSchema,
        querystring: ChangeGroupQuerySchema,
        body: UpdateGroupBodySchema,
        response: { 200: ShortGroupSchema, 202: ShortGroupSchema },
      },
    },
    async (request, reply) => {
      const update = { groupId: request.params.groupId, body: request.body, caller: callerOf(request) };
      const { group, startedUndo } = await updateGroup(deps, update);
      return reply.status(startedUndo ? 202 : 200).send(group);
    },
  );
}

function certificationRoute(app: TypedApp, deps: GroupDeps): void {
  app.patch(
    '/migrationGroups/:groupId/certification',
    {
      config: { access: CERTIFY },
      schema: {
        operationId: 'certifyMigrationGroup',
        tags,
        summary: 'Certifies a group, asks for it, or exchanges that with the other environments',
        params: GroupParamsSchema,
        querystring: CertifyPackageQuerySchema,
        body: CertifyPackageBodySchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { groupId } = request.params;
      const caller = callerOf(request);
      if (asksForSync(request.query)) await syncGroupCertification(deps, { groupId, caller });
      else await certifyGroup(deps, { groupId, body: request.body, caller });
      return sendEmpty(reply, 204);
    },
  );
}
