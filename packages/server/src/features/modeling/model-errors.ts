import type { AppError } from '@longshore/contracts';
import { errorBody } from '../../platform/http/errors.ts';

/**
 * Clients of the modeling API look into `errors`, all others beside it (spec/api.md 1.12): both find the same code,
 * message and ticket.
 */
export function modelErrorBody(error: AppError, ticketId: string): object {
  const body = errorBody(error, ticketId);
  const { code, message, iServerCode } = body;
  const additionalProperties = error.subErrors[0]?.additionalProperties ?? {};
  return {
    ...body,
    errors: [{ code, message, ticketId, ...(iServerCode === undefined ? {} : { iServerCode }), additionalProperties }],
  };
}
