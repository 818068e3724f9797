import type { FastifyRequest } from 'fastify';
import {
  CreateSearchObjectSchema,
  ObjectParamsSchema,
  PatchSearchObjectSchema,
  SearchObjectSchema,
} from '@longshore/contracts';
import { callerOf, requireProject, type Routes } from '../../platform/http/app.ts';
import type { SearchObjectsService } from './search-objects.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Searches'];

const asked = (request: FastifyRequest) => ({ caller: callerOf(request), projectId: requireProject(request) });

/** `/api/searchObjects*`: searches that are saved in a project. */
export function searchObjectRoutes(service: SearchObjectsService): Routes {
  return (app) => {
    app.get(
      '/searchObjects/:id',
      {
        config,
        schema: {
          tags,
          operationId: 'getSearchObject',
          summary: 'Get the conditions of a saved search',
          params: ObjectParamsSchema,
          response: { 200: SearchObjectSchema },
        },
      },
      (request) => service.get(asked(request), request.params.id),
    );
    app.post(
      '/searchObjects',
      {
        config,
        schema: {
          tags,
          operationId: 'createSearchObject',
          summary: 'Save a search',
          body: CreateSearchObjectSchema,
          response: { 201: SearchObjectSchema },
        },
      },
      async (request, reply) => reply.status(201).send(await service.create(asked(request), request.body)),
    );
    app.patch(
      '/searchObjects/:id',
      {
        config,
        schema: {
          tags,
          operationId: 'updateSearchObject',
          summary: 'Change the conditions of a saved search',
          params: ObjectParamsSchema,
          body: PatchSearchObjectSchema,
          response: { 200: SearchObjectSchema },
        },
      },
      (request) => service.change(asked(request), request.params.id, request.body.operationList),
    );
  };
}
