import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EnvironmentConfig, Services } from '../src/index.ts';
import { noServices, recordingIo, run } from './recording-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-cli-db-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ADDRESS = 'postgres://db.example.com/longshore?schema=prod';

it('copies between a data folder and an address, and says how much', async () => {
  const asked: string[][] = [];
  const services: Services = {
    ...noServices,
    copyEnvironment: async (from, to) => {
      asked.push([from, to]);
      return { tables: 38, rows: 1 };
    },
  };
  writeFileSync(join(folder, 'metadata.sqlite'), '');
  const ran = await run(['db', 'copy', '--from', '.', '--to', ADDRESS], recordingIo({ cwd: folder }), services);
  expect(ran).toMatchObject({ code: 0, out: 'Copied 1 row of 38 tables.\n' });
  expect(asked).toEqual([[folder, ADDRESS]]);
  const none = await run(['db', 'copy', '--from', 'none', '--to', ADDRESS], recordingIo({ cwd: folder }), services);
  expect(none).toMatchObject({ code: 2 });
  expect(none.err).toContain('there is no environment in');
});

it('makes tables, and tells a failure with what was behind it', async () => {
  const refusing: Services = {
    ...noServices,
    migrateEnvironment: () =>
      Promise.reject(new Error('contact your administrator', { cause: new Error('The database cannot be used.') })),
  };
  const failed = await run(['db', 'migrate', '--database', ADDRESS], recordingIo(), refusing);
  expect(failed).toMatchObject({ code: 3 });
  expect(failed.err).toContain('The database cannot be used.');
  expect(failed.err).not.toContain('administrator');

  const migrated: string[] = [];
  const services: Services = { ...noServices, migrateEnvironment: async (place) => void migrated.push(place) };
  const ran = await run(['db', 'migrate'], recordingIo({ env: { LONGSHORE_DATABASE: ADDRESS } }), services);
  expect([ran.code, migrated]).toEqual([0, [ADDRESS]]);
  expect((await run(['db', 'migrate', '--database', 'sqlite'], recordingIo(), services)).code).toBe(2);
});

it('runs a worker with the settings of its servers, until it is stopped', async () => {
  const started: EnvironmentConfig[] = [];
  let closed = 0;
  const services: Services = {
    ...noServices,
    startWorker: async (config) => {
      started.push(config);
      return { probeAddress: null, close: async () => void (closed += 1) };
    },
  };
  const io = recordingIo({ cwd: folder, onOutput: (text) => text.includes('is ready') && io.interrupt('SIGTERM') });
  const ran = await run(['worker', '--name', 'prod', '--database', ADDRESS, '--workers', '3'], io, services);
  expect([ran.code, closed]).toEqual([0, 1]);
  expect(started).toMatchObject([{ name: 'prod', database: ADDRESS, workers: 3, autoMigrate: false }]);
  const without = await run(['worker', '--name', 'prod'], recordingIo({ cwd: folder }), services);
  expect([without.code, without.err]).toEqual([2, expect.stringContaining('needs the PostgreSQL database')]);
});
