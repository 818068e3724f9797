import { setImmediate as afterAnswers } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '@longshore/contracts';
import { systemClock, wireDate } from '../../platform/clock.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { openConnection, type Connection, type Executor } from '../../platform/db/database.ts';
import { describeUnusable, isConnectionLost, isDatabaseUnusable } from '../../platform/db/unusable-database.ts';
import type { FileStore } from '../../platform/files/file-store.ts';
import { openFileStore, type StorePlace } from '../../platform/files/store-place.ts';
import { cancellationPoint, JobCancelled, type CancellationFlag } from '../../platform/jobs/job-cancellation.ts';
import { confirmLease, LeaseLost, type JobLease } from '../../platform/jobs/job-lease.ts';
import type { LaneAnswer, LaneRequest } from '../../platform/jobs/worker-lane.ts';
import { closeJob } from './job-cancellations.repository.ts';
import { createPackage, type CreatePackageParts } from './create/create-package.service.ts';
import { freezeBeside } from './create/freeze-beside.ts';
import { importPackage } from './import/import-package.service.ts';
import { validatePackage } from './import/validate-package.service.ts';
import {
  jobKeyOf,
  type CreateJob,
  type CreateResult,
  type MigrationJob,
  type MigrationResult,
  type NamedRef,
} from './migration-jobs.ts';
import { undoImport } from './undo/undo-import.service.ts';

/** What the thread is started with. */
export interface MigrationWorkerData {
  /** Where the metadata is; see `openConnection`. */
  readonly metadataLocation: string;
  readonly instanceId: string;
}

/** A job with what may change between two jobs. */
export interface MigrationOrder {
  readonly job: MigrationJob;
  readonly environment: NamedRef;
  /** Where the shared file store is. */
  readonly storage: StorePlace;
  /** Of a job that came from a queue: it commits only while it has it. */
  readonly lease?: JobLease;
  /** Table of the jobs in the same database; of a job that came from a queue. */
  readonly jobTable?: string;
}

/**
 * How long a writing job waits for the lock, in milliseconds. Mostly others hold it for moments, but it may also be a
 * long import: of another project while the configuration is written, or of the same one, because two who ask the queue
 * in the same moment get two jobs of a group. Whoever does not want to wait for it cancels the job.
 */
const LOCK_PATIENCE_MS = 30 * 60_000;
/**
 * How long the transaction of a writing job may pause between two statements, for the file store; then the next job gets
 * the lock of one whose worker the network hides, although something in between answers.
 */
const LONGEST_PAUSE_MS = 90_000;
/** At most so many progress messages a second cross the threads. */
const PROGRESS_EVERY_MS = 100;

const data = workerData as MigrationWorkerData;

async function run(order: MigrationOrder, flag: CancellationFlag): Promise<MigrationResult> {
  await closing;
  const mode = order.job.kind === 'create' ? 'reader' : 'writer';
  const cancellation = cancellationPoint(flag);
  // Before the connection, which from there on is closed by what follows, whatever happens.
  const files = await openStore(order.storage);
  const db = await openConnection<MetadataTables>(data.metadataLocation, {
    mode,
    busyTimeout: LOCK_PATIENCE_MS,
    longestPause: LONGEST_PAUSE_MS,
    whileWaiting: () => cancellation.check(),
  });
  const tellProgress = throttledProgress();
  const onProgress = (progress: number): void => {
    cancellation.check();
    tellProgress(progress);
  };
  const { environment, lease, jobTable } = order;
  const confirm = async (tx: Executor<MetadataTables>): Promise<void> => {
    if (lease) await confirmLease(tx, lease);
    if (jobTable !== undefined) await closeJob(tx, jobTable, jobKeyOf(order.job));
    cancellation.close();
  };
  const parts = { db, files, environment, now: () => wireDate(systemClock.now()), onProgress, confirm };
  try {
    cancellation.check();
    const { job } = order;
    switch (job.kind) {
      case 'create': {
        const created = await createBeside(job, db, { files, onProgress });
        // The file of one that is cancelled this late goes with its record, as that of any failed creation.
        cancellation.close();
        return created;
      }
      case 'import':
        return await importPackage(job, parts);
      case 'undo':
        return await undoImport(job, parts);
      case 'validate': {
        const validated = await validatePackage(job, parts);
        cancellation.close();
        return validated;
      }
    }
  } finally {
    closing = closeLater(db);
  }
}

/** Large packages are frozen by two threads from one snapshot. */
async function createBeside(
  job: CreateJob,
  db: Connection<MetadataTables>,
  parts: Omit<CreatePackageParts, 'snapshot'>,
): Promise<CreateResult> {
  const beside = freezeBeside(data.metadataLocation);
  try {
    return await db.transaction((snapshot) => createPackage(job, { ...parts, snapshot, beside }));
  } finally {
    await beside.close();
  }
}

/** What a job leaves behind is put away while its end is already told; the next job waits for it. */
let closing: Promise<void> = Promise.resolve();

/** Closing also drops the staging tables and the files behind them. What fails now changes nothing of how the job ended. */
async function closeLater(db: Connection<MetadataTables>): Promise<void> {
  await afterAnswers();
  await db.close().catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
}

let opened: { readonly place: string; readonly store: FileStore } | null = null;

/** The store of the last job again, with its connections, as long as it is in the same place. */
async function openStore(storage: StorePlace): Promise<FileStore> {
  const place = JSON.stringify(storage);
  if (opened?.place !== place) {
    opened = { place, store: await openFileStore(storage, { instanceId: data.instanceId, patience: 'job' }) };
  }
  return opened.store;
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

function answer(message: LaneAnswer<MigrationResult>): void {
  parentPort?.postMessage(message, message.kind === 'done' ? handedOver(message.result) : []);
}

/** The bytes of a content list are moved to the other thread: nobody needs them here any more. */
const handedOver = (result: MigrationResult): ArrayBuffer[] =>
  'content' in result ? result.content.map((piece) => piece.buffer) : [];

function failureOf(error: unknown): LaneAnswer<MigrationResult> {
  if (error instanceof LeaseLost) {
    return { kind: 'failed', message: error.message, errorKind: 'superseded', reason: 'superseded' };
  }
  if (isConnectionLost(error)) {
    // A commit may have been under way: the journal tells, once the database can be asked.
    return { kind: 'failed', message: describeUnusable(error), errorKind: 'databaseUnavailable', reason: 'lost' };
  }
  if (error instanceof JobCancelled) {
    return { kind: 'failed', message: error.message, errorKind: 'cancelled', reason: 'cancelled' };
  }
  if (error instanceof AppError) return { kind: 'failed', message: error.message, errorKind: error.kind };
  if (isDatabaseUnusable(error)) {
    return { kind: 'failed', message: describeUnusable(error), errorKind: 'databaseUnavailable' };
  }
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', message: cause, errorKind: null };
}

parentPort?.on('message', (request: LaneRequest<MigrationOrder>) => {
  run(request.job, request.flag).then(
    (result) => answer({ kind: 'done', result }),
    (error: unknown) => answer(failureOf(error)),
  );
});
