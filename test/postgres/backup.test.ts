import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { idOf } from '../builders/objects.ts';
import { startPostgres } from '../builders/postgres-server.ts';
import { preparePostgresTools } from '../builders/postgres-tools.ts';
import { approvedPackage, dumpOf, importInto, isImported, PROJECT, undo, YEAR } from '../e2e/two-environments.ts';
import { holdImport } from './held-import.ts';
import { onPostgres } from './on-postgres.ts';

const run = promisify(execFile);

/** The steps of docs/operations.md, backup and restore, with the programs of PostgreSQL itself. */
it('a backup that was taken while an import ran is, in another database, the environment as it was before', async () => {
  const tools = preparePostgresTools();
  const on = await onPostgres(startPostgres({}, tools));
  onTestFinished(() => on.close());
  const { postgres, folder } = on;
  const dev = await on.serve({ name: 'dev', sample: 'tutorial' });
  const prod = await on.serve({ name: 'prod', sample: 'tutorial-prod' });
  const untouched = await dumpOf(prod);
  const content = [{ id: YEAR, type: 12, action: 'force_replace', includeDependents: true }];
  const first = await importInto(prod, await approvedPackage(dev, prod, { content }));
  const before = await dumpOf(prod);
  const fingerprint = await prod.client.metadata.fingerprint({ projectId: PROJECT });

  const held = await holdImport(prod, await approvedPackage(dev, prod, { content }));
  on.closing.defer(() => held.close());
  const file = join(folder, 'prod.dump');
  await run(tools.pgDump, ['--format=custom', '--schema=prod_*', `--file=${file}`, postgres.address]);
  await cp(join(folder, 'storage'), join(folder, 'restored-storage'), { recursive: true });
  expect(await held.isRunning()).toBe(true);
  expect((await held.end()).importInfo.status).toBe('imported');

  // The environment that was backed up goes on; nothing of that is in the backup.
  const later = JSON.stringify({ kind: 'project', id: idOf('Later'), name: 'Later' });
  await prod.client.metadata.load(new Blob([later]).stream());
  expect(await dumpOf(prod)).not.toBe(before);

  await createDatabase(postgres.address, 'restored');
  const restoredAddress = postgres.address.replace(/\/postgres$/, '/restored');
  await run(tools.pgRestore, ['--exit-on-error', '--no-owner', `--dbname=${restoredAddress}`, file]);
  const restored = await on.serve({
    ...prod.config,
    dataDirectory: join(folder, 'restored'),
    storageLocation: join(folder, 'restored-storage'),
    database: `${restoredAddress}?schema=prod`,
    adminPassword: null,
    autoMigrate: false,
  });
  expect(await dumpOf(restored)).toBe(before);
  expect(await restored.client.metadata.fingerprint({ projectId: PROJECT })).toEqual(fingerprint);

  // The import was under way at that moment: it comes to rest, and can be made again.
  const settled = await restored.client.migrations.waitFor(held.record.id, isImported);
  expect(settled.importInfo).toMatchObject({
    status: 'import_failed',
    message: expect.stringContaining('interrupted'),
  });
  expect(await dumpOf(restored)).toBe(before);
  expect((await undo(restored, first.id)).importInfo.status).toBe('undo_success');
  expect(await dumpOf(restored)).toBe(untouched);
});

async function createDatabase(address: string, name: string): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  await client.end();
}
