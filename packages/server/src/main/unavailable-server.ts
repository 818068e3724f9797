import { AppError, MESSAGES } from '@longshore/contracts';
import { addApiRoutes, createApp } from '../platform/http/app.ts';
import { randomIds } from '../platform/ids.ts';
import { healthRoutes } from '../features/status/health.routes.ts';
import type { Readiness } from '../features/status/readiness.service.ts';
import { statusRoutes } from '../features/status/status.routes.ts';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';

const NOTHING = { metadata: false, library: false, storage: false };

/** It has to be started again once the database is there. */
const NOT_READY: Readiness = {
  components: async () => NOTHING,
  report: async () => ({ status: 'unavailable', ...NOTHING }),
  startDraining: () => undefined,
};

/**
 * What is served while a database of the environment cannot be used: the status, so that monitors and clients reach
 * the server at all, and for every other call the refusal that users of the original know (spec/api.md 5.4).
 */
export function createUnavailableApp(logger: FastifyBaseLogger): FastifyInstance {
  const app = createApp({
    ids: randomIds,
    logger,
    authenticate: async () => null,
    notFound: () => new AppError('databaseUnavailable', MESSAGES.databaseUnavailable),
  });
  addApiRoutes(app, statusRoutes);
  healthRoutes(app, NOT_READY);
  return app;
}
