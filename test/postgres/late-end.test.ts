import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '@longshore/client';
import { startServer } from '@longshore/server';
import { startPostgres, type PostgresServer } from '../builders/postgres-server.ts';
import {
  aConfig,
  approvedPackage,
  isImported,
  PASSWORD,
  undo,
  YEAR,
  type TestServer,
} from '../e2e/two-environments.ts';
import { holdImport, isWaitedFor } from './held-import.ts';

let postgres: PostgresServer;
let node: TestServer;
let holder: Client;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  closing.push(() => postgres.close());
  const folder = await mkdtemp(join(tmpdir(), 'longshore-late-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const database = `${postgres.address}?schema=late`;
  const config = aConfig(folder, { name: 'late', sample: 'tutorial', database, workers: 1 });
  const running = await startServer(config);
  closing.push(() => running.close());
  const client = createClient({ baseUrl: running.url });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  node = { config, running, client };
  holder = new Client({ connectionString: postgres.address });
  await holder.connect();
  closing.push(() => holder.end());
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const statusOf = async (id: string): Promise<string | undefined> =>
  (await node.client.migrations.get(id)).importInfo.status;

const IS_IMPORT = `state = 'active' AND data -> 'job' ->> 'kind' = 'import'`;

it('an end that is about to be written is not written any more when the job has gone to another worker', async () => {
  const record = await approvedPackage(node, node, {
    content: [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }],
  });
  const held = await holdImport(node, record);
  closing.push(() => held.close());
  // The import is committed, and its worker waits for the lock of those who write to records.
  await holder.query(`SELECT pg_advisory_lock(hashtextextended('late_library', 0))`);
  await held.close();
  await expect.poll(() => isWaitedFor(holder, postgres.address), { timeout: 30_000 }).toBe(true);
  await holder.query(`UPDATE late_jobs.job SET retry_count = retry_count + 1 WHERE ${IS_IMPORT}`);
  await holder.query('SELECT pg_advisory_unlock_all()');

  // It is done with its job when it has done another one.
  await approvedPackage(node, node, { content: [{ id: YEAR, type: 12 }] });
  expect(await statusOf(record.id)).toBe('importing');

  // The other worker finds in the journal that the import was committed.
  await holder.query(`UPDATE late_jobs.job SET state = 'retry', start_after = now() WHERE ${IS_IMPORT}`);
  const ended = await node.client.migrations.waitFor(record.id, isImported);
  expect(ended.importInfo).toMatchObject({
    status: 'imported',
    progress: 100,
    undoStorage: { size: expect.any(Number) },
  });
  expect((await undo(node, record.id)).importInfo.status).toBe('undo_success');
});
