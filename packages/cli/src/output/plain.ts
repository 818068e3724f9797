import type { OutputStream } from '../io.ts';
import { describeEvent } from './describe-event.ts';
import type { Renderer } from './events.ts';

/** Progress of a long phase is told that often, so that a log shows that it goes on without filling up. */
const QUIET_MS = 10_000;

/** One line per state change, for logs and pipes. Failures go to `errors`. */
export function createPlainRenderer(output: OutputStream, errors: OutputStream, now: () => number): Renderer {
  let lastLine = now();
  return {
    show(event) {
      const isProgress = event.kind === 'progress' || event.kind === 'bytes';
      if (isProgress && now() - lastLine < QUIET_MS) return;
      lastLine = now();
      const stream = event.kind === 'failure' ? errors : output;
      for (const line of describeEvent(event)) stream.write(`${line}\n`);
    },
    close: () => undefined,
  };
}
