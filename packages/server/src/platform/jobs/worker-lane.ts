import { JobCancellation, JobCancelled, type CancellationFlag } from './job-cancellation.ts';
import type { JobThreads, TakenThread } from './job-threads.ts';

/** What a lane's worker is asked. */
export interface LaneRequest<Job> {
  readonly kind: 'run';
  readonly job: Job;
  /** See `cancellationPoint`. */
  readonly flag: CancellationFlag;
}

/** What a lane's worker answers: any number of `progress`, then one of the others. */
export type LaneAnswer<Result> =
  | { readonly kind: 'progress'; readonly progress: number }
  | { readonly kind: 'done'; readonly result: Result }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** Kind of an expected error; null for a defect, whose message is its cause. */
      readonly errorKind: string | null;
      readonly reason?: FailureReason;
    };

/** `lost`: whether the job was done is not known. `superseded`: it is another worker's by now. */
export type FailureReason = 'lost' | 'superseded' | 'cancelled';

/** The job failed; the message is for its record. */
export class JobFailed extends Error {
  /** Kind of the expected error; null for a defect: the message then is its cause, for the log and not for users. */
  readonly errorKind: string | null;
  readonly reason: FailureReason | undefined;

  constructor(message: string, errorKind: string | null, reason?: FailureReason) {
    super(message);
    this.errorKind = errorKind;
    this.reason = reason;
    this.name = 'JobFailed';
  }

  get isExpected(): boolean {
    return this.errorKind !== null;
  }
}

/** The worker died; what it had committed by then is not known. */
export class WorkerLost extends Error {
  constructor(cause: unknown) {
    super('The worker thread ended before its job did.', { cause });
    this.name = 'WorkerLost';
  }
}

/** Who hears of a job while it is in the lane. */
export interface LaneListener {
  started(): void;
  progressed(progress: number): void;
}

interface QueuedJob<Job, Result> {
  readonly job: Job;
  readonly listener: LaneListener;
  readonly flag: CancellationFlag;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** Threads for lanes whose jobs and results are of these types. */
export type LaneThreads<Job, Result> = JobThreads<LaneRequest<Job>, LaneAnswer<Result>>;

/**
 * Runs jobs one after another in a thread of their own, so that the thread that answers requests stays free. A thread that
 * dies is replaced.
 */
export class WorkerLane<Job, Result> {
  readonly #threads: LaneThreads<Job, Result>;
  readonly #queue: QueuedJob<Job, Result>[] = [];
  #running: { readonly queued: QueuedJob<Job, Result>; readonly thread: TakenThread<LaneRequest<Job>> } | null = null;
  #isClosed = false;

  constructor(threads: LaneThreads<Job, Result>) {
    this.#threads = threads;
  }

  /** @throws JobFailed, or WorkerLost when the thread died under the job */
  run(job: Job, listener: LaneListener, cancellation = new JobCancellation()): Promise<Result> {
    return new Promise((resolve, reject) => {
      const queued = { job, listener, flag: cancellation.flag, resolve, reject };
      this.#queue.push(queued);
      cancellation.onCancelled(() => this.#drop(queued));
      this.#next();
    });
  }

  /** One that waits has not begun; one that has begun finds out by itself. */
  #drop(queued: QueuedJob<Job, Result>): void {
    const at = this.#queue.indexOf(queued);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    queued.reject(new JobFailed(new JobCancelled().message, 'cancelled', 'cancelled'));
  }

  /** Ends the threads; a job that still runs is lost, and so are those that wait. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new WorkerLost('the lane was closed before it began'));
    await this.#threads.close();
  }

  #next(): void {
    if (this.#running) return;
    if (this.#isClosed) {
      for (const late of this.#queue.splice(0)) late.reject(new WorkerLost('the lane is closed'));
      return;
    }
    const queued = this.#queue.shift();
    if (!queued) return;
    const thread = this.#threads.take({
      answered: (answer) => this.#answered(queued, answer),
      lost: (cause) => this.#settle(() => queued.reject(new WorkerLost(cause))),
    });
    this.#running = { queued, thread };
    queued.listener.started();
    thread.post({ kind: 'run', job: queued.job, flag: queued.flag });
  }

  #answered(queued: QueuedJob<Job, Result>, answer: LaneAnswer<Result>): void {
    switch (answer.kind) {
      case 'progress':
        queued.listener.progressed(answer.progress);
        return;
      case 'done':
        this.#settle(() => queued.resolve(answer.result));
        return;
      case 'failed':
        this.#settle(() => queued.reject(new JobFailed(answer.message, answer.errorKind, answer.reason)));
    }
  }

  #settle(end: () => void): void {
    this.#running?.thread.giveBack();
    this.#running = null;
    end();
    this.#next();
  }
}
