import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import '@fastify/multipart';
import { AppError } from '@longshore/contracts';
import type { UploadPart } from './upload-shared-file.service.ts';

/** What a form may have besides its file: boundaries, part headers, small fields. */
const FORM_OVERHEAD_BYTES = 64 * 1024;
/** How long the rest of a refused upload is read and thrown away before the connection is cut. */
const LINGER_MS = 30_000;

/** Parts of this name are files, whatever their type is and whether they have a file name. */
const FILE_PART = 'file';

const LIMITS = { files: 2, fields: 16, parts: 18, fieldSize: 1024, headerPairs: 64, headerSize: 16 * 1024 };

export interface AwaitedForm {
  /** Bytes of the file that the form should hold. */
  readonly size: number;
  /** How long nothing may come, in milliseconds; after that the connection is cut, so that others can use the file. */
  readonly idleMs: number;
}

/**
 * The files of a form, as they arrive. Fields are passed over.
 * @throws AppError `invalid` when the request is no form, is cut off, or is larger than a form with the file can be
 */
export async function* uploadParts(request: FastifyRequest, form: AwaitedForm): AsyncGenerator<UploadPart> {
  const { size, idleMs } = form;
  const { raw } = request;
  if (!request.isMultipart()) {
    throw new AppError('invalid', 'The Content-Type must be multipart/form-data, with one part named file.');
  }
  const limit = size + FORM_OVERHEAD_BYTES;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) {
    throw new AppError('invalid', `size is ${size} bytes, and the body of this request has ${announced}.`);
  }
  // Its end was told already, and nobody would tell it again.
  if (raw.destroyed) throw new AppError('invalid', 'The connection was closed before the form was read.');
  const guard = cutAfter(raw, limit);
  raw.socket.setTimeout(idleMs);
  try {
    const limits = { ...LIMITS, fileSize: Number.MAX_SAFE_INTEGER };
    for await (const part of request.parts({ limits, isPartAFile })) {
      if (part.type === 'file') yield { name: part.fieldname, content: part.file };
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid', `The form cannot be read to its end: ${reason}.`, { cause: error });
  } finally {
    guard.release();
    raw.socket.setTimeout(0);
  }
}

const isPartAFile = (name: string | undefined, _type: string | undefined, fileName: string | undefined): boolean =>
  name === FILE_PART || fileName !== undefined;

/**
 * Ends a request that goes on and on without being part of the file: the file itself is measured elsewhere. Only a
 * sender that means harm, and does not announce a length, gets here.
 */
function cutAfter(raw: IncomingMessage, limit: number): { release: () => void } {
  let received = 0;
  const count = (chunk: Buffer): void => {
    received += chunk.length;
    if (received > limit) raw.destroy();
  };
  raw.on('data', count);
  return { release: () => void raw.off('data', count) };
}

/**
 * Lets a connection be used again, after an upload whose end was not read: the rest is read and thrown away. Clients
 * that send all before they read an answer would otherwise never see it.
 */
export function discardRest(raw: IncomingMessage): void {
  if (raw.readableEnded || raw.destroyed) return;
  raw.unpipe();
  raw.resume();
  const timer = setTimeout(() => raw.destroy(), LINGER_MS).unref();
  raw.once('close', () => clearTimeout(timer));
}
