import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approvedPackage, isImported, undo, YEAR, type TestServer } from '../e2e/two-environments.ts';
import { holdImport, isWaitedFor } from './held-import.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

let on: OnPostgres;
let node: TestServer;
let holder: Client;

beforeAll(async () => {
  on = await onPostgres();
  node = await on.serve({ name: 'late', sample: 'tutorial', workers: 1 });
  holder = await on.connect();
});
afterAll(() => on?.close());

const statusOf = async (id: string): Promise<string | undefined> =>
  (await node.client.migrations.get(id)).importInfo.status;

const IS_IMPORT = `state = 'active' AND data -> 'job' ->> 'kind' = 'import'`;

it('an end that is about to be written is not written any more when the job has gone to another worker', async () => {
  const record = await approvedPackage(node, node, {
    content: [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }],
  });
  const held = await holdImport(node, record);
  on.closing.defer(() => held.close());
  // The import is committed, and its worker waits for the lock of those who write to records.
  await holder.query(`SELECT pg_advisory_lock(hashtextextended('late_library', 0))`);
  await held.close();
  await expect.poll(() => isWaitedFor(holder, on.postgres.address)).toBe(true);
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
