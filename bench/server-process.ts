import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ServerConfig } from '@longshore/server';
import { cpuSeconds, forgetPeak, peakMemory } from './usage.ts';

/** A server as `longshore serve` starts it, which also tells what it has taken: `server-process.ts CONFIG`. */

/** What is asked of this process; each question has one answer. */
export type Question = 'begin' | 'end' | 'close';

export interface Reading {
  /** Seconds, since the process began. */
  readonly cpu: number;
  /** Bytes, since `begin`. */
  readonly peakMemory: number;
  /** Delay of the event loop since `begin`, in milliseconds. */
  readonly delayP99: number;
  readonly delayMax: number;
}

const RESOLUTION_MS = 5;

const { startServer } = await import('@longshore/server');
const config = JSON.parse(process.argv[2] ?? '{}') as ServerConfig;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
// From the start: what passes before its second interval is not in it.
delay.enable();
const server = await startServer(config);
process.send?.({ url: server.url, address: server.address });

/** The histogram holds whole intervals of the timer; what goes beyond its resolution is delay. */
const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

function read(): Reading {
  return {
    cpu: cpuSeconds(),
    peakMemory: peakMemory(),
    delayP99: beyond(delay.percentile(99)),
    delayMax: beyond(delay.max),
  };
}

process.on('message', (question: Question) => {
  switch (question) {
    case 'begin':
      forgetPeak();
      delay.reset();
      process.send?.(read());
      return;
    case 'end': {
      const { cpu, peakMemory: peak } = read();
      // What blocked the loop last is told by the timer only when it has gone off after it.
      setTimeout(() => process.send?.({ ...read(), cpu, peakMemory: peak }), 2 * RESOLUTION_MS);
      return;
    }
    case 'close':
      void server.close().then(() => process.exit(0));
  }
});

// Whoever has started it is gone, and nobody will close it.
process.on('disconnect', () => process.exit(1));
