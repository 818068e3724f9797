import {
  NoContent,
  ChangesetSchema,
  CommitChangesetSchema,
  CreateChangesetQuerySchema,
  ModelParamsSchema,
} from '@longshore/contracts';
import { callerOf, requireProject, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { ChangesetsService } from './changesets.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Changesets'];

/** `/api/model/changesets`. */
export function changesetRoutes(app: TypedApp, changesets: ChangesetsService): void {
  openAndShow(app, changesets);
  commitAndDelete(app, changesets);
}

function openAndShow(app: TypedApp, changesets: ChangesetsService): void {
  app.post(
    '/model/changesets',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-createChangeset',
        summary: 'Open a changeset',
        querystring: CreateChangesetQuerySchema,
        response: { 201: ChangesetSchema },
      },
    },
    async (request, reply) => {
      const changeset = await changesets.open(callerOf(request), requireProject(request), request.query);
      return reply.status(201).send(changeset);
    },
  );
  app.get(
    '/model/changesets/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-getChangeset',
        summary: 'A changeset of the session',
        params: ModelParamsSchema,
        response: { 200: ChangesetSchema },
      },
    },
    (request) => changesets.get(callerOf(request), request.params.id),
  );
}

function commitAndDelete(app: TypedApp, changesets: ChangesetsService): void {
  app.post(
    '/model/changesets/:id/commit',
    {
      config,
      preValidation: async (request) => void (request.body ??= {}),
      schema: {
        tags,
        operationId: 'ms-commitChangeset',
        summary: 'Write everything that the changeset holds, or nothing',
        params: ModelParamsSchema,
        body: CommitChangesetSchema,
        response: { 201: ChangesetSchema },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await changesets.commit(callerOf(request), request.params.id, request.body)),
  );
  app.delete(
    '/model/changesets/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-deleteChangeset',
        summary: 'Discard a changeset',
        params: ModelParamsSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await changesets.remove(callerOf(request), request.params.id);
      return sendEmpty(reply, 204);
    },
  );
}
