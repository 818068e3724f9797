import { Readable, Writable } from 'node:stream';
import type { Fetch } from '@longshore/client';
import { Interrupt, main, type CliIo, type ExitCode, type OutputStream, type Services } from '../src/index.ts';

/** Surroundings of a command that remember what it wrote. */
export interface RecordingIo extends CliIo {
  readonly out: () => string;
  readonly err: () => string;
  readonly interrupt: (signal?: 'SIGINT' | 'SIGTERM') => void;
}

export interface RecordingOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly terminal?: 'yes' | 'no';
  /** Called with every piece of output, for tests that act in the middle. */
  readonly onOutput?: (text: string) => void;
  readonly now?: () => number;
  /** Calls of the servers, for tests that act in the middle. */
  readonly fetch?: Fetch;
}

export function recordingIo(options: RecordingOptions = {}): RecordingIo {
  const stop = new AbortController();
  const out: string[] = [];
  const err: string[] = [];
  const isTTY = options.terminal === 'yes';
  return {
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout: recorder(out, isTTY, options.onOutput),
    stderr: recorder(err, isTTY, options.onOutput),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: stop.signal,
    now: options.now ?? (() => 0),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    // Polls do not wait; an interruption is seen all the same.
    sleep: async (_, signal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
    out: () => out.join(''),
    err: () => err.join(''),
    interrupt: (signal = 'SIGINT') => stop.abort(new Interrupt(signal)),
  };
}

function recorder(parts: string[], isTTY: boolean, onOutput?: (text: string) => void): OutputStream {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      parts.push(chunk.toString());
      onOutput?.(chunk.toString());
      done();
    },
  });
  return Object.assign(stream, { isTTY, columns: 100 });
}

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. */
export async function run(argv: readonly string[], io: RecordingIo, services?: Services): Promise<Ran> {
  const code = await main(argv, io, services);
  return { code, out: io.out(), err: io.err() };
}

/** Services of a command that must not start anything. */
export const noServices: Services = {
  startServer: () => Promise.reject(new Error('no server is started here')),
  startWorker: () => Promise.reject(new Error('no worker is started here')),
  migrateEnvironment: () => Promise.reject(new Error('no tables are made here')),
  copyEnvironment: () => Promise.reject(new Error('nothing is copied here')),
  generateProject: () => Promise.reject(new Error('nothing is generated here')),
};
