import { pino } from 'pino';
import { AppError } from '@longshore/contracts';
import { composeMetadata } from '../features/metadata/compose-metadata.ts';
import { openConfiguredStorage } from './compose.ts';
import { composeMigrations } from './compose-migrations.ts';
import type { ServerConfig } from './config.ts';
import { openEnvironment, type OpenEnvironment } from './open-environment.ts';

export interface RunningWorker {
  /** Takes no new jobs, lets running ones end, then closes the databases. */
  close(): Promise<void>;
}

/**
 * Works on the jobs of an environment whose servers run elsewhere; resolves when it takes jobs. Everything that a job
 * needs is in the database and in the shared file store.
 * @throws AppError `databaseUnavailable`
 */
export async function startWorker(config: ServerConfig): Promise<RunningWorker> {
  const log = pino({ name: `longshore-${config.name}-worker`, level: config.logLevel });
  const environment = await openEnvironment(config, log);
  try {
    if (environment.queue === null) {
      throw new AppError('invalid', 'A worker needs the PostgreSQL database of its environment: give --database.');
    }
    return await work(config, environment);
  } catch (error) {
    await environment.close();
    throw error;
  }
}

async function work(config: ServerConfig, environment: OpenEnvironment): Promise<RunningWorker> {
  const storage = await openConfiguredStorage(config, environment);
  const { context } = composeMetadata(environment, {
    name: config.name,
    port: config.port,
    sessionTimeout: config.sessionTimeout,
  });
  const migrations = await composeMigrations({
    config,
    environment,
    storage,
    libraryUrl: () => config.url ?? '',
    beforeJob: () => context.ended.release(),
  });
  return {
    async close() {
      await migrations.close();
      await environment.close();
    },
  };
}
