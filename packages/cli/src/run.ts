import { EXIT } from './exit-codes.ts';
import { main } from './main.ts';
import { Interrupt, STOP_SIGNALS, type CliIo } from './io.ts';

/** One Ctrl-C can arrive twice: from the terminal, and passed on by npm or by the Node that handed over to this one. */
const ECHO_MS = 500;

/** Runs the command on this process: its arguments, streams, signals and exit code. */
export async function run(): Promise<void> {
  const stop = new AbortController();
  let askedAt = 0;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        askedAt = performance.now();
        stop.abort(new Interrupt(signal));
      } else if (performance.now() - askedAt > ECHO_MS) {
        // Whoever asks twice does not want to wait for an orderly end.
        process.exit(signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted);
      }
    });
  }
  // A reader that has seen enough (`longshore dump | head`) is no failure of the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const io: CliIo = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
    now: () => Date.now(),
  };
  process.exitCode = await main(process.argv.slice(2), io);
}
