import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from './clock.ts';
import type { Database } from './db/database.ts';
import type { LibraryTables } from './db/library-schema.ts';
import type { MetadataTables } from './db/metadata-schema.ts';
import type { IdSource } from './ids.ts';

export type MetadataDatabase = Database<MetadataTables>;
export type LibraryDatabase = Database<LibraryTables>;

/** What every feature is made from. */
export interface Platform {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: FastifyBaseLogger;
  readonly metadata: MetadataDatabase;
  readonly library: LibraryDatabase;
}
