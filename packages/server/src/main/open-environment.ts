import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { systemClock } from '../platform/clock.ts';
import { openDatabase } from '../platform/db/database.ts';
import { postgresLocation, type EnvironmentPart } from '../platform/db/location.ts';
import type { LibraryTables } from '../platform/db/library-schema.ts';
import { LIBRARY_MIGRATIONS } from '../platform/db/library-tables.ts';
import type { MetadataTables } from '../platform/db/metadata-schema.ts';
import { METADATA_MIGRATIONS } from '../platform/db/metadata-tables.ts';
import { randomIds } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import type { JobQueueOptions, JobQueues } from '../platform/jobs/job-queue.ts';
import type { ServerConfig } from './config.ts';

/** How long a request that writes metadata waits for an import to let go of the lock, in milliseconds. */
const LOCK_PATIENCE_MS = 10_000;

export interface OpenEnvironment extends Platform {
  /** Names this environment's unfinished files in the store that it shares with others. */
  readonly instanceId: string;
  /** Jobs that any process of the environment may take; null where this process is the only one. */
  readonly queues: JobQueues | null;
  close(): Promise<void>;
}

/**
 * Opens, or creates, the databases of an environment.
 * @throws AppError `databaseUnavailable` when one of them cannot be used
 */
export async function openEnvironment(
  { dataDirectory, database, autoMigrate }: Pick<ServerConfig, 'dataDirectory' | 'database' | 'autoMigrate'>,
  log: FastifyBaseLogger,
): Promise<OpenEnvironment> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const locationOf = (part: EnvironmentPart): string =>
    database ? postgresLocation(database, part) : join(dataDirectory, `${part}.sqlite`);
  const tables = autoMigrate === false ? 'check' : 'migrate';
  const library = await openDatabase<LibraryTables>({
    location: locationOf('library'),
    migrations: LIBRARY_MIGRATIONS,
    lockPatience: LOCK_PATIENCE_MS,
    tables,
  });
  const metadata = await openDatabase<MetadataTables>({
    location: locationOf('metadata'),
    migrations: METADATA_MIGRATIONS,
    lockPatience: LOCK_PATIENCE_MS,
    tables,
  });
  return {
    clock: systemClock,
    ids: randomIds,
    log,
    metadata,
    library,
    queues: database ? await openQueues({ database, tables, log }) : null,
    instanceId: await readInstanceId(join(dataDirectory, 'instance-id')),
    async close() {
      await metadata.close();
      await library.close();
    },
  };
}

/** Loaded when it is needed: a server on SQLite is not to carry it. */
async function openQueues(options: JobQueueOptions): Promise<JobQueues> {
  const { openJobQueues } = await import('../platform/jobs/job-queue.ts');
  return openJobQueues(options);
}

/** Made once and kept: after a restart the environment must recognise what it left unfinished. */
async function readInstanceId(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  const id = randomUUID();
  await writeFile(file, `${id}\n`, { mode: 0o600 });
  return id;
}
