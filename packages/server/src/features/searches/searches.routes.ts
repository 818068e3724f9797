import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  MetadataSearchBodySchema,
  MetadataSearchQuerySchema,
  MetadataSearchSchema,
  ObjectSummarySchema,
  QuickSearchQuerySchema,
  QuickSearchResultSchema,
  SearchResultsQuerySchema,
} from '@longshore/contracts';
import { callerOf, projectHeader, type Routes, type TypedApp } from '../../platform/http/app.ts';
import type { SearchesService } from './searches.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Searches'];
const TOTAL = 'x-mstr-total-count';

const asked = (request: FastifyRequest) => ({ caller: callerOf(request), projectId: projectHeader(request) });

/** `/api/searches*` and `/api/metadataSearches*` (spec/api.md 2.6). */
export function searchRoutes(service: SearchesService): Routes {
  return (app) => {
    quickSearchRoute(app, service);
    startRoutes(app, service);
    resultRoutes(app, service);
    app.addHook('onClose', () => service.close());
  };
}

function quickSearchRoute(app: TypedApp, service: SearchesService): void {
  app.get(
    '/searches/results',
    {
      config,
      schema: {
        tags,
        operationId: 'quickSearch',
        summary: 'Search by name',
        querystring: QuickSearchQuerySchema,
        response: { 200: QuickSearchResultSchema },
      },
    },
    async (request, reply) => {
      const { objects, total } = await service.quick(asked(request), request.query);
      return reply.header(TOTAL, total).send({ totalItems: total, result: objects });
    },
  );
}

/** Clients start a search without a body, or with an empty one. */
const preValidation = async (request: FastifyRequest): Promise<void> => void (request.body ??= {});

function startRoutes(app: TypedApp, service: SearchesService): void {
  const schema = {
    tags,
    querystring: MetadataSearchQuerySchema,
    body: MetadataSearchBodySchema,
    response: { 200: MetadataSearchSchema },
  };
  app.post(
    '/metadataSearches/results',
    {
      config,
      preValidation,
      schema: {
        ...schema,
        operationId: 'startMetadataSearch',
        summary: 'Run a search; its results are read by its id',
      },
    },
    async (request) => {
      const { id, total } = await service.start(asked(request), request.query, {});
      return { id, totalItems: total };
    },
  );
  app.post(
    '/v2/metadataSearches/results',
    {
      config,
      preValidation,
      schema: { ...schema, operationId: 'startMetadataSearchV2', summary: 'Run a search with further conditions' },
    },
    async (request) => {
      const { id, total } = await service.start(asked(request), request.query, request.body);
      return { id, totalItems: total };
    },
  );
}

function resultRoutes(app: TypedApp, service: SearchesService): void {
  app.get(
    '/metadataSearches/results',
    {
      config,
      schema: {
        tags,
        operationId: 'getMetadataSearchResults',
        summary: 'Get the results of a search',
        querystring: SearchResultsQuerySchema,
        response: { 200: Type.Array(ObjectSummarySchema) },
      },
    },
    async (request, reply) => {
      const { objects, total } = await service.results(callerOf(request), request.query.searchId, request.query);
      return reply.header(TOTAL, total).send(objects);
    },
  );
  app.get(
    '/metadataSearches/results/tree',
    {
      config,
      schema: {
        tags,
        operationId: 'getMetadataSearchTree',
        summary: 'Get the results of a search under their folders',
        querystring: SearchResultsQuerySchema,
      },
    },
    (request) => service.tree(callerOf(request), request.query.searchId),
  );
}
