import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  CreateFolderSchema,
  NoContent,
  FolderContentQuerySchema,
  ObjectParamsSchema,
  ObjectSummarySchema,
  PredefinedFolderParamsSchema,
  PredefinedFoldersQuerySchema,
  PredefinedFoldersSchema,
} from '@longshore/contracts';
import { callerOf, projectHeader, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { ObjectsService } from '../objects/objects.service.ts';
import type { FoldersService } from './folders.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Folders'];
const TOTAL = 'x-mstr-total-count';
const FOLDER_TYPE = 8;
const listed = { response: { 200: Type.Array(ObjectSummarySchema) } };

const asked = (request: FastifyRequest) => ({ caller: callerOf(request), projectId: projectHeader(request) });

/** `/api/folders*` (spec/api.md 2.5). */
export function folderRoutes(service: FoldersService, objects: ObjectsService): Routes {
  return (app) => {
    contentRoutes(app, service);
    predefinedRoutes(app, service);
    writeRoutes(app, service, objects);
  };
}

function contentRoutes(app: TypedApp, service: FoldersService): void {
  app.get(
    '/folders',
    {
      config,
      schema: {
        tags,
        operationId: 'getFolders',
        summary: 'List all folders of the project, or of the configuration',
        querystring: FolderContentQuerySchema,
        ...listed,
      },
    },
    async (request, reply) => {
      const { objects, total } = await service.listFolders(asked(request), request.query);
      return reply.header(TOTAL, total).send(objects);
    },
  );
  app.get(
    '/folders/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getFolderContents',
        summary: 'List what lies directly in a folder',
        params: ObjectParamsSchema,
        querystring: FolderContentQuerySchema,
        ...listed,
      },
    },
    async (request, reply) => {
      const { objects, total } = await service.listContents(asked(request), request.params.id, request.query);
      return reply.header(TOTAL, total).send(objects);
    },
  );
  app.get(
    '/folders/myPersonalObjects',
    {
      config,
      schema: {
        tags,
        operationId: 'getMyPersonalObjects',
        summary: "List the contents of the caller's personal folder",
        querystring: FolderContentQuerySchema,
        ...listed,
      },
    },
    async (request, reply) => {
      const { objects, total } = await service.listPersonal(asked(request), request.query);
      return reply.header(TOTAL, total).send(objects);
    },
  );
}

function predefinedRoutes(app: TypedApp, service: FoldersService): void {
  app.get(
    '/folders/preDefined',
    {
      config,
      schema: {
        tags,
        operationId: 'getPredefinedFolders',
        summary: 'Get predefined folders by their numbers',
        querystring: PredefinedFoldersQuerySchema,
        response: { 200: PredefinedFoldersSchema },
      },
    },
    async (request) => ({ preDefined: await service.getPredefined(asked(request), request.query.folderType) }),
  );
  app.get(
    '/folders/preDefined/:folderType',
    {
      config,
      schema: {
        tags,
        operationId: 'getPredefinedFolderContents',
        summary: 'List what lies directly in a predefined folder',
        params: PredefinedFolderParamsSchema,
        querystring: FolderContentQuerySchema,
        ...listed,
      },
    },
    async (request, reply) => {
      const page = await service.listPredefined(asked(request), request.params.folderType, request.query);
      return reply.header(TOTAL, page.total).send(page.objects);
    },
  );
  app.get(
    '/folders/preDefined/:folderType/id',
    {
      config,
      schema: {
        tags,
        operationId: 'getPredefinedFolderId',
        summary: 'Get the id of a predefined folder',
        params: PredefinedFolderParamsSchema,
        response: { 200: Type.Object({ id: Type.String() }) },
      },
    },
    async (request) => service.predefinedId(request.params.folderType),
  );
}

function writeRoutes(app: TypedApp, service: FoldersService, objects: ObjectsService): void {
  app.post(
    '/folders',
    {
      config,
      schema: {
        tags,
        operationId: 'createFolder',
        summary: 'Create a folder',
        body: CreateFolderSchema,
        response: { 201: ObjectSummarySchema },
      },
    },
    async (request, reply) => reply.status(201).send(await service.create(asked(request), request.body)),
  );
  app.delete(
    '/folders/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteFolder',
        summary: 'Delete an empty folder',
        params: ObjectParamsSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await objects.delete({ ...asked(request), objects: [{ id: request.params.id, type: FOLDER_TYPE }] });
      return sendEmpty(reply, 204);
    },
  );
}
