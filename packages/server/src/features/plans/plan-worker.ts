import { parentPort, workerData } from 'node:worker_threads';
import { AppError, MESSAGES } from '@longshore/contracts';
import { systemClock, wireDate } from '../../platform/clock.ts';
import { openConnection } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { isDatabaseUnusable } from '../../platform/db/unusable-database.ts';
import { openFileStore } from '../../platform/files/store-place.ts';
import { cancellationPoint, JobCancelled, type CancellationFlag } from '../../platform/jobs/job-cancellation.ts';
import type { LaneAnswer, LaneRequest } from '../../platform/jobs/worker-lane.ts';
import { makePlan } from './make-plan.ts';
import type { MadePlan, PlanOrder, PlanWorkerData } from './plan-job.ts';

/** How long a batch of rows waits for others who write to the library database, in milliseconds. */
const LOCK_PATIENCE_MS = 30_000;
/** At most so many progress messages a second cross the threads. */
const PROGRESS_EVERY_MS = 100;

const data = workerData as PlanWorkerData;
const now = (): string => wireDate(systemClock.now());

async function run({ job, environment, storage }: PlanOrder, flag: CancellationFlag): Promise<MadePlan> {
  const cancellation = cancellationPoint(flag);
  const tellProgress = throttledProgress();
  const onProgress = (progress: number): void => {
    cancellation.check();
    tellProgress(progress);
  };
  const busyTimeout = LOCK_PATIENCE_MS;
  const db = await openConnection<MetadataTables>(data.metadataLocation, { mode: 'snapshot', busyTimeout });
  const library = await openConnection<LibraryTables>(data.libraryLocation, { mode: 'writer', busyTimeout });
  const files = await openFileStore(storage, { instanceId: data.instanceId, patience: 'job' });
  try {
    cancellation.check();
    return await makePlan(job, { db, library, files, environment, now, onProgress });
  } finally {
    // Closing also drops the staging tables and the files behind them.
    await db.close();
    await library.close();
  }
}

function throttledProgress(): (progress: number) => void {
  let toldAt = 0;
  return (progress) => {
    const now = performance.now();
    if (now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    answer({ kind: 'progress', progress });
  };
}

function answer(message: LaneAnswer<MadePlan>): void {
  parentPort?.postMessage(message);
}

function failureOf(error: unknown): LaneAnswer<MadePlan> {
  if (error instanceof JobCancelled) {
    return { kind: 'failed', message: error.message, errorKind: 'cancelled', reason: 'cancelled' };
  }
  if (error instanceof AppError) return { kind: 'failed', message: error.message, errorKind: error.kind };
  const cause = error instanceof Error ? error.message : String(error);
  if (isDatabaseUnusable(error)) {
    const message = `${MESSAGES.databaseUnavailable} The database says: ${cause}.`;
    return { kind: 'failed', message, errorKind: 'databaseUnavailable' };
  }
  return { kind: 'failed', message: error instanceof Error ? (error.stack ?? cause) : cause, errorKind: null };
}

parentPort?.on('message', (request: LaneRequest<PlanOrder>) => {
  run(request.job, request.flag).then(
    (result) => answer({ kind: 'done', result }),
    (error: unknown) => answer(failureOf(error)),
  );
});
