import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LONGSHORE = fileURLToPath(new URL('../../packages/cli/bin/longshore.js', import.meta.url));
const START_PATIENCE_MS = 60_000;

export const PASSWORD = 'crash-test-password';

/** A server process that can be killed at any moment and started again on the same data and port. */
export class KillableServer {
  readonly name: string;
  readonly url: string;
  readonly #arguments: readonly string[];
  #process: ChildProcess | null = null;
  #output = '';

  constructor(name: string, folder: string, port: number) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}/MicroStrategyLibrary`;
    this.#arguments = [
      [LONGSHORE, 'serve'],
      ['--name', name, '--host', '127.0.0.1', '--port', String(port)],
      ['--data', join(folder, name), '--storage', join(folder, 'storage')],
      ['--admin-password', PASSWORD, '--log-level', 'error'],
    ].flat();
  }

  /** Resolves when the server answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#arguments, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-10_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const deadline = Date.now() + START_PATIENCE_MS;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`${this.name} did not start:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.url}/api/status`).then(
      (response) => response.ok,
      () => false,
    );
  }

  /** `kill -9`: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
