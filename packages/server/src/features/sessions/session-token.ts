import type { FastifyRequest } from 'fastify';

/** The session token of a request whose route asks for a session; by then it is known to be there. */
export function sessionToken(request: FastifyRequest): string {
  const token = request.headers['x-mstr-authtoken'];
  return typeof token === 'string' ? token : '';
}
