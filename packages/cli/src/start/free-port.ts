import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The wanted port when nobody listens on it, else one that is free at this moment. */
export async function portOrAny(port: number, host: string): Promise<number> {
  return (await tryPort(port, host)) ?? (await tryPort(0, host)) ?? 0;
}

function tryPort(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host, exclusive: true }, () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}
