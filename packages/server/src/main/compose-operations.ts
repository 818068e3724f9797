import type { FastifyInstance } from 'fastify';
import { metricsRoutes } from '../features/metrics/metrics.routes.ts';
import { healthRoutes } from '../features/status/health.routes.ts';
import { createReadiness } from '../features/status/readiness.service.ts';
import type { FileStore } from '../platform/files/file-store.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';
import type { ServerConfig } from './config.ts';
import type { OpenEnvironment } from './open-environment.ts';
import { DEFAULT_DRAIN, shutDown } from './shutdown.ts';

export interface OperationsParts {
  readonly app: FastifyInstance;
  readonly config: ServerConfig;
  readonly environment: OpenEnvironment;
  readonly files: FileStore;
  readonly metrics: Metrics;
  /** Lets jobs end; when the limit is aborted, stops them. */
  endJobs(limit: AbortSignal): Promise<void>;
  /** After the last job: writes down what is only in memory, and closes the databases. */
  finish(): Promise<void>;
}

/** What those who run a server need: its health, its metrics, and an end in good order. */
export function composeOperations(parts: OperationsParts): { readonly stop: () => Promise<void> } {
  const { app, config, environment, files, metrics } = parts;
  const readiness = createReadiness({ platform: environment, files });
  metrics.watchComponents(async () => ({ ...(await readiness.components()) }));
  healthRoutes(app, readiness);
  metricsRoutes(app, metrics, config.metrics ?? 'loopback');
  const stop = async (): Promise<void> => {
    const endJobs = (limit: AbortSignal): Promise<void> => parts.endJobs(limit);
    await shutDown({ ...(config.drain ?? DEFAULT_DRAIN), app, log: environment.log, readiness, endJobs });
    await parts.finish();
  };
  let stopped: Promise<void> | null = null;
  // Whoever asks a second time waits for the first.
  return { stop: () => (stopped ??= stop()) };
}
