import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** A file of the shared store on its way to a client. */
export interface FileDownload {
  readonly stream: Readable;
  /** Bytes. */
  readonly size: number;
  /** Made by `downloadName`. */
  readonly fileName: string;
}

/**
 * Streams a file. The character set keeps a known client from guessing one for minutes, and the file name has no quotes
 * because it takes everything after `filename=` (spec/mstrio-surface.md 4). When the client goes away the stream is
 * destroyed, and with it the open file.
 */
export function sendFile(reply: FastifyReply, file: FileDownload): FastifyReply {
  return reply
    .code(200)
    .header('content-type', 'application/octet-stream;charset=ISO-8859-1')
    .header('content-disposition', `attachment; filename=${file.fileName}`)
    .header('content-length', file.size)
    .send(file.stream);
}

const LONGEST_NAME = 100;

/**
 * A file name that needs no quotes and leads nowhere: what is not a letter, a digit, `.`, `_` or `-` becomes `_`.
 * `fallback` is taken when nothing of the text is left.
 */
export function downloadName(text: string, fallback: string): string {
  const stem = text.replace(/\.mmp$/i, '').normalize('NFKD');
  const safe = stem
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/[._]+$/, '');
  return `${safe === '' ? fallback : safe}.mmp`;
}
