import type { FastifyRequest } from 'fastify';

/** Whether the caller asks not to wait for the outcome: `Prefer: respond-async`, in any letter case (spec/api.md 1.6). */
export function prefersAsync(request: FastifyRequest): boolean {
  return [request.headers['prefer'] ?? []].flat().some((value) => value.toLowerCase().includes('respond-async'));
}
