import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BlockList, isIPv6 } from 'node:net';
import { AppError, MESSAGES } from '@longshore/contracts';
import type { Metrics } from '../../platform/metrics/metrics.ts';

/** Who may read the metrics: programs on this machine, everybody who reaches the server, nobody. */
export const METRICS_ACCESS = ['loopback', 'open', 'off'] as const;
export type MetricsAccess = (typeof METRICS_ACCESS)[number];

/** `GET /metrics`, outside the API and without a login. Who may not read it finds nothing there. */
export function metricsRoutes(app: FastifyInstance, metrics: Metrics, access: MetricsAccess): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request, access)) throw new AppError('noSuchEndpoint', MESSAGES.noSuchEndpoint);
    const { contentType, text } = await metrics.render();
    return reply.type(contentType).send(text);
  });
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** What a proxy adds: the one who asks is then not on this machine, although the connection is. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];

function mayRead(request: FastifyRequest, access: MetricsAccess): boolean {
  if (access !== 'loopback') return access === 'open';
  const address = request.socket.remoteAddress ?? '';
  const isHere = LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return isHere && FORWARDED.every((name) => request.headers[name] === undefined);
}
