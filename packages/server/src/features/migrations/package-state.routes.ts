import {
  CertifyPackageBodySchema,
  CertifyPackageQuerySchema,
  EditedPackageSchema,
  EditPackageBodySchema,
  EditPackageQuerySchema,
  MigrationParamsSchema,
  ValidateMigrationBodySchema,
  ValidateMigrationQuerySchema,
} from '@longshore/contracts';
import { Type } from 'typebox';
import { PRIVILEGE, type RouteAccess } from '../../platform/http/access.ts';
import { callerOf, projectHeader, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { asksForSync } from './certification/certification-request.ts';
import { certifyPackage } from './certification/certify-package.service.ts';
import { syncCertification } from './certification/sync-certification.service.ts';
import { EITHER_PACKAGE_PRIVILEGE } from './record-access.ts';
import { editPackage } from './edit-package.service.ts';
import { IMPORT_PRIVILEGES } from './migration-caller.ts';
import { cancelMigration } from './cancel-migration.service.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { validateMigration } from './validation/validate-migration.service.ts';

/** The body of a validation is a whole record, as that of an import. */
const RECORD_BODY_LIMIT = 256 * 1024 * 1024;
const EDIT_BODY_LIMIT = 32 * 1024 * 1024;

const VALIDATE: RouteAccess = { kind: 'allOf', privileges: IMPORT_PRIVILEGES };
const EDIT: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.createPackage] };
const CERTIFY: RouteAccess = {
  kind: 'anyOf',
  privileges: [PRIVILEGE.createPackage, PRIVILEGE.applyPackage, PRIVILEGE.certifyPackage],
};

// Which right counts, and in which project, is for the service to say: it knows the job.
const CANCEL: RouteAccess = { kind: 'anyOf', privileges: EITHER_PACKAGE_PRIVILEGE, where: 'somewhere' };

const tags = ['Migrations'];

/** Validation, edit and certification of a single migration (spec/api.md 2.7.6 to 2.7.8), and the end of its jobs. */
export function packageStateRoutes(app: TypedApp, deps: MigrationDeps): void {
  app.put(
    '/migrations/:migrationId/validation',
    {
      config: { access: VALIDATE },
      bodyLimit: RECORD_BODY_LIMIT,
      schema: {
        operationId: 'validateMigration',
        tags,
        summary: 'Tries an import on this environment and keeps nothing of it',
        params: MigrationParamsSchema,
        querystring: ValidateMigrationQuerySchema,
        body: ValidateMigrationBodySchema,
        response: { 202: Type.Null() },
      },
    },
    async (request, reply) => {
      const { migrationId } = request.params;
      const projectId = projectHeader(request);
      await validateMigration(deps, { migrationId, body: request.body, projectId, caller: callerOf(request) });
      return sendEmpty(reply, 202);
    },
  );
  app.put(
    '/migrations/:migrationId/packageInfo',
    {
      config: { access: EDIT },
      bodyLimit: EDIT_BODY_LIMIT,
      schema: {
        operationId: 'editPackage',
        tags,
        summary: 'Changes the content of a package and builds it again',
        params: MigrationParamsSchema,
        querystring: EditPackageQuerySchema,
        body: EditPackageBodySchema,
        response: { 202: EditedPackageSchema },
      },
    },
    async (request, reply) => {
      const { migrationId } = request.params;
      const edited = await editPackage(deps, { migrationId, body: request.body, caller: callerOf(request) });
      return reply.status(202).send(edited);
    },
  );
  certificationRoute(app, deps);
  cancelRoute(app, deps);
}

function cancelRoute(app: TypedApp, deps: MigrationDeps): void {
  app.post(
    '/longshore/migrations/:migrationId/cancel',
    {
      config: { access: CANCEL },
      schema: {
        operationId: 'cancelMigration',
        tags,
        summary: 'Ends what this environment does for a migration, and keeps nothing of it',
        params: MigrationParamsSchema,
        response: { 202: Type.Null() },
      },
    },
    async (request, reply) => {
      const { migrationId } = request.params;
      await cancelMigration(deps, { migrationId, caller: callerOf(request) });
      return sendEmpty(reply, 202);
    },
  );
}

function certificationRoute(app: TypedApp, deps: MigrationDeps): void {
  app.patch(
    '/migrations/:migrationId/packageInfo/certification',
    {
      config: { access: CERTIFY },
      schema: {
        operationId: 'certifyPackage',
        tags,
        summary: 'Moves the certification of a package, or exchanges it with the other environments',
        params: MigrationParamsSchema,
        querystring: CertifyPackageQuerySchema,
        body: CertifyPackageBodySchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { migrationId } = request.params;
      if (asksForSync(request.query)) await syncCertification(deps, { migrationId, caller: callerOf(request) });
      else await certifyPackage(deps, { migrationId, body: request.body, caller: callerOf(request) });
      return sendEmpty(reply, 204);
    },
  );
}
