import { quantile } from '../usage.ts';
import { closedLoop, pollers, type Target } from './http-load.ts';

/** Sends requests from a process of its own, so that neither the server nor the benchmark is held up by them. */

export type LoadOrder =
  | { readonly kind: 'closed'; readonly target: Target; readonly connections: number; readonly seconds: number }
  | { readonly kind: 'pollers'; readonly target: Target; readonly count: number; readonly pauseMs: number };

/** Times in milliseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

const stop = new AbortController();

process.on('message', (message: LoadOrder | 'stop') => {
  if (message === 'stop') stop.abort();
  else void run(message).then((times) => process.send?.(resultOf(times), () => process.exit(0)));
});

function run(order: LoadOrder): Promise<number[]> {
  if (order.kind === 'closed') return closedLoop(order.target, order.connections, order.seconds);
  return pollers(order.target, order.count, order.pauseMs, stop.signal);
}

function resultOf(times: readonly number[]): LoadResult {
  return {
    requests: times.length,
    median: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
  };
}
