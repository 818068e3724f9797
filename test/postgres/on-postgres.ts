import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ServerConfig } from '@longshore/server';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';
import { aConfig, startedServer, type TestServer } from '../e2e/two-environments.ts';

/** A PostgreSQL and a folder of a suite's own, and what it starts on them. */
export interface OnPostgres {
  readonly postgres: PostgresServer;
  readonly folder: string;
  /** What ends with `close`, the last first; a suite adds its own. */
  readonly closing: AsyncDisposableStack;
  /** `--database` of an environment. */
  databaseOf(schema: string): string;
  /** A connection that no environment has. */
  connect(): Promise<Client>;
  /** A server in a schema of its name, unless the changes say another database, with Administrator logged in. */
  serve(changes: Partial<ServerConfig> & { readonly name: string }): Promise<TestServer>;
  close(): Promise<void>;
}

/** @param starting another PostgreSQL than the usual one */
export async function onPostgres(starting: Promise<PostgresServer> = startPostgres()): Promise<OnPostgres> {
  const closing = new AsyncDisposableStack();
  const postgres = await starting;
  closing.defer(() => postgres.close());
  const folder = await mkdtemp(join(tmpdir(), 'longshore-on-postgres-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  const databaseOf = (schema: string): string => `${postgres.address}?schema=${schema}`;
  return {
    postgres,
    folder,
    closing,
    databaseOf,
    async connect() {
      const client = new Client({ connectionString: postgres.address });
      await client.connect();
      closing.defer(() => client.end());
      return client;
    },
    async serve(changes) {
      const config = aConfig(folder, { database: databaseOf(changes.name), ...changes });
      const server = await startedServer(config);
      closing.defer(() => server.running.close());
      return server;
    },
    close: () => closing.disposeAsync(),
  };
}
