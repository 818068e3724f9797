import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Migration } from '@longshore/client';
import { aTcpProxy, type TcpProxy } from '../builders/tcp-proxy.ts';
import { approvedPackage, dumpOf, importInto, PROJECT, undo, YEAR, type TestServer } from '../e2e/two-environments.ts';
import { Node, type Deployment } from '../faults/processes.ts';
import { holdImport } from './held-import.ts';
import { onPostgres, type OnPostgres } from './on-postgres.ts';

/**
 * A worker, as a process, whose network to the database is cut while an import is held before its commit. The server
 * that answers has a network of its own, and does no work; another worker comes when the first one is cut off.
 */
const SCHEMA = 'shared';
const AT_LAST = { timeout: 150_000, interval: 250 };
const TOLD =
  'The import was interrupted by a failure of the thread that ran it; the target is unchanged. Start it again.';

let on: OnPostgres;
let network: TcpProxy;
let database: Client;
let dev: TestServer;
let prod: TestServer;
let direct: Deployment;
let behindNetwork: Deployment;
let worker: Node;
let untouched: string;

beforeAll(async () => {
  on = await onPostgres();
  network = on.closing.use(await aTcpProxy(Number(new URL(on.postgres.address).port)));
  database = await on.connect();
  dev = await on.serve({ name: 'dev', sample: 'tutorial' });
  prod = await on.serve({ name: SCHEMA, sample: 'tutorial-prod', workers: 0 });
  const { folder } = on;
  direct = { folder, database: on.databaseOf(SCHEMA), storage: ['--storage', join(folder, 'storage')], env: {} };
  // A user of its own tells its connections from those of the others.
  await database.query('CREATE ROLE far SUPERUSER LOGIN');
  const through = new URL(direct.database);
  through.username = 'far';
  through.port = String(network.port);
  behindNetwork = { ...direct, database: through.href };
  worker = new Node('far', ['worker', '--workers', '1'], behindNetwork);
  await worker.start();
  on.closing.defer(() => worker.kill());
  untouched = await dumpOf(prod, PROJECT);
});
afterAll(() => on?.close());
beforeEach(() => network.mend());

const aPackage = (): Promise<Migration> =>
  approvedPackage(dev, prod, {
    content: [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }],
  });

async function countOf(sql: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await database.query<{ n: string }>(sql, [...values]);
  return Number(rows[0]?.n);
}
const JOBS = `SELECT count(*) AS n FROM ${SCHEMA}_jobs.job WHERE name = 'migrations'`;

/** Transactions that the worker behind the network has open. */
const openTransactions = (): Promise<number> =>
  countOf(`SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'far' AND xact_start IS NOT NULL`);

/** The first worker takes jobs: it makes what it is asked for, with nobody else there. */
async function expectItWorks(): Promise<void> {
  const record = await aPackage();
  expect((await importInto(prod, record)).importInfo.status).toBe('imported');
  expect((await undo(prod, record.id)).importInfo).toMatchObject({ status: 'undo_success' });
  expect(await dumpOf(prod, PROJECT)).toBe(untouched);
}

/** While the near worker is held by its job, only the late one can make this, once it is done with its own. */
const expectLateWorkerIsDone = (): Promise<Migration> =>
  approvedPackage(prod, prod, { content: [{ id: YEAR, type: 12 }] });

/** Without a word, as where something in between answers for a machine that is away; and with one, to both sides. */
const CUTS = [
  { what: 'silently', cut: () => network.freeze() },
  { what: 'with every connection broken', cut: () => network.cut() },
] as const;

it.each(CUTS)(
  'an import whose worker is cut off $what is told, undone, and can be sent again',
  async ({ cut }) => {
    await expectItWorks();
    const record = await aPackage();
    const held = await holdImport(prod, record);
    on.closing.defer(() => held.close());
    cut();
    const other = new Node('near', ['worker', '--workers', '1'], direct);
    await other.start();
    on.closing.defer(() => other.kill());
    const lost = await held.end();
    expect(lost.importInfo).toMatchObject({ status: 'import_failed', message: TOLD });
    expect(await dumpOf(prod, PROJECT)).toBe(untouched);

    // What the cut connection holds is given back: the next imports get through, the same record again and another one.
    await vi.waitFor(async () => expect(await openTransactions()).toBe(0), AT_LAST);
    const another = await aPackage();
    expect((await importInto(prod, another)).importInfo.status).toBe('imported');
    expect((await undo(prod, another.id)).importInfo).toMatchObject({ status: 'undo_success' });
    expect(await dumpOf(prod, PROJECT)).toBe(untouched);

    // The network is back while the same record is imported again: the late worker neither commits nor tells an end.
    const again = await holdImport(prod, record);
    on.closing.defer(() => again.close());
    network.mend();
    await expectLateWorkerIsDone();
    expect((await prod.client.migrations.get(record.id)).importInfo.status).toBe('importing');
    expect((await again.end()).importInfo).toMatchObject({ status: 'imported', progress: 100 });
    expect((await undo(prod, record.id)).importInfo).toMatchObject({ status: 'undo_success' });
    expect(await dumpOf(prod, PROJECT)).toBe(untouched);

    await other.stop();
    await expectItWorks();
    expect(await countOf(`${JOBS} AND state IN ('created', 'retry', 'active')`)).toBe(0);
  },
  400_000,
);
