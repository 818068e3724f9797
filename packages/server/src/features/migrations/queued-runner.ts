import { setTimeout as delay } from 'node:timers/promises';
import type { LibraryDatabase } from '../../platform/platform.ts';
import { splitLocation } from '../../platform/db/location.ts';
import { awaitEnd, type JobLease } from '../../platform/jobs/job-lease.ts';
import type { JobQueue, QueuedJob } from '../../platform/jobs/job-queue.ts';
import { JobThreads } from '../../platform/jobs/job-threads.ts';
import { WorkerLane } from '../../platform/jobs/worker-lane.ts';
import { JobCancellation } from '../../platform/jobs/job-cancellation.ts';
import { cancelledOutcome } from './cancelled-outcome.ts';
import { jobKeyOf, type JobRunner, type JobSequel, type MigrationJob, type NamedRef } from './migration-jobs.ts';
import { jobCancellations } from './job-cancellations.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import {
  recordEnd,
  runJob,
  type Lane,
  type MigrationRunnerOptions,
  type RunOptions,
  type RunOutcome,
} from './migration-runner.ts';

/** A job as the queue keeps it: with all that its worker cannot know. */
export interface QueuedMigration {
  readonly job: MigrationJob;
  /** The environment as packages name it. */
  readonly environment: NamedRef;
  readonly sequel: JobSequel | null;
}

export interface QueuedRunnerOptions extends MigrationRunnerOptions {
  readonly queue: JobQueue<QueuedMigration>;
  readonly library: LibraryDatabase;
  /** How many jobs this process works on at a time; 0 leaves them to others. */
  readonly workers: number;
}

const BUILT_EVERY_MS = 100;

/**
 * Jobs through the queue of the database: any process adds them, any process with workers takes them. Imports and undos
 * of one project come one after another, those of different projects side by side.
 */
export async function createQueuedRunner(
  options: QueuedRunnerOptions,
): Promise<JobRunner & { close(): Promise<void> }> {
  const { queue, library, workers, metadataLocation, instanceId } = options;
  const module = new URL('./migration-worker.ts', import.meta.url);
  const newLane = (): Lane => new WorkerLane(new JobThreads(module, { metadataLocation, instanceId }));
  const idle = Array.from({ length: workers }, newLane);
  const lanes = [...idle];
  const stopping = new AbortController();
  let drained: Promise<void> | null = null;
  if (workers > 0) {
    await queue.work(workers, async (queued) => {
      const lane = idle.pop() ?? newLane();
      const cancellation = new JobCancellation();
      await workOn(queued, lane, { ...options, stopping: stopping.signal, cancellation });
      idle.push(lane);
    });
  }
  return {
    async enqueue(tx, job, sequel) {
      const environment = sequel?.environment ?? options.environment();
      await queue.enqueue(tx, { job, sequel: sequel ?? null, environment }, groupOf(job));
    },
    submit: () => undefined,
    async cancel({ kind, packageId, importId }, by) {
      const job = { kind, packageId, importId };
      return library.write(async (tx) => {
        const answer = await jobCancellations(tx).cancel(job, by);
        if (answer !== 'asked') return answer;
        await queue.hasten(tx, { job });
        // An undo of a session is known by the package of the session.
        if (kind === 'undo') await queue.hasten(tx, { job: { kind, importId, holderGuid: packageId } });
        return answer;
      });
    },
    async built(packageId, patience) {
      for (let waited = 0; waited < patience; waited += BUILT_EVERY_MS) {
        const found = await migrationRepository(library.reader).findPackage(packageId);
        if (found?.status !== 'creating') return;
        await delay(BUILT_EVERY_MS);
      }
    },
    drain: () => (drained ??= queue.close()),
    async close() {
      stopping.abort();
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** What writes to one place comes one after another; packages are built side by side. */
function groupOf(job: MigrationJob): string | null {
  return job.kind === 'create' ? null : (job.projectId ?? 'configuration');
}

/** Never throws: an end that cannot be recorded is found by the next attempt. */
async function workOn(
  { data, lease, isRepeated }: QueuedJob<QueuedMigration>,
  lane: Lane,
  options: QueuedRunnerOptions & RunOptions,
): Promise<void> {
  const { job, sequel, environment } = data;
  if (sequel) options.adopt(job, sequel);
  // An attempt that was taken for dead cannot commit any more: the journal tells what became of it.
  const outcome = isRepeated
    ? ({ kind: 'lost' } as const)
    : await runUnlessCancelled(job, lane, { ...options, environment: () => environment, lease });
  if (outcome.kind === 'lost' && !isRepeated) await untilEnded(lease, options);
  await recordEnd(job, outcome, { ...options, lease });
}

/** How often a process asks whether a job of its own was cancelled, perhaps through another one. */
const ASK_EVERY_MS = 1000;

async function runUnlessCancelled(
  job: MigrationJob,
  lane: Lane,
  options: QueuedRunnerOptions & RunOptions,
): Promise<RunOutcome> {
  const { library, cancellation, log } = options;
  const findCanceller = (): Promise<string | null> =>
    jobCancellations(library.reader)
      .findCanceller(jobKeyOf(job))
      .catch((error: unknown) => {
        log.warn({ err: error }, 'Whether a job was cancelled is not known');
        return null;
      });
  const ask = async (): Promise<void> => {
    const by = await findCanceller();
    if (by !== null) cancellation.cancel(by);
  };
  await ask();
  // One that has left its group, so as to be ended, must not be begun.
  if (cancellation.by !== null) return cancelledOutcome(job, cancellation.by);
  const timer = setInterval(() => void ask(), ASK_EVERY_MS);
  const jobTable = `"${splitLocation(library.location).schema}".job`;
  try {
    const outcome = await runJob(job, lane, { ...options, jobTable, findCanceller });
    const by = outcome.kind === 'create' || outcome.kind === 'validate' ? await findCanceller() : null;
    // These keep nothing before their end is recorded, so that a wish of the last second still counts.
    return by === null ? outcome : cancelledOutcome(job, by);
  } finally {
    clearInterval(timer);
  }
}

const RETRY_MS = 500;

/** The journal must not be asked before the last transaction of the job has ended, one way or the other. */
async function untilEnded(
  lease: JobLease,
  { library, log, stopping }: QueuedRunnerOptions & RunOptions,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await awaitEnd(library.reader, lease);
      return;
    } catch (error) {
      log.warn({ err: error }, 'The end of a lost job is not known yet; the database is asked again');
    }
    await delay(RETRY_MS);
  }
}
