import type { FastifyBaseLogger } from 'fastify';
import { AppError } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import { JobCancellation } from '../../platform/jobs/job-cancellation.ts';
import { NO_JOB_OBSERVER, type JobObserver } from '../../platform/jobs/job-observer.ts';
import { untilRecorded } from '../../platform/jobs/until-recorded.ts';
import { JobThreads } from '../../platform/jobs/job-threads.ts';
import { JobFailed, WorkerLane, WorkerLost } from '../../platform/jobs/worker-lane.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import type { MadePlan, PlanJob, PlanOrder, PlanOutcome, PlanWorkerData } from './plan-job.ts';
import type { PlanKeeper } from './plan-keeper.service.ts';

export interface PlanRunnerOptions extends PlanWorkerData {
  readonly log: FastifyBaseLogger;
  /** Counts the plans; nobody does when it is left out. */
  readonly observer?: JobObserver;
  readonly keeper: Pick<PlanKeeper, 'end' | 'isPlanning' | 'progressed'>;
  /** This environment; known only once the server listens. */
  environment(): NamedRef;
  /** Done before each plan: locks of ended sessions are taken away. */
  beforeJob(): Promise<void>;
  /** @throws AppError `storageMisconfigured` when there is none */
  storagePlace(): Promise<StorePlace>;
}

/** Makes plans one after another, in a thread of their own: they take no lock, so that imports never wait for them. */
export interface PlanRunner {
  /** In the transaction that adds the plan; `submit` follows once that is committed. */
  enqueue(tx: Executor<LibraryTables>, job: PlanJob): Promise<void>;
  submit(job: PlanJob): void;
  /** Ends work on a plan that nobody needs any more, at once where this process has it; else it is seen by its row. */
  stop(planId: string): void;
  drain(): Promise<void>;
  close(): Promise<void>;
}

export type PlanLane = WorkerLane<PlanOrder, MadePlan>;

export function createPlanLane({ metadataLocation, libraryLocation, instanceId }: PlanWorkerData): PlanLane {
  const data: PlanWorkerData = { metadataLocation, libraryLocation, instanceId };
  return new WorkerLane(new JobThreads(new URL('./plan-worker.ts', import.meta.url), data));
}

/** The embedded runner: what it has is in memory, and what is lost with it is settled at the next start. */
export function createPlanRunner(options: PlanRunnerOptions): PlanRunner {
  const lane = createPlanLane(options);
  const cancellations = new Map<string, JobCancellation>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  const runToEnd = async (job: PlanJob, cancellation: JobCancellation): Promise<void> => {
    const outcome: PlanOutcome = stopping.signal.aborted
      ? { kind: 'failed', message: STOPPED }
      : await runPlan(job, { ...options, lane, cancellation });
    await recordPlan(job, outcome, { ...options, stopping: stopping.signal });
  };
  return {
    enqueue: async () => undefined,
    submit(job) {
      const cancellation = new JobCancellation();
      cancellations.set(job.planId, cancellation);
      const ended = runToEnd(job, cancellation);
      running.add(ended);
      void ended.finally(() => {
        running.delete(ended);
        cancellations.delete(job.planId);
      });
    },
    stop: (planId) => void cancellations.get(planId)?.cancel(planId),
    async drain() {
      stopping.abort();
      while (running.size > 0) await Promise.all(running);
    },
    close: () => lane.close(),
  };
}

export interface RunPlanOptions extends PlanRunnerOptions {
  readonly lane: PlanLane;
  readonly cancellation: JobCancellation;
}

/** Never rejects. */
export async function runPlan(job: PlanJob, options: RunPlanOptions): Promise<PlanOutcome> {
  const askedAt = performance.now();
  const observed = (options.observer ?? NO_JOB_OBSERVER).submitted('plan');
  const told = {
    started: () => observed.started(),
    progressed: (value: number) => options.keeper.progressed(job.planId, value),
  };
  let outcome: PlanOutcome;
  try {
    const order = { job, environment: options.environment(), storage: await options.storagePlace() };
    await options.beforeJob();
    outcome = { kind: 'planned', plan: await options.lane.run(order, told, options.cancellation) };
  } catch (error) {
    outcome = failedOutcome(error, job, options.log);
  }
  const isDone = outcome.kind === 'planned';
  const [seconds, reason] = [(performance.now() - askedAt) / 1000, isDone ? null : 'plan'];
  observed.ended({ outcome: isDone ? 'done' : 'failed', reason, seconds, objects: 0 });
  return outcome;
}

/** @returns whether the end was recorded; else the next start, or another process, has to say how it ended */
export function recordPlan(
  { planId }: PlanJob,
  outcome: PlanOutcome,
  { keeper, log, stopping }: Pick<PlanRunnerOptions, 'keeper' | 'log'> & { readonly stopping: AbortSignal },
): Promise<boolean> {
  return untilRecorded({
    record: () => keeper.end(planId, outcome),
    failed: (err, isTriedAgain) =>
      log.error({ err, planId }, isTriedAgain ? 'The end of a plan was not recorded; it is tried again' : LEFT),
    stopping,
  });
}

const LEFT = 'The end of a plan was not recorded, and is settled later';
const STOPPED = 'The server is being shut down. Plan again when it is back.';
/** What is said of a plan whose thread or process has ended before it. */
export const INTERRUPTED = 'The plan was interrupted because its worker ended. Nothing was changed; plan again.';
const DEFECT =
  'The plan stopped because of an internal error, and nothing was changed. Give the time to an administrator: the cause is in the server log.';

function failedOutcome(error: unknown, { planId }: PlanJob, log: FastifyBaseLogger): PlanOutcome {
  if (error instanceof AppError) return { kind: 'failed', message: error.message };
  if (error instanceof JobFailed && error.isExpected) return { kind: 'failed', message: error.message };
  log.error({ err: error, planId }, 'A plan was stopped by a defect');
  return { kind: 'failed', message: error instanceof WorkerLost ? INTERRUPTED : DEFECT };
}
