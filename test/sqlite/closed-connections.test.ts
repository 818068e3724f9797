import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { JobOutcome } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { createMigrationRunner } from '../../packages/server/src/features/migrations/migration-runner.ts';
import { openDatabase } from '../../packages/server/src/platform/db/database.ts';
import { METADATA_MIGRATIONS } from '../../packages/server/src/platform/db/metadata-tables.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { UNDO_JOB } from '../builders/undo-job.ts';

// The log of SQLite goes with the last connection, so that it tells whether one is open.
it('a database that was only opened is closed, and a job whose file store cannot be opened leaves no connection', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-closed-'));
  const location = join(folder, 'metadata.sqlite');
  const open = { location, migrations: METADATA_MIGRATIONS, lockPatience: 1000 };
  await (await openDatabase<MetadataTables>(open)).close();
  expect(existsSync(`${location}-wal`)).toBe(false);
  const outcomes: JobOutcome[] = [];
  const runner = createMigrationRunner({
    adopt: () => undefined,
    metadataLocation: location,
    instanceId: '../no name for files',
    log: pino({ level: 'silent' }),
    beforeJob: () => Promise.resolve(),
    environment: () => ({ id: 'dev', name: 'dev' }),
    storagePlace: async () => ({ kind: 'folder', location: folder }),
    listener: {
      progressed: () => undefined,
      ended: async (_job, outcome) => void outcomes.push(outcome),
      superseded: () => Promise.resolve(),
    },
  });
  runner.submit(UNDO_JOB);
  await runner.drain();
  expect(outcomes).toEqual([expect.objectContaining({ kind: 'failed' })]);
  expect(existsSync(`${location}-wal`)).toBe(false);
  await runner.close();
  await rm(folder, { recursive: true });
});
