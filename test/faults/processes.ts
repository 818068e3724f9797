import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient, type LibraryClient } from '@longshore/client';
import { unlessHalted } from './together.ts';

const LONGSHORE = fileURLToPath(new URL('../../packages/cli/bin/longshore.js', import.meta.url));
const START_PATIENCE_MS = 120_000;

export const PASSWORD = 'fault-test-password';

/** What all processes of the environment are started with. */
export interface Deployment {
  readonly folder: string;
  readonly database: string;
  readonly storage: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A server or a worker of one environment, as a process that can be killed and started again. */
export class Node {
  readonly name: string;
  readonly #arguments: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #isReady: (output: string) => boolean;
  #process: ChildProcess | null = null;
  #output = '';

  constructor(name: string, parameters: readonly string[], { folder, database, storage, env }: Deployment) {
    this.name = name;
    this.#env = env;
    const [command = ''] = parameters;
    this.#arguments = [
      LONGSHORE,
      ...parameters,
      ['--name', 'shared', '--data', join(folder, name), '--database', database, '--auto-migrate', 'yes'],
      ['--url', 'http://longshore.example/MicroStrategyLibrary', '--log-level', 'error', ...storage],
    ].flat();
    this.#isReady = (output) => output.includes('is ready') && command !== '';
  }

  /** @param signal gives the start up; the process is there until it is killed */
  async start(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#output = '';
    const child = spawn(process.execPath, this.#arguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#env },
    });
    this.#process = child;
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const deadline = Date.now() + START_PATIENCE_MS;
    while (!this.#isReady(this.#output)) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`${this.name} did not start:\n${this.#output}`);
      }
      await delay(50, undefined, { signal });
    }
  }

  /** `kill -9`: no handler runs, nothing is flushed. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

const PAUSE_MS = 300;
const PATIENCE_MS = 180_000;

/** Calls whichever server answers, as a client behind a load balancer does; every server knows the one session. */
export class Balanced {
  readonly #clients: readonly LibraryClient[];
  readonly #signal: AbortSignal;
  #next = 0;

  /** @param signal ends every call, whoever answers or not */
  constructor(ports: readonly number[], signal: AbortSignal) {
    this.#signal = signal;
    this.#clients = ports.map((port) => createClient({ baseUrl: `http://127.0.0.1:${port}/MicroStrategyLibrary` }));
  }

  async login(): Promise<void> {
    for (const client of this.#clients) {
      await client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
    }
  }

  /** Again and again while nobody answers, or only with a failure of the servers; a refusal is thrown. */
  async ask<T>(call: (client: LibraryClient) => Promise<T>): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      this.#signal.throwIfAborted();
      const client = this.#clients[(this.#next += 1) % this.#clients.length];
      if (!client) throw new Error('There are no servers.');
      try {
        return await unlessHalted(this.#signal, call(client));
      } catch (error) {
        if (this.#signal.aborted || isRefusal(error) || Date.now() > deadline) throw error;
        await delay(PAUSE_MS, undefined, { signal: this.#signal });
        if (isSignedOut(error))
          await client
            .login({ kind: 'password', username: 'Administrator', password: PASSWORD })
            .catch(() => undefined);
      }
    }
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error ? Number(error.status) : undefined;
const isSignedOut = (error: unknown): boolean => statusOf(error) === 401;

export function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status < 500 && status !== 401 && status !== 409;
}
