import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@longshore/client';
import { startServer } from '@longshore/server';
import { expect, it, onTestFinished } from 'vitest';
import { backUp } from '../../packages/cli/src/backup/back-up.ts';
import {
  approvedPackage,
  dumpOf,
  importInto,
  PASSWORD,
  PROJECT,
  twoEnvironments,
  undo,
  YEAR,
} from './two-environments.ts';

const WHOLE_YEAR = { content: [{ id: YEAR, type: 12, includeDependents: true }] };

/** The steps of docs/operations.md, backup and restore. */
it('a backup of a running server, put into an empty data folder, is the environment as it was', async () => {
  await using pair = await twoEnvironments();
  const { dev, prod, folder } = pair;
  const untouched = await dumpOf(prod);
  const record = await approvedPackage(dev, prod, WHOLE_YEAR);
  await importInto(prod, record);
  const before = await dumpOf(prod);

  const backup = join(folder, 'backup');
  // Somebody writes meanwhile; the backup has all of it, or nothing.
  const [copies] = await Promise.all([backUp(prod.config.dataDirectory, backup), prod.client.projects.list()]);
  expect(copies.map(({ file }) => file)).toEqual([join(backup, 'metadata.sqlite'), join(backup, 'library.sqlite')]);
  await cp(join(folder, 'storage'), join(backup, 'storage'), { recursive: true });
  expect((await readdir(backup)).toSorted()).toEqual(['library.sqlite', 'metadata.sqlite', 'storage']);
  expect((await stat(join(backup, 'library.sqlite'))).mode & 0o077).toBe(0);

  await undo(prod, record.id);
  await prod.client.migrations.deletePackage(record.packageInfo.id);
  await prod.running.close();
  await rm(prod.config.dataDirectory, { recursive: true });
  await rm(join(folder, 'storage'), { recursive: true });

  await mkdir(prod.config.dataDirectory, { mode: 0o700 });
  for (const name of ['metadata.sqlite', 'library.sqlite']) {
    await cp(join(backup, name), join(prod.config.dataDirectory, name));
  }
  await cp(join(backup, 'storage'), join(folder, 'storage'), { recursive: true });
  const running = await startServer({ ...prod.config, adminPassword: null, sample: null });
  onTestFinished(() => running.close());
  const client = createClient({ baseUrl: running.url });
  await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  const restored = { ...prod, running, client };
  expect(await dumpOf(restored)).toBe(before);
  expect((await client.migrations.get(record.id)).importInfo).toMatchObject({ status: 'imported' });
  // The undo package is there, and works.
  expect((await undo(restored, record.id, PROJECT)).importInfo.status).toBe('undo_success');
  expect(await dumpOf(restored)).toBe(untouched);
});

it('a backup is refused where there is one, and where there is nothing to copy', async () => {
  await using pair = await twoEnvironments();
  const { dataDirectory } = pair.dev.config;
  const backup = join(pair.folder, 'backup');
  await expect(backUp(join(pair.folder, 'nothing'), backup)).rejects.toThrow('There is no metadata.sqlite in');
  await backUp(dataDirectory, backup);
  await expect(backUp(dataDirectory, backup)).rejects.toThrow('Give a folder of its own to each backup');
  const damaged = join(pair.folder, 'damaged');
  await mkdir(damaged);
  for (const name of ['metadata.sqlite', 'library.sqlite'])
    await writeFile(join(damaged, name), 'no database '.repeat(99));
  await expect(backUp(damaged, join(pair.folder, 'other'))).rejects.toThrow('could not be copied');
  expect(await readdir(join(pair.folder, 'other'))).toEqual([]);
});
