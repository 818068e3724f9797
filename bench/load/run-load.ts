import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../child-process.ts';
import type { LoadOrder, LoadResult } from './load-process.ts';

const ENTRY = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** Starts to send; `end` tells pollers to stop, and gives what was measured. */
export function startLoad(order: LoadOrder): { end(): Promise<LoadResult> } {
  const child = fork(ENTRY, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const answer = nextMessage<LoadResult>(child, 'requests');
  // It is awaited at the end; until then a failure must not count as unhandled.
  answer.catch(() => undefined);
  child.send(order);
  return {
    async end() {
      if (order.kind === 'pollers' && child.connected) child.send('stop');
      return answer;
    },
  };
}
