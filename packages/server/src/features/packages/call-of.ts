import type { FastifyRequest } from 'fastify';
import { callerOf, projectHeader } from '../../platform/http/app.ts';
import type { HolderCall } from './holder-deps.ts';

/** Who calls, and for which project. */
export function callOf(request: FastifyRequest): HolderCall {
  return { caller: callerOf(request), projectId: projectHeader(request) };
}
