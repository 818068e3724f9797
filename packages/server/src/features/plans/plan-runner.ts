import type { FastifyBaseLogger } from 'fastify';
import { AppError } from '@longshore/contracts';
import type { StorePlace } from '../../platform/files/store-place.ts';
import { NO_JOB_OBSERVER, type JobObserver, type ObservedJob } from '../../platform/jobs/job-observer.ts';
import { JobFailed, WorkerLane, WorkerLost } from '../../platform/jobs/worker-lane.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import type { MadePlan, PlanJob, PlanOrder, PlanWorkerData } from './plan-job.ts';

export type PlanOutcome =
  | { readonly kind: 'planned'; readonly plan: MadePlan }
  | { readonly kind: 'failed'; readonly message: string };

export interface PlanRunnerOptions extends PlanWorkerData {
  readonly log: FastifyBaseLogger;
  /** Counts the plans; nobody does when it is left out. */
  readonly observer?: JobObserver;
  /** This environment; known only once the server listens. */
  environment(): NamedRef;
  /** Done before each plan: locks of ended sessions are taken away. */
  beforeJob(): Promise<void>;
  /** @throws AppError `storageMisconfigured` when there is none */
  storagePlace(): Promise<StorePlace>;
  ended(job: PlanJob, outcome: PlanOutcome): Promise<void>;
}

/** Makes plans one after another, in a thread of their own: they take no lock, so that imports never wait for them. */
export interface PlanRunner {
  submit(job: PlanJob): void;
  /** 0 to 99 of a plan that is being made. */
  progressOf(planId: string): number;
  drain(): Promise<void>;
  close(): Promise<void>;
}

export function createPlanRunner(options: PlanRunnerOptions): PlanRunner {
  const { metadataLocation, libraryLocation, instanceId, log } = options;
  const data: PlanWorkerData = { metadataLocation, libraryLocation, instanceId };
  const lane = new WorkerLane<PlanOrder, MadePlan>(new URL('./plan-worker.ts', import.meta.url), data);
  const progress = new Map<string, number>();
  const running = new Set<Promise<void>>();
  let isStopping = false;

  const make = async (job: PlanJob, observed: ObservedJob): Promise<PlanOutcome> => {
    if (isStopping) return { kind: 'failed', message: STOPPED };
    try {
      const order = { job, environment: options.environment(), storage: await options.storagePlace() };
      await options.beforeJob();
      const plan = await lane.run(order, {
        started: () => observed.started(),
        progressed: (value) => void progress.set(job.planId, Math.min(99, Math.floor(value))),
      });
      return { kind: 'planned', plan };
    } catch (error) {
      return failedOutcome(error, job, log);
    }
  };
  const runToEnd = async (job: PlanJob): Promise<void> => {
    const askedAt = performance.now();
    const observed = (options.observer ?? NO_JOB_OBSERVER).submitted('plan');
    const outcome = await make(job, observed);
    try {
      await options.ended(job, outcome);
    } catch (error) {
      log.error({ err: error, planId: job.planId }, 'The end of a plan was not recorded; the next start settles it');
    }
    progress.delete(job.planId);
    const isDone = outcome.kind === 'planned';
    const [seconds, reason] = [(performance.now() - askedAt) / 1000, isDone ? null : 'plan'];
    observed.ended({ outcome: isDone ? 'done' : 'failed', reason, seconds, objects: 0 });
  };
  return {
    submit(job) {
      const ended = runToEnd(job);
      running.add(ended);
      void ended.finally(() => running.delete(ended));
    },
    progressOf: (planId) => progress.get(planId) ?? 0,
    async drain() {
      isStopping = true;
      while (running.size > 0) await Promise.all(running);
    },
    close: () => lane.close(),
  };
}

const STOPPED = 'The server is being shut down. Plan again when it is back.';
const LOST = 'The plan was interrupted because its worker ended. Nothing was changed; plan again.';
const DEFECT =
  'The plan stopped because of an internal error, and nothing was changed. Give the time to an administrator: the cause is in the server log.';

function failedOutcome(error: unknown, { planId }: PlanJob, log: FastifyBaseLogger): PlanOutcome {
  if (error instanceof AppError) return { kind: 'failed', message: error.message };
  if (error instanceof JobFailed && error.isExpected) return { kind: 'failed', message: error.message };
  log.error({ err: error, planId }, 'A plan was stopped by a defect');
  return { kind: 'failed', message: error instanceof WorkerLost ? LOST : DEFECT };
}
