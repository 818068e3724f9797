import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../child-process.ts';

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
    return new BareServer(child, `${await nextMessage<string>(child, 'bare server')}/`);
  }

  /** Seconds, since it was started. */
  cpu(): Promise<number> {
    const answer = nextMessage<number>(this.#process, 'bare server');
    this.#process.send('cpu');
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.send('close');
    await exit;
  }
}
