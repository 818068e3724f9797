import {
  NoContent,
  ModelBodySchema,
  ModelListQuerySchema,
  ModelListSchema,
  ModelObjectSchema,
  ModelParamsSchema,
  ModelQuerySchema,
  RelationshipsSchema,
  type ModelList,
  type ModelObject,
} from '@longshore/contracts';
import type { TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import { MODEL_RESOURCES, type ModelResource } from './model-resources.ts';
import { modelRequest } from './model-request.ts';
import type { ModelingService } from './modeling.service.ts';

const config = { access: { kind: 'session' } } as const;
/** As long as a line of a load may be: what can be loaded can be modeled. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** `/api/model/{resource}` for every resource of the table, and the relationships of attributes. */
export function modelRoutes(app: TypedApp, models: ModelingService): void {
  for (const resource of MODEL_RESOURCES) {
    readRoutes(app, models, resource);
    createRoute(app, models, resource);
    updateRoute(app, models, { resource, method: 'PUT' });
    updateRoute(app, models, { resource, method: 'PATCH' });
    if (resource.isDeletable) deleteRoute(app, models, resource);
  }
  relationshipRoutes(app, models);
}

const tagsOf = (resource: ModelResource): string[] => [`Modeling: ${resource.path}`];
const shown = (query: { showFields?: string[] }): { acl: boolean } => ({
  acl: query.showFields?.some((name) => name.toLowerCase() === 'acl') ?? false,
});

function readRoutes(app: TypedApp, models: ModelingService, resource: ModelResource): void {
  const tags = tagsOf(resource);
  app.get(
    `/model/${resource.path}/:id`,
    {
      config,
      schema: {
        tags,
        operationId: `ms-get${resource.noun}`,
        summary: 'The definition of an object',
        params: ModelParamsSchema,
        querystring: ModelQuerySchema,
        response: { 200: ModelObjectSchema },
      },
    },
    async (request) => {
      const address = { resource, id: request.params.id };
      return (await models.get(modelRequest(request), address, shown(request.query))) as ModelObject;
    },
  );
  if (resource.list === undefined) return;
  app.get(
    `/model/${resource.path}`,
    {
      config,
      schema: {
        tags,
        operationId: `ms-list${resource.noun}`,
        summary: 'The objects of a project',
        querystring: ModelListQuerySchema,
        response: { 200: ModelListSchema },
      },
    },
    async (request) => {
      const { fields, ...page } = request.query;
      // Otherwise the fields would be looked for in the list itself, and not in its members.
      delete request.query.fields;
      const query = fields === undefined ? page : { ...page, fields };
      return (await models.list(modelRequest(request), resource, query)) as ModelList;
    },
  );
}

function createRoute(app: TypedApp, models: ModelingService, resource: ModelResource): void {
  app.post(
    `/model/${resource.path}`,
    {
      config,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: tagsOf(resource),
        operationId: `ms-post${resource.noun}`,
        summary: 'Create an object',
        querystring: ModelQuerySchema,
        body: ModelBodySchema,
        response: { 201: ModelObjectSchema },
      },
    },
    async (request, reply) => {
      const model = { resource, body: request.body };
      const created = await models.create(modelRequest(request), model, shown(request.query));
      return reply.status(201).send(created as ModelObject);
    },
  );
}

interface Update {
  readonly resource: ModelResource;
  readonly method: 'PUT' | 'PATCH';
}

function updateRoute(app: TypedApp, models: ModelingService, { resource, method }: Update): void {
  app.route({
    method,
    url: `/model/${resource.path}/:id`,
    config,
    bodyLimit: BODY_LIMIT,
    schema: {
      tags: tagsOf(resource),
      operationId: `ms-${method.toLowerCase()}${resource.noun}`,
      summary: 'Change an object: members of the body take the place of those of the same name',
      params: ModelParamsSchema,
      querystring: ModelQuerySchema,
      body: ModelBodySchema,
      response: { 200: ModelObjectSchema },
    },
    handler: async (request) => {
      const model = { resource, id: request.params.id, body: request.body };
      return (await models.update(modelRequest(request), model, shown(request.query))) as ModelObject;
    },
  });
}

function deleteRoute(app: TypedApp, models: ModelingService, resource: ModelResource): void {
  app.delete(
    `/model/${resource.path}/:id`,
    {
      config,
      schema: {
        tags: tagsOf(resource),
        operationId: `ms-delete${resource.noun}`,
        summary: 'Delete an object that nothing uses',
        params: ModelParamsSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await models.remove(modelRequest(request), { resource, id: request.params.id });
      return sendEmpty(reply, 204);
    },
  );
}

function relationshipRoutes(app: TypedApp, models: ModelingService): void {
  const schema = {
    tags: ['Modeling: attributes'],
    params: ModelParamsSchema,
    response: { 200: RelationshipsSchema },
  };
  app.get(
    '/model/systemHierarchy/attributes/:id/relationships',
    {
      config,
      schema: { ...schema, operationId: 'ms-getRelationships', summary: 'The parents and children of an attribute' },
    },
    async (request) => ({
      relationships: await models.getRelationships(modelRequest(request), request.params.id),
    }),
  );
  app.put(
    '/model/systemHierarchy/attributes/:id/relationships',
    {
      config,
      bodyLimit: BODY_LIMIT,
      schema: {
        ...schema,
        operationId: 'ms-putRelationships',
        summary: 'Replace the parents and children of an attribute',
        body: RelationshipsSchema,
      },
    },
    async (request) => {
      const relationships = request.body.relationships as Awaited<ReturnType<ModelingService['getRelationships']>>;
      return { relationships: await models.putRelationships(modelRequest(request), request.params.id, relationships) };
    },
  );
}
