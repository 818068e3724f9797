import { Readable } from 'node:stream';
import {
  CreateMigrationBodySchema,
  CreateMigrationQuerySchema,
  DeletePackageQuerySchema,
  GetMigrationQuerySchema,
  ListMigrationsQuerySchema,
  type Migration,
  MigrationListSchema,
  MigrationParamsSchema,
  MigrationSchema,
  ShortMigrationSchema,
  TriggerImportBodySchema,
  TriggerImportQuerySchema,
  UpdateMigrationBodySchema,
  UpdateMigrationQuerySchema,
  type ShortMigration,
} from '@longshore/contracts';
import { Type } from 'typebox';
import { PRIVILEGE, type RouteAccess } from '../../platform/http/access.ts';
import { callerOf, projectHeader, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { prefersAsync } from '../../platform/http/prefer.ts';
import { createMigration, type CreateMigration } from './create-migration.service.ts';
import { deletePackage } from './delete-package.service.ts';
import { getMigration } from './get-migration.service.ts';
import { importUploadedFile, isFromUploadedFile } from './import-uploaded-file.service.ts';
import { listMigrations } from './list-migrations.service.ts';
import { IMPORT_PRIVILEGES } from './migration-caller.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { packageStateRoutes } from './package-state.routes.ts';
import { EITHER_PACKAGE_PRIVILEGE } from './record-access.ts';
import { reusePackage } from './reuse-package.service.ts';
import { triggerImport } from './trigger-import.service.ts';
import { updateMigration } from './update-migration.service.ts';

/** A record carries its whole content list, which a large package makes large; clients send it back in PUT and PATCH. */
const RECORD_BODY_LIMIT = 256 * 1024 * 1024;
/** A content list as asked for is short: what the objects need is not in it. */
const CREATE_BODY_LIMIT = 32 * 1024 * 1024;

// Which project counts is for the services to say: they know the record, and the header is often not sent.
const EITHER: RouteAccess = { kind: 'anyOf', privileges: EITHER_PACKAGE_PRIVILEGE, where: 'somewhere' };
const CREATE: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.createPackage], where: 'somewhere' };
const IMPORT: RouteAccess = { kind: 'allOf', privileges: IMPORT_PRIVILEGES, where: 'somewhere' };

const tags = ['Migrations'];

/** `/api/migrations` (spec/api.md 2.7). */
export function migrationRoutes(deps: MigrationDeps): Routes {
  return (app) => {
    writingRoutes(app, deps);
    readingRoutes(app, deps);
    packageStateRoutes(app, deps);
  };
}

function readingRoutes(app: TypedApp, deps: MigrationDeps): void {
  app.get(
    '/migrations',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getMigrationList',
        tags,
        summary: 'Lists migrations, newest first',
        querystring: ListMigrationsQuerySchema,
        response: { 200: MigrationListSchema },
      },
    },
    (request) => {
      const { offset, limit, 'packageInfo.purpose': purposes } = request.query;
      return listMigrations(deps, { offset, limit, purposes, caller: callerOf(request) });
    },
  );
  app.get(
    '/migrations/:migrationId',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getMigration',
        tags,
        summary: "Shows this environment's record of a migration",
        params: MigrationParamsSchema,
        querystring: GetMigrationQuerySchema,
        response: { 200: MigrationSchema },
      },
    },
    async (request, reply) => {
      const { showContent } = request.query;
      const { migrationId } = request.params;
      const shown = await getMigration(deps, { migrationId, showContent, caller: callerOf(request) });
      if (shown.tocView === undefined) return shown.record;
      const text = Readable.from(recordText(shown.record, shown.tocView));
      // The text stands in for the record that the schema describes.
      return reply.type('application/json; charset=utf-8').send(text as unknown as Migration);
    },
  );
}

/** The answer as text, in which the large view is put as it comes: reading and writing it would take seconds. */
async function* recordText(record: Migration, tocView: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  const { packageInfo, ...rest } = record;
  yield `{"packageInfo":${JSON.stringify(packageInfo).slice(0, -1)},"tocView":`;
  yield* tocView;
  yield `},${JSON.stringify(rest).slice(1)}`;
}

function writingRoutes(app: TypedApp, deps: MigrationDeps): void {
  app.post(
    '/migrations',
    {
      config: { access: CREATE },
      bodyLimit: CREATE_BODY_LIMIT,
      schema: {
        operationId: 'createMigration',
        tags,
        summary: 'Creates a package, or a further import of one; or imports an uploaded file',
        querystring: CreateMigrationQuerySchema,
        body: CreateMigrationBodySchema,
        response: { 201: ShortMigrationSchema },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { packageId } = request.query;
      const caller = callerOf(request);
      const contentProblems = prefersAsync(request) ? 'record' : 'refuse';
      const created =
        packageId === undefined
          ? await createOrImport(deps, { body, caller, projectId: projectHeader(request), contentProblems })
          : await reusePackage(deps, { packageId, body, caller });
      return reply.status(201).send(created);
    },
  );
  recordRoutes(app, deps);
  deleteRoute(app, deps);
}

function deleteRoute(app: TypedApp, deps: MigrationDeps): void {
  app.delete(
    '/migrations',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'deletePackage',
        tags,
        summary: 'Deletes a package with its imports and undo packages from this environment',
        querystring: DeletePackageQuerySchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { packageId, userComments } = request.query;
      await deletePackage(deps, { packageId, userComments, caller: callerOf(request) });
      return reply.status(204).send(null);
    },
  );
}

/** A package that is built here, or one that was uploaded and is imported at once. */
function createOrImport(deps: MigrationDeps, request: CreateMigration): Promise<ShortMigration> {
  return isFromUploadedFile(request.body) ? importUploadedFile(deps, request) : createMigration(deps, request);
}

function recordRoutes(app: TypedApp, deps: MigrationDeps): void {
  app.put(
    '/migrations/:migrationId',
    {
      config: { access: IMPORT },
      bodyLimit: RECORD_BODY_LIMIT,
      schema: {
        operationId: 'triggerImport',
        tags,
        summary: 'Imports a package that another environment, or this one, has created',
        params: MigrationParamsSchema,
        querystring: TriggerImportQuerySchema,
        body: TriggerImportBodySchema,
        response: { 201: ShortMigrationSchema },
      },
    },
    async (request, reply) => {
      const { migrationId } = request.params;
      const { generateUndo = true } = request.query;
      const projectId = projectHeader(request);
      const caller = callerOf(request);
      const started = await triggerImport(deps, { migrationId, body: request.body, projectId, generateUndo, caller });
      return reply.status(201).send(started);
    },
  );
  app.patch(
    '/migrations/:migrationId',
    {
      config: { access: EITHER },
      bodyLimit: RECORD_BODY_LIMIT,
      schema: {
        operationId: 'updateMigration',
        tags,
        summary: 'Renames, sets the target, starts a validation, and moves the import request or the undo request',
        params: MigrationParamsSchema,
        querystring: UpdateMigrationQuerySchema,
        body: UpdateMigrationBodySchema,
        response: { 200: ShortMigrationSchema, 202: ShortMigrationSchema },
      },
    },
    async (request, reply) => {
      const { migrationId } = request.params;
      const projectId = projectHeader(request);
      const update = { migrationId, body: request.body, projectId, caller: callerOf(request) };
      const { migration, startedUndo } = await updateMigration(deps, update);
      return reply.status(startedUndo ? 202 : 200).send(migration);
    },
  );
}
