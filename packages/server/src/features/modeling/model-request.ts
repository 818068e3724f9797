import type { FastifyRequest } from 'fastify';
import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { callerOf, requireProject } from '../../platform/http/app.ts';
import type { ModelRequest } from './modeling.service.ts';

/** Where a request wants to work: the changeset wins over the project (spec/api.md 1.3). */
export function modelRequest(request: FastifyRequest): ModelRequest {
  const caller = callerOf(request);
  const header = request.headers['x-mstr-ms-changeset'];
  if (typeof header !== 'string' || header.trim() === '')
    return { caller, place: { projectId: requireProject(request) } };
  const changesetId = parseObjectId(header.trim());
  if (changesetId !== undefined) return { caller, place: { changesetId } };
  throw new AppError('invalid', 'The header X-MSTR-MS-Changeset must hold 32 hex digits.');
}
