import { parentPort } from 'node:worker_threads';
import { AppError, type ErrorKind } from '@longshore/contracts/errors';

/** What a thread beside a job answers to a question. */
export type SideAnswer<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** An expected error. */
  | { readonly kind: 'refused'; readonly errorKind: ErrorKind; readonly message: string }
  /** A defect. */
  | { readonly kind: 'failed'; readonly cause: string };

export interface SideResult<Result> {
  readonly result: Result;
  /** Moved to the thread of the job, and empty here from then on. */
  readonly handedOver: readonly ArrayBuffer[];
}

/** What the thread does with each question. */
export type SideWork<Request, Result> = (request: Request) => Promise<SideResult<Result>>;

/** Answers the questions of a `SideThread` one after another: the next one is begun when the one before is answered. */
export function serveSideThread(work: SideWork<never, unknown>): void {
  let last = Promise.resolve();
  parentPort?.on('message', (request) => {
    last = last.then(() => answer(work, request as never));
  });
}

async function answer(work: SideWork<never, unknown>, request: never): Promise<void> {
  try {
    const { result, handedOver } = await work(request);
    parentPort?.postMessage({ kind: 'done', result } satisfies SideAnswer<unknown>, handedOver);
  } catch (error) {
    parentPort?.postMessage(failureOf(error));
  }
}

function failureOf(error: unknown): SideAnswer<never> {
  if (error instanceof AppError) return { kind: 'refused', errorKind: error.kind, message: error.message };
  return { kind: 'failed', cause: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
