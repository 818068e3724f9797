import { Worker } from 'node:worker_threads';
import { AppError } from '@longshore/contracts';
import { SIDE_THREAD_MEMORY } from './thread-memory.ts';
import type { SideAnswer } from './serve-side-thread.ts';

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread that does a part of one job beside the thread of the job. It is asked one thing after another and answers in
 * that order; to keep it busy, ask ahead of what is needed. Its module calls `serveSideThread`.
 */
export class SideThread<Request, Answer> {
  readonly #worker: Worker;
  /** In the order in which they were asked. */
  readonly #waiting: Waiting<Answer>[] = [];
  #end: Error | null = null;

  constructor(module: URL, workerData: unknown) {
    this.#worker = new Worker(module, { workerData, resourceLimits: SIDE_THREAD_MEMORY });
    this.#worker.on('message', (answer: SideAnswer<Answer>) => this.#answered(answer));
    this.#worker.on('error', (cause) => (this.#end = new Error('A thread beside a job has failed.', { cause })));
    this.#worker.on('exit', () => this.#ended());
  }

  /** How many questions have no answer yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * `handedOver` are moved to the thread and are empty here from now on.
   * @throws AppError as the thread's work does; any other error when it has a defect or has ended
   */
  ask(request: Request, handedOver: readonly ArrayBuffer[] = []): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.#end) reject(this.#end);
      else {
        this.#waiting.push({ resolve, reject });
        this.#worker.postMessage(request, handedOver);
      }
    });
    // It is awaited in its turn; until then a failure must not count as unhandled.
    answer.catch(() => undefined);
    return answer;
  }

  /** Ends the thread, whatever it does. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(answer: SideAnswer<Answer>): void {
    const waiting = this.#waiting.shift();
    switch (answer.kind) {
      case 'done':
        waiting?.resolve(answer.result);
        return;
      case 'refused':
        waiting?.reject(new AppError(answer.errorKind, answer.message));
        return;
      case 'failed':
        waiting?.reject(new Error(`A thread beside a job has failed: ${answer.cause}`));
    }
  }

  #ended(): void {
    this.#end ??= new Error('A thread beside a job has ended.');
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
  }
}
