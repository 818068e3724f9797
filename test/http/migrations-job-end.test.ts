import { pino } from 'pino';
import { expect, it } from 'vitest';
import { AppError } from '@longshore/contracts';
import type { JobOutcome } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { createMigrationRunner } from '../../packages/server/src/features/migrations/migration-runner.ts';
import { UNDO_JOB } from '../builders/undo-job.ts';

/** A runner whose jobs fail at once, and whose records cannot be written as often as `failures` says. */
function aRunner(failures: number) {
  const told: JobOutcome[] = [];
  let tries = 0;
  let recorded: () => void;
  const isRecorded = new Promise<void>((resolve) => (recorded = resolve));
  const runner = createMigrationRunner({
    adopt: () => undefined,
    metadataLocation: 'none.sqlite',
    instanceId: 'dev',
    log: pino({ level: 'silent' }),
    environment: () => ({ id: 'dev', name: 'dev' }),
    storagePlace: async () => {
      throw new AppError('storageMisconfigured', 'No storage.');
    },
    listener: {
      progressed: () => undefined,
      async ended(_job, outcome) {
        tries += 1;
        if (tries <= failures) throw new Error('database or disk is full');
        told.push(outcome);
        recorded();
      },
      superseded: () => Promise.resolve(),
    },
    beforeJob: () => Promise.resolve(),
  });
  return { runner, told, isRecorded, tries: () => tries };
}

it('the end of a job is recorded once that is possible again', async () => {
  const { runner, told, isRecorded } = aRunner(1);
  runner.submit(UNDO_JOB);
  await isRecorded;
  expect(told).toEqual([{ kind: 'failed', message: 'No storage.' }]);
  await runner.drain();
  await runner.close();
});

it('a server that stops does not wait for it', async () => {
  const { runner, told, tries } = aRunner(Number.POSITIVE_INFINITY);
  runner.submit(UNDO_JOB);
  await runner.drain();
  expect([told, tries()]).toEqual([[], expect.any(Number)]);
  await runner.close();
});
