import { Client } from 'pg';
import { expect } from 'vitest';
import type { Migration } from '@longshore/client';
import { isImported, PROJECT, type TestServer } from '../e2e/two-environments.ts';

/** A real import into `PROJECT` that has written everything, and waits before its commit. */
export interface HeldImport {
  readonly record: Migration;
  isRunning(): Promise<boolean>;
  /** Lets it go on, and waits for its end. */
  end(): Promise<Migration>;
  /** Whatever became of the test. */
  close(): Promise<void>;
}

/** Takes the row of the project's revision, which an import writes at its end, and starts the import. */
export async function holdImport(target: TestServer, record: Migration): Promise<HeldImport> {
  const address = new URL(target.config.database ?? '');
  const schema = address.searchParams.get('schema');
  address.searchParams.delete('schema');
  const holder = new Client({ connectionString: address.href });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query(
      `INSERT INTO ${schema}_metadata.scope_revision (scope, revision) VALUES ($1, 1)
       ON CONFLICT (scope) DO UPDATE SET revision = scope_revision.revision`,
      [PROJECT],
    );
    await target.client.migrations.import(record, { projectId: PROJECT, undoPackage: 'generate' });
    await expect.poll(async () => isWaitedFor(holder, address.href)).toBe(true);
  } catch (error) {
    await holder.end();
    throw error;
  }
  return {
    record,
    isRunning: async () => !isImported(await target.client.migrations.get(record.id)),
    async end() {
      await holder.query('ROLLBACK');
      return target.client.migrations.waitFor(record.id, isImported);
    },
    close: () => holder.end(),
  };
}

/** Whether anybody waits for what a connection has locked. Asked from a connection of its own: in a transaction, the
 * server's activity stays as it was first seen. */
export async function isWaitedFor(holder: Client, address: string): Promise<boolean> {
  const { rows: own } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    const waiting = 'SELECT 1 FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid))';
    return (await client.query(waiting, [own[0]?.pid])).rows.length > 0;
  } finally {
    await client.end();
  }
}
