import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  BinaryResponse,
  CreateSharedFileBodySchema,
  ListSharedFilesQuerySchema,
  NoContent,
  SharedFileListSchema,
  SharedFileParamsSchema,
  SharedFileQuerySchema,
  SharedFileSchema,
  SharedFileUploadSchema,
} from '@longshore/contracts';
import { PRIVILEGE, type RouteAccess } from '../../platform/http/access.ts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { sendFile } from '../../platform/http/send-file.ts';
import { createSharedFile } from './create-shared-file.service.ts';
import { deleteSharedFile } from './delete-shared-file.service.ts';
import { downloadSharedFile } from './download-shared-file.service.ts';
import { listSharedFiles } from './list-shared-files.service.ts';
import { discardRest, uploadParts } from './multipart-upload.ts';
import type { SharedFileDeps } from './shared-file-deps.ts';
import { uploadSharedFile } from './upload-shared-file.service.ts';

const READ: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.applyPackage] };
const WRITE: RouteAccess = { kind: 'allOf', privileges: [PRIVILEGE.applyPackage, PRIVILEGE.administerEnvironment] };

const tags = ['Shared File Store'];
const PATH = '/mstrServices/library/storage/sharedFileStore/files';

/** Uploaded package files (spec/api.md 2.9). */
export function sharedFileRoutes(deps: SharedFileDeps): Routes {
  return (app) => {
    metadataRoutes(app, deps);
    downloadRoute(app, deps);
    void app.register(async (scope) => {
      await scope.register(multipart);
      uploadRoute(scope.withTypeProvider<TypeBoxTypeProvider>(), deps);
    });
  };
}

function metadataRoutes(app: TypedApp, deps: SharedFileDeps): void {
  app.post(
    PATH,
    {
      config: { access: WRITE },
      schema: {
        operationId: 'createSharedFile',
        tags,
        summary: 'Announces a package file; its bytes are uploaded after that',
        body: CreateSharedFileBodySchema,
        querystring: SharedFileQuerySchema,
        response: { 200: SharedFileSchema },
      },
    },
    (request) => createSharedFile(deps, request.body, callerOf(request)),
  );
  app.get(
    PATH,
    {
      config: { access: READ },
      schema: {
        operationId: 'getSharedFiles',
        tags,
        summary: 'Lists uploaded files, newest first',
        querystring: ListSharedFilesQuerySchema,
        response: { 200: SharedFileListSchema },
      },
    },
    (request) => {
      const { type, offset, limit } = request.query;
      return listSharedFiles(deps, { type, offset, limit });
    },
  );
  app.delete(
    `${PATH}/:fileId`,
    {
      config: { access: WRITE },
      schema: {
        operationId: 'deleteSharedFile',
        tags,
        summary: 'Deletes an uploaded file',
        params: SharedFileParamsSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await deleteSharedFile(deps, request.params.fileId, callerOf(request));
      return sendEmpty(reply, 204);
    },
  );
}

function downloadRoute(app: TypedApp, deps: SharedFileDeps): void {
  app.get(
    `${PATH}/:fileId/binary`,
    {
      config: { access: READ },
      schema: {
        operationId: 'downloadSharedFile',
        tags,
        summary: 'Downloads an uploaded file',
        params: SharedFileParamsSchema,
        response: { 200: BinaryResponse },
      },
    },
    async (request, reply) => sendFile(reply, await downloadSharedFile(deps, request.params.fileId)),
  );
}

function uploadRoute(app: TypedApp, deps: SharedFileDeps): void {
  app.put(
    `${PATH}/:fileId/binary`,
    {
      config: { access: WRITE },
      // The body is in the document, and is read as a stream: there is no value of it to validate.
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'uploadSharedFile',
        tags,
        summary: 'Uploads the bytes of an announced file',
        consumes: ['multipart/form-data'],
        params: SharedFileParamsSchema,
        querystring: SharedFileQuerySchema,
        body: SharedFileUploadSchema,
        response: { 200: SharedFileSchema },
      },
    },
    async (request) => {
      try {
        const idleMs = deps.options.uploadIdleMs;
        const parts = (size: number) => uploadParts(request, { size, idleMs });
        return await uploadSharedFile(deps, { fileId: request.params.fileId, parts });
      } finally {
        discardRest(request.raw);
      }
    },
  );
}
