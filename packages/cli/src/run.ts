import { main } from './main.ts';
import { Interrupt, STOP_SIGNALS, type CliIo } from './io.ts';

/** Runs the command on this process: its arguments, streams, signals and exit code. */
export async function run(): Promise<void> {
  const stop = new AbortController();
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait for an orderly end.
      if (stop.signal.aborted) process.exit(signal === 'SIGTERM' ? 143 : 130);
      stop.abort(new Interrupt(signal));
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
