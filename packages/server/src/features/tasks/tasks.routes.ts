import { NoContent, ModelParamsSchema, ModelTaskSchema, ReloadSchemaSchema } from '@longshore/contracts';
import { callerOf, requireProject, type TypedApp } from '../../platform/http/app.ts';
import { prefersAsync } from '../../platform/http/prefer.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { SchemaReloadService } from './schema-reload.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Schema'];

/** `/api/model/schema/reload` and `/api/model/tasks/{id}` (spec/api.md 2.12). */
export function taskRoutes(app: TypedApp, reloads: SchemaReloadService): void {
  app.post(
    '/model/schema/reload',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-schemaReload',
        summary: 'Bring the schema up to date; with `Prefer: respond-async` without waiting for it',
        body: ReloadSchemaSchema,
        response: { 200: NoContent, 202: ModelTaskSchema },
      },
    },
    async (request, reply) => {
      const asked = {
        caller: callerOf(request),
        projectId: requireProject(request),
        updateTypes: request.body.updateTypes,
      };
      if (prefersAsync(request)) return reply.status(202).send(await reloads.start(asked));
      await reloads.reload(asked);
      return sendEmpty(reply, 200);
    },
  );
  app.get(
    '/model/tasks/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-getTask',
        summary: 'Whether a task is running or how it ended',
        params: ModelParamsSchema,
        response: { 200: ModelTaskSchema },
      },
    },
    (request) => reloads.getTask(callerOf(request), request.params.id),
  );
}
