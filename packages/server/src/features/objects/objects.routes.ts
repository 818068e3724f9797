import type { FastifyRequest } from 'fastify';
import {
  NoContent,
  CertifyQuerySchema,
  CopyObjectSchema,
  DeleteObjectsSchema,
  ObjectDefinitionSchema,
  ObjectDetailSchema,
  ObjectParamsSchema,
  ObjectTypeQuerySchema,
  PatchTranslationsSchema,
  TranslationParamsSchema,
  TranslationsSchema,
  UpdateObjectSchema,
} from '@longshore/contracts';
import { callerOf, projectHeader, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { ObjectsService } from './objects.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Objects'];

const asked = (request: FastifyRequest) => ({ caller: callerOf(request), projectId: projectHeader(request) });

/** `/api/objects*` (spec/api.md 2.4). */
export function objectRoutes(service: ObjectsService): Routes {
  return (app) => {
    singleObjectRoutes(app, service);
    definitionRoute(app, service);
    bulkRoutes(app, service);
    certifyRoute(app, service);
    translationRoutes(app, service);
  };
}

function singleObjectRoutes(app: TypedApp, service: ObjectsService): void {
  const identified = { params: ObjectParamsSchema, querystring: ObjectTypeQuerySchema };
  const found = { response: { 200: ObjectDetailSchema } };
  app.get(
    '/objects/:id',
    { config, schema: { tags, operationId: 'getObject', summary: 'Get an object', ...identified, ...found } },
    (request) =>
      service.get({
        ...asked(request),
        id: request.params.id,
        type: request.query.type,
      }),
  );
  app.put(
    '/objects/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'updateObject',
        summary: 'Change, move or share an object',
        body: UpdateObjectSchema,
        ...identified,
        ...found,
      },
    },
    (request) =>
      service.update(
        {
          ...asked(request),
          id: request.params.id,
          type: request.query.type,
        },
        request.body,
      ),
  );
  app.delete(
    '/objects/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteObject',
        summary: 'Delete an object',
        ...identified,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await service.delete({
        ...asked(request),
        objects: [{ id: request.params.id, type: request.query.type }],
        comment: request.query.userComments,
      });
      return sendEmpty(reply, 204);
    },
  );
}

function bulkRoutes(app: TypedApp, service: ObjectsService): void {
  app.delete(
    '/objects',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteObjects',
        summary: 'Delete objects, all or none',
        body: DeleteObjectsSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await service.delete({
        ...asked(request),
        objects: request.body,
      });
      return sendEmpty(reply, 204);
    },
  );
  app.post(
    '/objects/:id/copy',
    {
      config,
      preValidation: async (request) => void (request.body ??= {}),
      schema: {
        tags,
        operationId: 'copyObject',
        summary: 'Copy an object',
        params: ObjectParamsSchema,
        querystring: ObjectTypeQuerySchema,
        body: CopyObjectSchema,
        response: { 200: ObjectDetailSchema },
      },
    },
    (request) =>
      service.copy(
        {
          ...asked(request),
          id: request.params.id,
          type: request.query.type,
        },
        request.body,
      ),
  );
}

function certifyRoute(app: TypedApp, service: ObjectsService): void {
  app.put(
    '/objects/:id/certify',
    {
      config,
      schema: {
        tags,
        operationId: 'certifyObject',
        summary: 'Certify the current version of an object',
        params: ObjectParamsSchema,
        querystring: CertifyQuerySchema,
        response: { 200: ObjectDetailSchema },
      },
    },
    (request) =>
      service.certify({
        ...asked(request),
        id: request.params.id,
        type: request.query.type,
        certify: request.query.certify,
      }),
  );
}

function definitionRoute(app: TypedApp, service: ObjectsService): void {
  app.get(
    '/longshore/objects/:id/definition',
    {
      config,
      schema: {
        tags,
        operationId: 'getObjectDefinition',
        summary: 'Get what is inside an object, as it is stored',
        params: ObjectParamsSchema,
        querystring: ObjectTypeQuerySchema,
        response: { 200: ObjectDefinitionSchema },
      },
    },
    (request) => service.definition({ ...asked(request), id: request.params.id, type: request.query.type }),
  );
}

function translationRoutes(app: TypedApp, service: ObjectsService): void {
  const schema = { tags, params: TranslationParamsSchema, response: { 200: TranslationsSchema } };
  app.get(
    '/objects/:type/:id/translations',
    { config, schema: { ...schema, operationId: 'getTranslations', summary: 'Get the translations of an object' } },
    (request) =>
      service.translations.get({
        ...asked(request),
        typeName: request.params.type,
        id: request.params.id,
      }),
  );
  app.patch(
    '/objects/:type/:id/translations',
    {
      config,
      schema: {
        ...schema,
        operationId: 'updateTranslations',
        summary: 'Change the translations of an object',
        body: PatchTranslationsSchema,
      },
    },
    (request) =>
      service.translations.change(
        {
          caller: callerOf(request),
          projectId: projectHeader(request),
          typeName: request.params.type,
          id: request.params.id,
        },
        request.body.operationList,
      ),
  );
}
