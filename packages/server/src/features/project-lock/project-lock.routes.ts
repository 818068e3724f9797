import {
  NoContent,
  LockProjectSchema,
  ModelParamsSchema,
  ProjectLockSchema,
  UnlockProjectQuerySchema,
} from '@longshore/contracts';
import { callerOf, type Routes, type TypedApp } from '../../platform/http/app.ts';
import { sendEmpty } from '../../platform/http/send-empty.ts';
import type { ProjectLockService } from './project-lock.service.ts';

const config = { access: { kind: 'session' } } as const;

/** `/api/projects/{id}/lock` and `/api/iserver/lock` (spec/api.md 2.14). */
export function projectLockRoutes(locks: ProjectLockService): Routes {
  return (app) => {
    ofProject(app, locks);
    ofConfiguration(app, locks);
  };
}

function ofProject(app: TypedApp, locks: ProjectLockService): void {
  const tags = ['Projects'];
  const params = ModelParamsSchema;
  app.get(
    '/projects/:id/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'getProjectLock',
        summary: 'The lock on a project',
        params,
        response: { 200: ProjectLockSchema },
      },
    },
    (request) => locks.get(request.params.id),
  );
  app.put(
    '/projects/:id/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'lockProject',
        summary: 'Lock a project',
        params,
        body: LockProjectSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await locks.lock(callerOf(request), request.params.id, request.body);
      return sendEmpty(reply, 204);
    },
  );
  app.delete(
    '/projects/:id/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'unlockProject',
        summary: 'Unlock a project',
        params,
        querystring: UnlockProjectQuerySchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await locks.unlock(callerOf(request), request.params.id, request.query);
      return sendEmpty(reply, 204);
    },
  );
}

function ofConfiguration(app: TypedApp, locks: ProjectLockService): void {
  const tags = ['Configuration'];
  app.get(
    '/iserver/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'getConfigurationLock',
        summary: 'The lock on the configuration',
        response: { 200: ProjectLockSchema },
      },
    },
    () => locks.get(null),
  );
  app.put(
    '/iserver/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'lockConfiguration',
        summary: 'Lock the configuration',
        body: LockProjectSchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await locks.lock(callerOf(request), null, request.body);
      return sendEmpty(reply, 204);
    },
  );
  app.delete(
    '/iserver/lock',
    {
      config,
      schema: {
        tags,
        operationId: 'unlockConfiguration',
        summary: 'Unlock the configuration',
        querystring: UnlockProjectQuerySchema,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await locks.unlock(callerOf(request), null, request.query);
      return sendEmpty(reply, 204);
    },
  );
}
