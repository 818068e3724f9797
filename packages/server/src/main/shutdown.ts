import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Readiness } from '../features/status/readiness.service.ts';
import { untilAborted } from '../platform/jobs/drain-jobs.ts';

/** How a server stops. */
export interface DrainOptions {
  /** How long it says that it is not ready before it stops to answer, so that a load balancer has seen it; seconds. */
  readonly drainDelay: number;
  /** How long running requests, and then jobs, may take to end; seconds, over both. */
  readonly drainTimeout: number;
}

export const DEFAULT_DRAIN: DrainOptions = { drainDelay: 0, drainTimeout: 300 };

export interface ShutdownParts extends DrainOptions {
  readonly app: FastifyInstance;
  readonly log: FastifyBaseLogger;
  readonly readiness: Readiness;
  /** Lets jobs end; when the limit is aborted, stops them. */
  endJobs(limit: AbortSignal): Promise<void>;
}

/** Takes no new work, lets what runs end, and cuts off at the limit what does not. */
export async function shutDown(parts: ShutdownParts): Promise<void> {
  const { app, log, readiness, drainDelay, drainTimeout } = parts;
  readiness.startDraining();
  log.info({ drainDelay, drainTimeout }, 'stopping: no new work is taken, and what runs may end');
  if (drainDelay > 0) await delay(drainDelay * 1000);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), drainTimeout * 1000);
  try {
    await endRequests(app, limit.signal, log);
    await parts.endJobs(limit.signal);
    if (limit.signal.aborted) log.warn('what had not ended by the drain time-out was stopped');
  } finally {
    clearTimeout(timer);
  }
  log.info('stopped');
}

async function endRequests(app: FastifyInstance, limit: AbortSignal, log: FastifyBaseLogger): Promise<void> {
  const closed = app.close();
  const isOver = await Promise.race([closed.then(() => false), untilAborted(limit).then(() => true)]);
  if (isOver) {
    log.warn('connections that were still in use at the drain time-out are cut');
    app.server.closeAllConnections();
  }
  await closed;
}
