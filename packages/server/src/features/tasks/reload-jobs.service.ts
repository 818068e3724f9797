import { AppError, type ModelTask } from '@longshore/contracts';
import { queryText } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { splitLocation } from '../../platform/db/location.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { JobObserver } from '../../platform/jobs/job-observer.ts';
import type { JobQueue, QueuedJob } from '../../platform/jobs/job-queue.ts';
import { untilRecorded } from '../../platform/jobs/until-recorded.ts';
import type { Platform } from '../../platform/platform.ts';
import { reloadSchema, type ReloadOrder } from './reload-schema.ts';
import { modelTasks } from './tasks.repository.ts';

/** A reload that somebody asks for again by the id of its task. */
export interface ReloadJob extends ReloadOrder {
  readonly taskId: string;
}

/** Runs the reloads that nobody waits for. */
export interface ReloadJobs {
  /** In the transaction that adds the task; `submit` follows once that is committed. */
  enqueue(tx: Executor<LibraryTables>, job: ReloadJob): Promise<void>;
  submit(job: ReloadJob): void;
  /** Of a process that is alone, before requests are taken: what its last stop has interrupted has failed. */
  settle(): Promise<void>;
  /** Resolves when no reload is running in this process. */
  drain(): Promise<void>;
}

export interface ReloadJobsOptions {
  readonly platform: Platform;
  /** Shared by the processes of the environment; null where this one is alone. */
  readonly queue: JobQueue<ReloadJob> | null;
  /** Whether this process works on what is in the queue. */
  readonly works: boolean;
  readonly observer: JobObserver;
}

/** In this process alone, or through the queue that several processes share (ADR 19). */
export async function createReloadJobs(options: ReloadJobsOptions): Promise<ReloadJobs> {
  const { queue } = options;
  return queue === null ? embeddedReloads(options) : queuedReloads({ ...options, queue });
}

function embeddedReloads(options: ReloadJobsOptions): ReloadJobs {
  const { platform } = options;
  const running = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  return {
    enqueue: async () => undefined,
    submit(job) {
      const work = runToEnd(job, { ...options, stopping: stopping.signal }).finally(() => running.delete(work));
      running.add(work);
    },
    settle: () =>
      platform.library.write((tx) =>
        modelTasks(tx).endRunning({ ended_at: platform.clock.now(), ...taskOutcome([toRefusal(STOPPED)]) }),
      ),
    async drain() {
      stopping.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}

async function queuedReloads(
  options: ReloadJobsOptions & { readonly queue: JobQueue<ReloadJob> },
): Promise<ReloadJobs> {
  const { queue, works } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  if (works) {
    await queue.work(1, (queued) => {
      const work = workOn(queued, { ...options, stopping: stopping.signal }).finally(() => running.delete(work));
      running.add(work);
      return work;
    });
  }
  return {
    enqueue: (tx, job) => queue.enqueue(tx, job, null),
    submit: () => undefined,
    settle: async () => undefined,
    // Others close the queue, with a limit: what is waited for here is what this process has of it.
    async drain() {
      stopping.abort();
      await Promise.allSettled(running);
    },
  };
}

type RunOptions = ReloadJobsOptions & { readonly stopping: AbortSignal };

/** @throws Error when the end is not recorded: the queue then has another process do that */
async function workOn({ data: job, isRepeated }: QueuedJob<ReloadJob>, options: RunOptions): Promise<void> {
  const isRecorded = isRepeated
    ? await recordEnd(job, [toRefusal(INTERRUPTED)], options)
    : await runToEnd(job, options);
  if (!isRecorded) throw new Error(`The end of the task ${job.taskId} is not recorded.`);
}

/** @returns whether the end was recorded */
async function runToEnd(job: ReloadJob, options: RunOptions): Promise<boolean> {
  const { platform, observer, queue } = options;
  const askedAt = performance.now();
  const observed = observer.submitted('reload');
  observed.started();
  const confirm = queue === null ? undefined : completing(platform, job);
  const errors = await reloadSchema(platform, job, confirm).then(
    () => [],
    (error: unknown) => [toTaskError(platform, error)],
  );
  const outcome = errors.length === 0 ? 'done' : 'failed';
  const reason = errors.length === 0 ? null : 'reload';
  observed.ended({ outcome, reason, seconds: (performance.now() - askedAt) / 1000, objects: 0 });
  return recordEnd(job, errors, options);
}

/** The first who ends a task says how it has ended. */
function recordEnd(
  { taskId }: ReloadJob,
  errors: readonly TaskError[],
  { platform, stopping }: RunOptions,
): Promise<boolean> {
  const { library, clock, log } = platform;
  const result = { ended_at: clock.now(), ...taskOutcome(errors) };
  return untilRecorded({
    record: () => library.write((tx) => modelTasks(tx).end(taskId, result)),
    failed: (err) => log.error({ err, task: taskId }, 'The end of a task was not recorded'),
    stopping,
  });
}

const COMPLETE = (table: string): string =>
  `UPDATE ${table} SET status = 'completed', ended_at = ? WHERE id = ? AND status = 'running' RETURNING id`;

/**
 * The task is completed in the transaction of the reload: a task that another process has ended by then, because it
 * took this one for dead, takes the reload back with it.
 */
function completing({ library, clock }: Platform, { taskId }: ReloadJob) {
  const table = `"${splitLocation(library.location).schema}".model_task`;
  return async (tx: Executor<MetadataTables>): Promise<void> => {
    const rows = await queryText(tx, COMPLETE(table), [clock.now(), taskId]);
    if (rows.length === 0) throw new AppError('busy', INTERRUPTED);
  };
}

const STOPPED = 'The server was stopped before the task had ended. Start it again.';
const INTERRUPTED = 'The task was interrupted because its worker ended. Nothing was changed; start it again.';

export type TaskError = NonNullable<ModelTask['errors']>[number];

const toRefusal = (message: string): TaskError => ({ code: 'ERR001', message });

function toTaskError(platform: Platform, error: unknown): TaskError {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  platform.log.error({ err: error }, 'a schema reload failed');
  return { code: 'ERR001', message: 'The schema could not be reloaded; nothing was changed.' };
}

function taskOutcome(errors: readonly TaskError[]): { status: string; errors: string } {
  return { status: errors.length === 0 ? 'completed' : 'failed', errors: JSON.stringify(errors) };
}
