import { Agent, request } from 'node:http';

export interface Target {
  /** Address with path and query. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request; resolves with its time in milliseconds once the whole answer has come. */
export function send(target: Target, agent: Agent): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(target.url, { method: target.method, headers: target.headers, agent }, (response) => {
      response.resume();
      response.on('end', () => {
        if ((response.statusCode ?? 500) >= 400) {
          reject(new Error(`${target.method} ${target.url} was answered with ${response.statusCode}.`));
        } else resolve(performance.now() - started);
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(target.body);
  });
}

/** As many requests as `connections` can make one after another in the time given. Times in milliseconds. */
export async function closedLoop(target: Target, connections: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  const connection = async (): Promise<void> => {
    while (performance.now() < until) times.push(await send(target, agent));
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return times;
}

/** Pollers that ask at their own pace until told to stop; they begin evenly spread over the first pause. */
export async function pollers(target: Target, count: number, pauseMs: number, stop: AbortSignal): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const times: number[] = [];
  const poller = async (index: number): Promise<void> => {
    await pause((pauseMs * index) / count);
    while (!stop.aborted) {
      times.push(await send(target, agent));
      await pause(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: count }, (_, index) => poller(index)));
  agent.destroy();
  return times;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
