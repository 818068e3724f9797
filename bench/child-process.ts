import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * What a process of the benchmark sends next.
 * @param name of the process, for people
 * @throws Error when it ends without that; it has told why itself
 */
export async function nextMessage<Message>(child: ChildProcess, name: string): Promise<Message> {
  const asked = new AbortController();
  const { signal } = asked;
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), failed(child, name, signal)]);
    return message as Message;
  } finally {
    asked.abort();
  }
}

async function failed(child: ChildProcess, name: string, signal: AbortSignal): Promise<never> {
  await once(child, 'exit', { signal });
  throw new Error(`The ${name} of the benchmark ended with ${child.exitCode ?? child.signalCode}.`);
}
