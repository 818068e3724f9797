import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ServerConfig } from '@longshore/server';
import { postgresLocation, splitLocation } from '../../packages/server/src/platform/db/location.ts';

/**
 * Keeps everybody from writing to the metadata of an environment, so that a job stays where it is for as long as a test
 * needs. @returns lets them go on
 */
export async function holdWrites({ database, dataDirectory }: ServerConfig): Promise<() => Promise<void>> {
  if (!database) {
    const file = new DatabaseSync(join(dataDirectory, 'metadata.sqlite'));
    file.exec('PRAGMA busy_timeout = 30000');
    file.exec('BEGIN IMMEDIATE');
    return async () => file.close();
  }
  const { address, schema } = splitLocation(postgresLocation(database, 'metadata'));
  const client = new Client({ connectionString: address });
  await client.connect();
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [schema]);
  return () => client.end();
}
