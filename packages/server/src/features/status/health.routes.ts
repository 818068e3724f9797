import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.service.ts';

/**
 * `/healthz` for supervisors and load balancers, outside the API and without a login. Live is what answers at all;
 * restarting would not help. Ready is what requests should be sent to: both databases and the storage can be used, and
 * it is not about to stop.
 */
export function healthRoutes(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz/live', { schema: { hide: true } }, () => ({ status: 'live' }));
  for (const path of ['/healthz', '/healthz/ready']) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const report = await readiness.report();
      return reply.status(report.status === 'ready' ? 200 : 503).send(report);
    });
  }
}
