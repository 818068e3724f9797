import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { AppError } from '@longshore/contracts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import { JobCancellation } from '../../platform/jobs/job-cancellation.ts';
import { confirmLease, LeaseLost, type JobLease } from '../../platform/jobs/job-lease.ts';
import { NO_JOB_OBSERVER, type EndedJob, type JobObserver } from '../../platform/jobs/job-observer.ts';
import { untilRecorded } from '../../platform/jobs/until-recorded.ts';
import { JobThreads } from '../../platform/jobs/job-threads.ts';
import { JobFailed, WorkerLane, WorkerLost, type LaneThreads } from '../../platform/jobs/worker-lane.ts';
import { cancelledOutcome } from './cancelled-outcome.ts';
import {
  jobKeyOf,
  type JobKey,
  type JobListener,
  type JobOutcome,
  type JobRunner,
  type JobSequel,
  type MigrationJob,
  type MigrationResult,
  type NamedRef,
} from './migration-jobs.ts';
import type { MigrationOrder, MigrationWorkerData } from './migration-worker.ts';

export interface MigrationRunnerOptions extends MigrationWorkerData {
  readonly log: FastifyBaseLogger;
  readonly listener: JobListener;
  /** Counts the jobs; nobody does when it is left out. */
  readonly observer?: JobObserver;
  /** This environment as packages name it; known only once the server listens. */
  environment(): NamedRef;
  /** Told of what follows a job, before it ends, in the process that works on it. */
  adopt(job: MigrationJob, sequel: JobSequel): void;
  /** Done before each job, in the thread that may write to both databases: locks of ended sessions are taken away. */
  beforeJob(): Promise<void>;
  /**
   * Where the shared file store is; asked for every job, when it is submitted, so that a job uses the store against
   * which its request was checked.
   * @throws AppError `storageMisconfigured` when there is none
   */
  storagePlace(): Promise<StorePlace>;
}

export type Lane = WorkerLane<MigrationOrder, MigrationResult>;

/**
 * The embedded job runner: one lane for packages that are created, which only read, and one for imports and undos,
 * which all need the one write lock of the database.
 */
export function createMigrationRunner(
  options: MigrationRunnerOptions,
  firstThread: 'fromStart' | 'whenNeeded' = 'whenNeeded',
): JobRunner & { close(): Promise<void> } {
  const { metadataLocation, instanceId } = options;
  const module = new URL('./migration-worker.ts', import.meta.url);
  const threads: LaneThreads<MigrationOrder, MigrationResult> = new JobThreads(module, {
    metadataLocation,
    instanceId,
  });
  const reading: Lane = new WorkerLane(threads);
  const writing: Lane = new WorkerLane(threads);
  if (firstThread === 'fromStart') threads.start();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const builds = new Map<string, Promise<void>>();
  const cancellations = new Map<string, JobCancellation>();

  const submit = (job: MigrationJob, sequel?: JobSequel): void => {
    if (sequel) options.adopt(job, sequel);
    const cancellation = new JobCancellation();
    cancellations.set(keyOf(jobKeyOf(job)), cancellation);
    const run = { ...options, stopping: stopping.signal, cancellation };
    const ended = runToEnd(job, job.kind === 'create' ? reading : writing, run);
    running.add(ended);
    void ended.finally(() => {
      running.delete(ended);
      if (cancellations.get(keyOf(jobKeyOf(job))) === cancellation) cancellations.delete(keyOf(jobKeyOf(job)));
    });
    if (job.kind !== 'create') return;
    builds.set(job.packageId, ended);
    void ended.finally(() => builds.get(job.packageId) === ended && builds.delete(job.packageId));
  };
  const built = async (packageId: string, patience: number): Promise<void> => {
    const build = builds.get(packageId);
    if (build) await Promise.race([build, delay(patience, undefined, { ref: false })]);
  };
  const drain = async (): Promise<void> => {
    stopping.abort();
    while (running.size > 0) await Promise.all(running);
  };
  return {
    // What is submitted is in memory, and what is lost with it is settled at the next start.
    enqueue: async () => undefined,
    submit,
    async cancel(job, by) {
      const cancellation = cancellations.get(keyOf(job));
      if (!cancellation) return 'unknown';
      return cancellation.cancel(by) ? 'asked' : 'tooLate';
    },
    built,
    drain,
    async close() {
      await Promise.all([reading.close(), writing.close()]);
    },
  };
}

const keyOf = ({ kind, packageId, importId }: JobKey): string => `${kind} ${packageId} ${importId}`;

export interface RunOptions extends MigrationRunnerOptions {
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** Of the job that is run. */
  readonly cancellation: JobCancellation;
  /** Of a job that came from a queue. */
  readonly lease?: JobLease;
  /** Table of the jobs, where another process may have cancelled this one; and who did. */
  readonly jobTable?: string;
  findCanceller?(job: MigrationJob): Promise<string | null>;
}

/** As a runner sees it: the job may have come to be another's. */
export type RunOutcome = JobOutcome | { readonly kind: 'superseded' };

/** Never rejects: whatever happens to the job, its record hears of it, or the log does. */
async function runToEnd(job: MigrationJob, lane: Lane, options: RunOptions): Promise<void> {
  await recordEnd(job, await runJob(job, lane, options), options);
}

/** Never rejects. */
export async function runJob(job: MigrationJob, lane: Lane, options: RunOptions): Promise<RunOutcome> {
  const { listener, log, lease, jobTable, cancellation } = options;
  const about = { job: job.kind, packageId: job.packageId, importId: job.importId };
  const askedAt = performance.now();
  const observed = (options.observer ?? NO_JOB_OBSERVER).submitted(job.kind);
  let outcome: RunOutcome;
  let reason: string | null = null;
  try {
    // The store is asked for first: it is the one against which the request was checked.
    const environment = options.environment();
    const order = { job, environment, storage: await options.storagePlace(), ...(lease ? { lease, jobTable } : {}) };
    await options.beforeJob();
    const told = {
      started: () => observed.started(),
      progressed: (progress: number) => listener.progressed(job, progress),
    };
    const result = await lane.run(order, told, cancellation);
    outcome = { kind: job.kind, result } as JobOutcome;
  } catch (error) {
    const by = cancellation.by ?? (await options.findCanceller?.(job)) ?? 'somebody';
    outcome = failedOutcome(error, job, by);
    reason = reasonOf(error);
    // A refusal is told by its record; only what nobody expected needs its cause in the log.
    if (outcome.kind === 'lost' || !(error instanceof JobFailed && error.isExpected)) {
      log.error({ ...about, err: error }, 'migration job stopped by a defect');
    }
  }
  const ms = Math.round(performance.now() - askedAt);
  observed.ended({ ...countsOf(outcome), reason, seconds: ms / 1000 });
  log.info({ ...about, outcome: outcome.kind, ms }, 'migration job ended');
  return outcome;
}

/** From the short list of error kinds; `defect` for what nobody expected. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.kind;
  if (error instanceof JobFailed) return error.errorKind ?? 'defect';
  return error instanceof WorkerLost ? 'lost' : 'defect';
}

function countsOf(outcome: RunOutcome): Pick<EndedJob, 'outcome' | 'objects'> {
  switch (outcome.kind) {
    case 'failed':
    case 'lost':
    case 'superseded':
      return { outcome: outcome.kind, objects: 0 };
    case 'create':
      return { outcome: 'done', objects: outcome.result.objects };
    case 'undo':
      return { outcome: 'done', objects: 0 };
    case 'import':
    case 'validate':
      return { outcome: 'done', objects: Object.values(outcome.result.counts).reduce((sum, count) => sum + count, 0) };
  }
}

/**
 * Tells the record how its job ended, again and again while that fails. When the server stops, the next start settles it;
 * and one whose job was taken over, he who took it.
 */
export async function recordEnd(
  job: MigrationJob,
  outcome: RunOutcome,
  { listener, log, stopping, lease }: Pick<RunOptions, 'listener' | 'log' | 'stopping' | 'lease'>,
): Promise<void> {
  const about = { job: job.kind, packageId: job.packageId, importId: job.importId };
  await untilRecorded({
    async record() {
      if (outcome.kind === 'superseded') return listener.superseded(job);
      const ended = listener.ended(job, outcome, lease && { confirm: (tx) => confirmLease(tx, lease) });
      await ended.catch((error: unknown) => {
        if (!(error instanceof LeaseLost)) throw error;
        return listener.superseded(job);
      });
    },
    failed: (err, isTriedAgain) => log.error({ ...about, err }, isTriedAgain ? TRIED_AGAIN : LEFT),
    stopping,
  });
}

const TRIED_AGAIN = 'the end of a migration job could not be recorded; it is tried again';
const LEFT = 'the end of a migration job is left to the next start';

const DEFECT =
  'The job stopped because of an internal error and nothing was changed. Give the time of the failure to an administrator: the cause is in the server log.';

function failedOutcome(error: unknown, job: MigrationJob, by: string): RunOutcome {
  if (error instanceof WorkerLost) return { kind: 'lost' };
  if (error instanceof JobFailed && error.reason !== undefined) {
    return error.reason === 'cancelled' ? cancelledOutcome(job, by) : { kind: error.reason };
  }
  if (error instanceof AppError) return { kind: 'failed', message: error.message };
  if (error instanceof JobFailed && error.isExpected) return { kind: 'failed', message: error.message };
  return { kind: 'failed', message: DEFECT };
}
