import { Worker } from 'node:worker_threads';
import { AppError, MESSAGES, type LoadResult } from '@longshore/contracts';
import { THREAD_MEMORY } from '../../platform/jobs/thread-memory.ts';
import type { LoadCommand, LoadReport, LoadWorkerData } from './load-messages.ts';

/** Input that has been handed to the thread and not been read by it; more is not taken from the client. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/**
 * Loads a stream of lines in a thread of its own, with back-pressure: the request is read no faster than the thread
 * loads, and the thread that answers other requests does none of the work.
 * @throws AppError as the load found it; nothing is loaded then
 */
export async function loadInWorker(input: AsyncIterable<Uint8Array>, data: LoadWorkerData): Promise<LoadResult> {
  const thread = new LoadThread(data);
  try {
    for await (const chunk of input) {
      if (thread.hasEnded) break;
      await thread.send(chunk);
    }
  } catch (cause) {
    await thread.abort();
    throw new AppError('invalid', 'Nothing was loaded: the input ended before its end.', { cause });
  }
  return thread.finish();
}

class LoadThread {
  readonly #worker: Worker;
  readonly #ended: Promise<LoadReport | undefined>;
  #report: LoadReport | undefined;
  #isGone = false;
  #underWay = 0;
  #wake: () => void = () => undefined;

  constructor(data: LoadWorkerData) {
    this.#worker = new Worker(new URL('./load-worker.ts', import.meta.url), {
      workerData: data,
      resourceLimits: THREAD_MEMORY,
    });
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isGone = true;
        this.#wake();
        resolve(this.#report);
      };
      this.#worker.on('message', (report: LoadReport) => this.#take(report));
      this.#worker.on('error', (error) => {
        this.#report ??= { kind: 'failed', error: 'internal', message: error.message };
      });
      this.#worker.on('exit', end);
    });
  }

  get hasEnded(): boolean {
    return this.#isGone || this.#report !== undefined;
  }

  /** Hands a chunk over; returns when there is room for another. */
  async send(chunk: Uint8Array): Promise<void> {
    // A copy of its own can be handed over without copying it again; a view into a shared pool could not.
    const bytes = Uint8Array.from(chunk);
    this.#underWay += bytes.length;
    this.#post({ kind: 'chunk', bytes }, [bytes.buffer]);
    while (this.#underWay > WINDOW_BYTES && !this.hasEnded) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async finish(): Promise<LoadResult> {
    this.#post({ kind: 'end' });
    const report = await this.#ended;
    if (report?.kind === 'done') return report.result;
    if (report?.kind !== 'failed') throw new AppError('internal', 'The load ended without a result.');
    const isInternal = report.error === 'internal' || report.error === 'databaseUnavailable';
    const message = report.error === 'databaseUnavailable' ? MESSAGES.databaseUnavailable : report.message;
    throw new AppError(report.error, message, isInternal ? { cause: new Error(report.message) } : {});
  }

  async abort(): Promise<void> {
    this.#post({ kind: 'abort' });
    await this.#ended;
  }

  #take(report: LoadReport): void {
    if (report.kind === 'consumed') this.#underWay -= report.bytes;
    else this.#report = report;
    this.#wake();
  }

  #post(command: LoadCommand, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(command, transfer);
  }
}
