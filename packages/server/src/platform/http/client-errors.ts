import type { Socket } from 'node:net';
import { AppError } from '@longshore/contracts';
import type { IdSource } from '../ids.ts';
import { errorBody } from './errors.ts';

/** Long enough for searches that name many objects in the address. */
export const MAX_HEADER_BYTES = 64 * 1024;

/**
 * What is no HTTP request, or has too large a head, never reaches a route; it is answered in the same form as every
 * refusal, because clients read nothing else.
 */
export function answerClientError(ids: IdSource) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
    const refusal = isTooLarge
      ? new AppError('invalid', `The address and the headers may have at most ${MAX_HEADER_BYTES} bytes together.`)
      : new AppError('invalid', 'This is not an HTTP request that can be understood.');
    const body = JSON.stringify(errorBody(refusal, ids.ticketId()));
    const head = [
      isTooLarge ? 'HTTP/1.1 431 Request Header Fields Too Large' : 'HTTP/1.1 400 Bad Request',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}
