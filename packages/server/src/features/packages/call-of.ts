import type { FastifyRequest } from 'fastify';
import type { RouteAccess } from '../../platform/http/access.ts';
import { callerOf, projectHeader } from '../../platform/http/app.ts';
import { EITHER_PACKAGE_PRIVILEGE } from '../migrations/record-access.ts';
import type { HolderCall } from './holder-deps.ts';

/** Packages belong to the session that made them; what it takes to fill and to import them, the services ask. */
export const EITHER: RouteAccess = { kind: 'anyOf', privileges: EITHER_PACKAGE_PRIVILEGE, where: 'somewhere' };

/** Who calls, and for which project. */
export function callOf(request: FastifyRequest): HolderCall {
  return { caller: callerOf(request), projectId: projectHeader(request) };
}
