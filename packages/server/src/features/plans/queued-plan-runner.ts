import { JobCancellation } from '../../platform/jobs/job-cancellation.ts';
import type { JobQueue, QueuedJob } from '../../platform/jobs/job-queue.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import type { PlanJob } from './plan-job.ts';
import {
  createPlanLane,
  INTERRUPTED,
  recordPlan,
  runPlan,
  type PlanRunner,
  type PlanRunnerOptions,
  type RunPlanOptions,
} from './plan-runner.ts';

/** A plan as the queue keeps it. */
export interface QueuedPlan {
  readonly job: PlanJob;
  /** The environment as packages name it. */
  readonly environment: NamedRef;
}

export interface QueuedPlanRunnerOptions extends PlanRunnerOptions {
  readonly queue: JobQueue<QueuedPlan>;
  /** Whether this process makes plans, or leaves them to others. */
  readonly works: boolean;
}

/** How often a process asks whether the plan that it makes is still wanted. */
const ASK_EVERY_MS = 1000;

/**
 * Plans through the queue of the database (ADR 19): any process asks for one, any process with workers makes one at a
 * time. One whose process has died is not made again: the next process says of it that it was interrupted.
 */
export async function createQueuedPlanRunner(options: QueuedPlanRunnerOptions): Promise<PlanRunner> {
  const { queue, works } = options;
  const lane = createPlanLane(options);
  const stopping = new AbortController();
  let drained: Promise<void> | null = null;
  if (works) {
    await queue.work(1, (queued) =>
      workOn(queued, { ...options, lane, cancellation: new JobCancellation(), stopping: stopping.signal }),
    );
  }
  return {
    enqueue: (tx, job) => queue.enqueue(tx, { job, environment: options.environment() }, null),
    submit: () => undefined,
    stop: () => undefined,
    drain: () => (drained ??= queue.close()),
    async close() {
      stopping.abort();
      await lane.close();
    },
  };
}

type WorkOptions = RunPlanOptions & { readonly stopping: AbortSignal };

/** @throws Error when the end is not recorded: the queue then has another process do that */
async function workOn(
  { data: { job, environment }, isRepeated }: QueuedJob<QueuedPlan>,
  options: WorkOptions,
): Promise<void> {
  const outcome = isRepeated
    ? ({ kind: 'failed', message: INTERRUPTED } as const)
    : await runWhileWanted(job, { ...options, environment: () => environment });
  if (outcome === null) return;
  if (!(await recordPlan(job, outcome, options))) throw new Error(`The end of the plan ${job.planId} is not recorded.`);
}

/** @returns null for a plan that had been ended before anybody began it */
async function runWhileWanted(job: PlanJob, options: WorkOptions): Promise<Awaited<ReturnType<typeof runPlan>> | null> {
  const { keeper, cancellation, log } = options;
  const ask = async (): Promise<void> => {
    try {
      if (!(await keeper.isPlanning(job.planId))) cancellation.cancel(job.planId);
    } catch (error) {
      log.warn({ err: error, planId: job.planId }, 'Whether a plan is still wanted is not known');
    }
  };
  await ask();
  if (cancellation.by !== null) return null;
  const timer = setInterval(() => void ask(), ASK_EVERY_MS);
  try {
    return await runPlan(job, options);
  } finally {
    clearInterval(timer);
  }
}
