import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('./bare-fastify.ts', import.meta.url));

/** The framework alone, in a process of its own, with one answer to everything. */
export class BareServer implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(body: string): Promise<BareServer> {
    const child = fork(ENTRY, [body], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [url] = (await once(child, 'message')) as [string];
    return new BareServer(child, `${url}/`);
  }

  /** Seconds, since it was started. */
  async cpu(): Promise<number> {
    const answer = once(this.#process, 'message');
    this.#process.send('cpu');
    const [seconds] = (await answer) as [number];
    return seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.send('close');
    await exit;
  }
}
