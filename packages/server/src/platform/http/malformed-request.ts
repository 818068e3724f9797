import type { Socket } from 'node:net';
import { AppError } from '@longshore/contracts';
import type { IdSource } from '../ids.ts';
import { errorBody } from './errors.ts';

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers what is no HTTP request at all, so that clients find an error body there as well. */
export function malformedRequestHandler(ids: IdSource) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const refusal = new AppError(
      'invalid',
      'The request is not valid HTTP, its headers are too large, or it took too long.',
    );
    const body = JSON.stringify(errorBody(refusal, ids.ticketId()));
    const lines = [
      `HTTP/1.1 ${STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  };
}
