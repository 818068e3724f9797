import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load-process.ts';

const ENTRY = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** Starts to send; `end` tells pollers to stop, and gives what was measured. */
export function startLoad(order: LoadOrder): { end(): Promise<LoadResult> } {
  const child = fork(ENTRY, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const answer = Promise.race([once(child, 'message'), failed(child)]);
  // It is awaited at the end; until then a failure must not count as unhandled.
  answer.catch(() => undefined);
  child.send(order);
  return {
    async end() {
      if (order.kind === 'pollers' && child.connected) child.send('stop');
      const [result] = (await answer) as [LoadResult];
      return result;
    },
  };
}

/** @throws Error when the process ends without a result; it has told why itself */
async function failed(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error(`The requests of the benchmark ended with ${child.exitCode ?? child.signalCode}.`);
}
