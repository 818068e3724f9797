import { isTransient } from './transport.ts';

/** Waits between polls: the first, the factor by which they grow, the longest, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { firstMs: 100, factor: 1.5, longestMs: 2000 };

/** How often in a row a poll may fail by what passes by itself before the wait is given up. */
const PATIENCE = 5;

/** Resolves after a time, or rejects with the signal's reason. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export const sleep: Sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });

export interface PollOptions<Value> {
  readonly read: () => Promise<Value>;
  readonly isDone: (value: Value) => boolean;
  readonly onPoll?: ((value: Value) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly backoff?: Backoff | undefined;
  readonly sleep: Sleep;
}

/** Reads until the value is the wanted one. A server that restarts meanwhile is waited for, up to five polls in a row. */
export async function poll<Value>(options: PollOptions<Value>): Promise<Value> {
  const backoff = options.backoff ?? DEFAULT_BACKOFF;
  let wait = backoff.firstMs;
  let failures = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const value = await options.read().catch((error: unknown) => {
      failures += 1;
      if (failures >= PATIENCE || !isTransient(error)) throw error;
      return undefined;
    });
    if (value !== undefined) {
      failures = 0;
      options.onPoll?.(value);
      if (options.isDone(value)) return value;
    }
    await options.sleep(wait, options.signal);
    wait = Math.min(backoff.longestMs, wait * backoff.factor);
  }
}
