import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../platform/platform.ts';

/**
 * `/healthz` for supervisors and load balancers, outside the API and without a login: live as long as it answers,
 * ready when both databases can be read.
 */
export function healthRoutes(app: FastifyInstance, platform: Pick<Platform, 'metadata' | 'library'>): void {
  app.get('/healthz/live', { schema: { hide: true } }, () => ({ status: 'live' }));
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    const [metadata, library] = await Promise.all([answers(platform.metadata), answers(platform.library)]);
    const status = metadata && library ? 'ready' : 'unavailable';
    return reply.status(status === 'ready' ? 200 : 503).send({ status, metadata, library });
  });
}

async function answers(database: Platform['metadata'] | Platform['library']): Promise<boolean> {
  try {
    await database.ping();
    return true;
  } catch {
    return false;
  }
}
