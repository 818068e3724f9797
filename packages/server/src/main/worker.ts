import { AppError } from '@longshore/contracts';
import { composeMetadata } from '../features/metadata/compose-metadata.ts';
import { createLog } from '../platform/log/server-log.ts';
import { createMetrics } from '../platform/metrics/metrics.ts';
import { PLATFORM_VERSION } from '../platform/platform-version.ts';
import { openConfiguredStorage } from './compose.ts';
import { composeMigrations } from './compose-migrations.ts';
import { composeReloads } from './compose-reloads.ts';
import type { ServerConfig } from './config.ts';
import { startProbeServer, type ProbeParts } from './probe-server.ts';
import { createReadiness } from '../features/status/readiness.service.ts';
import { DEFAULT_DRAIN } from './shutdown.ts';
import { openEnvironment, type OpenEnvironment } from './open-environment.ts';

export interface RunningWorker {
  /** Where it answers `/healthz` and `/metrics`; null when it does not. */
  readonly probeAddress: string | null;
  /** Takes no new jobs, lets running ones end, then closes the databases. */
  close(): Promise<void>;
}

/**
 * Works on the jobs of an environment whose servers run elsewhere; resolves when it takes jobs. Everything that a job
 * needs is in the database and in the shared file store.
 * @throws AppError `databaseUnavailable`
 */
export async function startWorker(config: ServerConfig): Promise<RunningWorker> {
  const log = createLog({ name: `${config.name}-worker`, level: config.logLevel });
  const environment = await openEnvironment(config, log);
  try {
    if (environment.queues === null) {
      throw new AppError('invalid', 'A worker needs the PostgreSQL database of its environment: give --database.');
    }
    return await work(config, environment);
  } catch (error) {
    await environment.close();
    throw error;
  }
}

async function work(config: ServerConfig, environment: OpenEnvironment): Promise<RunningWorker> {
  const metrics = createMetrics(PLATFORM_VERSION);
  const storage = await openConfiguredStorage(config, environment, metrics);
  const { context } = composeMetadata(environment, {
    name: config.name,
    port: config.port,
    sessionTimeout: config.sessionTimeout,
  });
  const migrations = await composeMigrations({
    config,
    environment,
    storage,
    observer: metrics.jobs,
    libraryUrl: () => config.url ?? '',
    beforeJob: () => context.ended.release(),
  });
  const reloadJobs = await composeReloads(config, environment, metrics.jobs);
  const readiness = createReadiness({ platform: environment, files: storage.files });
  const probe = await startProbe(config, { log: environment.log, readiness, metrics });
  return {
    probeAddress: probe?.address ?? null,
    async close() {
      readiness.startDraining();
      const limit = AbortSignal.timeout((config.drain ?? DEFAULT_DRAIN).drainTimeout * 1000);
      await migrations.close(limit);
      await reloadJobs.drain();
      await environment.close();
      await probe?.close();
    },
  };
}

function startProbe(
  { host, probePort = null, metrics: access = 'loopback' }: ServerConfig,
  parts: Pick<ProbeParts, 'log' | 'readiness' | 'metrics'>,
): ReturnType<typeof startProbeServer> | null {
  return probePort === null ? null : startProbeServer({ ...parts, host, port: probePort, access });
}
