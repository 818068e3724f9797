import { NoContent, LockSchemaSchema, SchemaLockSchema, UnlockSchemaQuerySchema } from '@longshore/contracts';
import { callerOf, requireProject, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { SchemaLockService } from './schema-lock.service.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['Schema'];

/** `/api/model/schema/lock` (spec/api.md 2.12). */
export function schemaLockRoutes(app: TypedApp, locks: SchemaLockService): void {
  app.get(
    '/model/schema/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-getLock',
        summary: 'The lock on the schema of a project',
        response: { 200: SchemaLockSchema },
      },
    },
    (request) => locks.get(requireProject(request)),
  );
  app.post(
    '/model/schema/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-postLock',
        summary: 'Lock the schema',
        body: LockSchemaSchema,
        response: { 201: NoContent },
      },
    },
    async (request, reply) => {
      await locks.lock(callerOf(request), requireProject(request), request.body.lockType);
      return sendEmpty(reply, 201);
    },
  );
  app.delete(
    '/model/schema/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'ms-deleteLock',
        summary: 'Unlock the schema',
        querystring: UnlockSchemaQuerySchema,
        response: { 200: NoContent },
      },
    },
    async (request, reply) => {
      await locks.unlock(callerOf(request), requireProject(request), request.query.lockType);
      return sendEmpty(reply, 200);
    },
  );
}
