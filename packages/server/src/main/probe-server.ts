import type { FastifyBaseLogger } from 'fastify';
import { metricsRoutes, type MetricsAccess } from '../features/metrics/metrics.routes.ts';
import { healthRoutes } from '../features/status/health.routes.ts';
import type { Readiness } from '../features/status/readiness.service.ts';
import { createApp } from '../platform/http/app.ts';
import { randomIds } from '../platform/ids.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';

export interface ProbeParts {
  readonly host: string;
  readonly port: number;
  readonly log: FastifyBaseLogger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
}

/** Answers `/healthz` and `/metrics`, and nothing else, for a process without an API. */
export async function startProbeServer(
  parts: ProbeParts,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const { host, port, log, readiness, metrics, access } = parts;
  const app = createApp({ ids: randomIds, logger: log, authenticate: async () => null });
  metrics.watchComponents(async () => ({ ...(await readiness.components()) }));
  healthRoutes(app, readiness);
  metricsRoutes(app, metrics, access);
  const address = await app.listen({ host, port });
  return {
    address,
    async close() {
      await app.close();
    },
  };
}
