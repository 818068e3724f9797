import {
  BinaryResponse,
  CreateHolderImportQuerySchema,
  HolderImportParamsSchema,
  HolderImportSchema,
  NoContent,
  PackageQuerySchema,
} from '@longshore/contracts';
import type { TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { sendFile } from '../../platform/http/send-file.ts';
import { callOf, EITHER } from './call-of.ts';
import type { HolderDeps } from './holder-deps.ts';
import { downloadHolderUndo } from './holder-files.service.ts';
import { deleteHolderImport, showHolderImport } from './holder-imports.service.ts';
import { importHolder } from './import-holder.service.ts';

const tags = ['Packages'];

/** `/api/packages/imports`. */
export function holderImportRoutes(app: TypedApp, deps: HolderDeps): void {
  startRoute(app, deps);
  app.get(
    '/packages/imports/:importId',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'getPackageImport',
        tags,
        summary: 'How far an import of the session is',
        params: HolderImportParamsSchema,
        querystring: PackageQuerySchema,
        response: { 200: HolderImportSchema },
      },
    },
    (request) => {
      const { importId } = request.params;
      return showHolderImport(deps, { ...callOf(request), importId });
    },
  );
  app.get(
    '/packages/imports/:importId/undoPackage/binary',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'downloadPackageImportUndo',
        tags,
        summary: 'Downloads the undo package of an import of the session',
        params: HolderImportParamsSchema,
        response: { 200: BinaryResponse },
      },
    },
    async (request, reply) => {
      const { importId } = request.params;
      const call = { ...callOf(request), importId };
      return sendFile(reply, await downloadHolderUndo(deps, call));
    },
  );
  app.delete(
    '/packages/imports/:importId',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'deletePackageImport',
        tags,
        summary: 'Forgets an import of the session and its undo package; one that is under way is rolled back first',
        params: HolderImportParamsSchema,
        querystring: PackageQuerySchema,
        response: { 202: NoContent },
      },
    },
    async (request, reply) => {
      const { importId } = request.params;
      await deleteHolderImport(deps, { ...callOf(request), importId });
      return sendEmpty(reply, 202);
    },
  );
}

function startRoute(app: TypedApp, deps: HolderDeps): void {
  app.post(
    '/packages/imports',
    {
      config: { access: EITHER },
      schema: {
        operationId: 'createPackageImport',
        tags,
        summary: "Imports the session's package into the project of the header",
        querystring: CreateHolderImportQuerySchema,
        response: { 202: HolderImportSchema },
      },
    },
    async (request, reply) => {
      const { packageId, generateUndo = true } = request.query;
      const call = { ...callOf(request), packageId, generateUndo };
      return reply.status(202).send(await importHolder(deps, call));
    },
  );
}
