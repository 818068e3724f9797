import {
  BinaryResponse,
  FillPackageBodySchema,
  GetPackageQuerySchema,
  HolderPackageSchema,
  PackageObjectsQuerySchema,
  PackageObjectsSchema,
  PackageParamsSchema,
  PackageQuerySchema,
  ShortPackageSchema,
} from '@longshore/contracts';
import type { Routes, TypedApp } from '../../platform/http/app.ts';
import { sendFile } from '../../platform/http/send-file.ts';
import { callOf, EITHER } from './call-of.ts';
import { createHolder } from './create-holder.service.ts';
import { deleteHolder } from './delete-holder.service.ts';
import { fillHolder } from './fill-holder.service.ts';
import { getHolderObjects } from './get-holder-objects.service.ts';
import { showHolder } from './get-holder.service.ts';
import type { HolderDeps } from './holder-deps.ts';
import { downloadHolder } from './holder-files.service.ts';
import { holderImportRoutes } from './holder-imports.routes.ts';
import { holderUploadRoutes } from './holder-upload.routes.ts';

const CREATE_BODY_LIMIT = 32 * 1024 * 1024;

const tags = ['Packages'];

/** `/api/packages`, the older API whose packages belong to a session (spec/api.md 2.11). */
export function packageRoutes(deps: HolderDeps): Routes {
  return (app) => {
    holderRoutes(app, deps);
    contentRoutes(app, deps);
    holderUploadRoutes(app, deps);
    holderImportRoutes(app, deps);
  };
}

function holderRoutes(app: TypedApp, deps: HolderDeps): void {
  app.post(
    '/packages',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'createPackageHolder',
        tags,
        summary: 'Makes an empty package, which belongs to the session',
        querystring: PackageQuerySchema,
        response: { 201: ShortPackageSchema },
      },
    },
    async (request, reply) => reply.status(201).send(await createHolder(deps, callOf(request))),
  );
  app.put(
    '/packages/:packageId',
    {
      config: { access: EITHER },
      bodyLimit: CREATE_BODY_LIMIT,
      schema: {
        operationId: 'updatePackage',
        tags,
        summary: 'Says what an empty package is to hold; a job builds it',
        params: PackageParamsSchema,
        querystring: PackageQuerySchema,
        body: FillPackageBodySchema,
        response: { 202: ShortPackageSchema },
      },
    },
    async (request, reply) => {
      const { packageId } = request.params;
      const filling = await fillHolder(deps, { ...callOf(request), packageId, body: request.body });
      return reply.status(202).send(filling);
    },
  );
  app.delete(
    '/packages/:packageId',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'deletePackageHolder',
        tags,
        summary: 'Deletes a package of the session; what is done with it is ended first, and nothing of that is kept',
        params: PackageParamsSchema,
        querystring: PackageQuerySchema,
        response: { 202: ShortPackageSchema },
      },
    },
    async (request, reply) => {
      const { packageId } = request.params;
      return reply.status(202).send(await deleteHolder(deps, { ...callOf(request), packageId }));
    },
  );
}

function contentRoutes(app: TypedApp, deps: HolderDeps): void {
  app.get(
    '/packages/:packageId',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getPackage',
        tags,
        summary: 'How far a package is, and what it holds',
        params: PackageParamsSchema,
        querystring: GetPackageQuerySchema,
        response: { 200: HolderPackageSchema },
      },
    },
    (request) => {
      const { packageId } = request.params;
      const { showContent = false } = request.query;
      return showHolder(deps, { ...callOf(request), packageId, showContent });
    },
  );
  app.get(
    '/packages/:packageId/objects',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getPackageObjects',
        tags,
        summary: 'Definitions of attributes, facts, hierarchies and tables of a package',
        params: PackageParamsSchema,
        querystring: PackageObjectsQuerySchema,
        response: { 200: PackageObjectsSchema },
      },
    },
    (request) => {
      const { packageId } = request.params;
      return getHolderObjects(deps, { ...callOf(request), packageId, objectIds: request.query.id ?? [] });
    },
  );
  app.get(
    '/packages/:packageId/binary',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'downloadPackageBinary',
        tags,
        summary: 'Downloads the file of a package of the session',
        params: PackageParamsSchema,
        response: { 200: BinaryResponse },
      },
    },
    async (request, reply) => {
      const { packageId } = request.params;
      return sendFile(reply, await downloadHolder(deps, { ...callOf(request), packageId }));
    },
  );
}
