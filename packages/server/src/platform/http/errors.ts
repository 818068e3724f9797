import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, MESSAGES, type ErrorBody } from '@longshore/contracts';
import { isDatabaseUnusable, isUnstorableText } from '../db/unusable-database.ts';

/** How an error is shown; features whose clients know another envelope bring their own. */
export type ErrorShape = (error: AppError, ticketId: string) => object;

/**
 * Turns anything thrown into an answer. Its ticket id is that of the request, which stands in every line of the log
 * about it, so that a user can quote it.
 */
export function errorHandler(shape: ErrorShape = errorBody) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = toAppError(thrown);
    const log = { code: error.code, err: error.status >= 500 ? thrown : undefined };
    if (error.status >= 500) request.log.error(log, error.message);
    else request.log.info(log, error.message);
    void reply.status(error.status).type('application/json; charset=utf-8').send(shape(error, request.id));
  };
}

export function errorBody(error: AppError, ticketId: string): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    ticketId,
    ...(error.iServerCode === undefined ? {} : { iServerCode: error.iServerCode }),
    ...(error.subErrors.length === 0 ? {} : { subErrors: [...error.subErrors] }),
  };
}

const UNSTORABLE = 'A text of the request holds the character U+0000, which cannot be kept. Leave it out.';

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isFastifyError(thrown)) return fromFastify(thrown);
  if (isUnstorableText(thrown)) return new AppError('invalid', UNSTORABLE, { cause: thrown });
  if (isDatabaseUnusable(thrown))
    return new AppError('databaseUnavailable', MESSAGES.databaseUnavailable, { cause: thrown });
  return new AppError('internal', 'The server failed to answer this request. Give the ticket id to an administrator.', {
    cause: thrown,
  });
}

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number';
}

function fromFastify(error: FastifyError): AppError {
  if (error.validation) return new AppError('invalid', validationMessage(error));
  if (error.statusCode === 413) return new AppError('tooLarge', error.message, { cause: error });
  if (error.statusCode === 404) return new AppError('noSuchEndpoint', MESSAGES.noSuchEndpoint);
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new AppError('invalid', `${error.message.replace(/:? ?$/, '')}. Send the body as application/json.`);
  }
  if (error instanceof SyntaxError || error.code?.startsWith('FST_ERR_CTP')) {
    return new AppError('invalid', `Invalid JSON body. ${error.message}`);
  }
  if ((error.statusCode ?? 500) < 500) return new AppError('invalid', error.message, { cause: error });
  return new AppError('internal', error.message, { cause: error });
}

/** Names the field by its path and, for a list of words, the words that are allowed. */
function validationMessage(error: FastifyError): string {
  const first = error.validation?.[0];
  if (!first) return error.message;
  const path = `${error.validationContext ?? 'body'}${first.instancePath}`.replaceAll('/', '.');
  const allowed = Array.isArray(first.params['allowedValues']) ? `: ${first.params['allowedValues'].join(', ')}` : '';
  return `Invalid value: ${path} ${first.message ?? 'is not valid'}${allowed}.`;
}
