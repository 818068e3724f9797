import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient, type LibraryClient } from '@longshore/client';
import { nextMessage } from './child-process.ts';
import type { Question, Reading } from './server-process.ts';

const PASSWORD = 'a benchmark password';
const ENTRY = fileURLToPath(new URL('./server-entry.js', import.meta.url));

/** A server is idle when it has taken less CPU than this within that time. */
const IDLE_CPU_SECONDS = 0.02;
const IDLE_MS = 100;

/** As `longshore` starts itself; see the first line of packages/cli/bin/longshore.js. */
const AS_THE_COMMAND = ['--max-semi-space-size=8'];

/** What a stretch of work took of the server. */
export interface Measured {
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
  /** Bytes. */
  readonly peakMemory: number;
  /** Milliseconds. */
  readonly delayP99: number;
  readonly delayMax: number;
}

/** PostgreSQL in place of the two files, and how many jobs the server then works on at a time. */
export interface BenchEngine {
  readonly database?: string;
  readonly workers?: number;
}

/** A server in a process of its own, and a client that has logged in to it. */
export class BenchServer implements AsyncDisposable {
  readonly client: LibraryClient;
  readonly name: string;
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(name: string, process: ChildProcess, url: string) {
    this.name = name;
    this.#process = process;
    this.url = url;
    this.client = createClient({ baseUrl: url, timeoutMs: 3_600_000 });
  }

  /** Starts on the data folder `folder/name`, with the store that all environments of the workspace share. */
  static async start(folder: string, name: string, engine: BenchEngine = {}): Promise<BenchServer> {
    const config = {
      name,
      host: '127.0.0.1',
      port: 0,
      url: null,
      dataDirectory: join(folder, name),
      storageLocation: join(folder, 'storage'),
      adminPassword: PASSWORD,
      sample: null,
      sessionTimeout: 86_400,
      maxPackageBytes: 2 ** 31,
      nameClash: 'rename',
      warmUp: 'fromStart',
      logLevel: 'error',
      ...engine,
    };
    const execArgv = [...AS_THE_COMMAND, ...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [])];
    const child = fork(ENTRY, [JSON.stringify(config)], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { url } = await nextMessage<{ readonly url: string }>(child, 'server');
    const server = new BenchServer(name, child, url);
    await server.login();
    await server.#rest();
    return server;
  }

  async login(): Promise<void> {
    await this.client.login({ kind: 'password', username: 'Administrator', password: PASSWORD });
  }

  /** Body of POST /api/auth/login, for those who speak to the server by themselves. */
  get credentials(): { username: string; password: string; loginMode: number } {
    return { username: 'Administrator', password: PASSWORD, loginMode: 1 };
  }

  /** A session of its own, for calls that the client does not make. */
  async token(): Promise<string> {
    const response = await fetch(`${this.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.credentials),
    });
    return response.headers.get('x-mstr-authtoken') ?? '';
  }

  async measure<T>(work: () => Promise<T>): Promise<Measured & { readonly result: T }> {
    const before = await this.#ask('begin');
    const started = performance.now();
    const result = await work();
    const wall = (performance.now() - started) / 1000;
    const { cpu, ...rest } = await this.#ask('end');
    return { ...rest, wall, cpu: cpu - before.cpu, result };
  }

  /** A server that is in use has been started long ago: its threads have loaded what they run. */
  async #rest(): Promise<void> {
    let before = (await this.#ask('begin')).cpu;
    for (;;) {
      await sleep(IDLE_MS);
      const { cpu } = await this.#ask('begin');
      if (cpu - before < IDLE_CPU_SECONDS) return;
      before = cpu;
    }
  }

  #ask(question: Question): Promise<Reading> {
    const answer = nextMessage<Reading>(this.#process, 'server');
    this.#process.send(question);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.send('close');
    await exit;
  }
}
