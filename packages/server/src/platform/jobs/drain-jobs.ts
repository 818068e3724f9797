import { setTimeout as delay } from 'node:timers/promises';

/** Jobs in threads of their own. */
export interface DrainableJobs {
  /** Takes no new job; resolves when all have ended and that is recorded. */
  drain(): Promise<void>;
  /** Ends the threads; what runs in them is lost. */
  close(): Promise<void>;
}

/** How long the end of an interrupted job may take to be recorded; what is not recorded by then the next start settles. */
const RECORDING_MS = 5000;

/**
 * Lets jobs end until the limit is aborted. Those that still run then lose their thread: their transaction is rolled
 * back, and their records say that they were interrupted.
 */
export async function drainJobs(jobs: DrainableJobs, limit: AbortSignal): Promise<void> {
  await Promise.race([jobs.drain(), untilAborted(limit)]);
  await jobs.close();
  await Promise.race([jobs.drain(), delay(RECORDING_MS, undefined, { ref: false })]);
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
