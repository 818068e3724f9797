import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load-process.ts';

const ENTRY = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** Starts to send; `end` tells pollers to stop, and gives what was measured. */
export function startLoad(order: LoadOrder): { end(): Promise<LoadResult> } {
  const child = fork(ENTRY, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const answer = once(child, 'message');
  child.send(order);
  return {
    async end() {
      if (order.kind === 'pollers') child.send('stop');
      const [result] = (await answer) as [LoadResult];
      return result;
    },
  };
}
