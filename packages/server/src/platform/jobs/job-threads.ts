import { Worker } from 'node:worker_threads';
import { THREAD_MEMORY } from './thread-memory.ts';

/** Who has a thread for the time of a job. */
export interface ThreadUser<Answer> {
  answered(answer: Answer): void;
  /** The thread is gone, by itself or because it was ended. */
  lost(cause: unknown): void;
}

/** A thread as long as somebody has it. */
export interface TakenThread<Request> {
  post(request: Request): void;
  /** Keeps the thread for whoever needs one next. */
  giveBack(): void;
}

interface Thread<Answer> {
  readonly worker: Worker;
  user: ThreadUser<Answer> | null;
}

/**
 * Threads that all run one module and work on one job at a time. Lanes share them, so that a job of the one lane finds the
 * thread that is there for the other one: starting a thread takes a third of a second, and each one some 45 MB.
 */
export class JobThreads<Request, Answer> {
  readonly #module: URL;
  readonly #workerData: unknown;
  readonly #threads = new Set<Thread<Answer>>();

  constructor(module: URL, workerData: unknown) {
    this.#module = module;
    this.#workerData = workerData;
  }

  /** Starts a thread before there is a job for it, unless there is one. */
  start(): void {
    if (this.#threads.size === 0) this.#startThread();
  }

  /** A thread that nobody has, which is started when there is none. */
  take(user: ThreadUser<Answer>): TakenThread<Request> {
    const thread = [...this.#threads].find((one) => one.user === null) ?? this.#startThread();
    thread.user = user;
    return {
      post: (request) => thread.worker.postMessage(request),
      giveBack() {
        thread.user = null;
      },
    };
  }

  /** Ends all threads; whoever has one loses it. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #startThread(): Thread<Answer> {
    const worker = new Worker(this.#module, { workerData: this.#workerData, resourceLimits: THREAD_MEMORY });
    const thread: Thread<Answer> = { worker, user: null };
    this.#threads.add(thread);
    let cause: unknown;
    worker.on('message', (answer: Answer) => thread.user?.answered(answer));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      this.#threads.delete(thread);
      thread.user?.lost(cause);
    });
    return thread;
  }
}
