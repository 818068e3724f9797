import type { FastifyInstance } from 'fastify';
import { AppError } from '@longshore/contracts';

/** Escapes by which a text can come to hold NUL or half a surrogate pair; the raw bytes cannot bring them in. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i;

/** Parses JSON bodies, and takes an empty one for none. Clients name the type on calls that have no body at all. */
export function registerJsonParser(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'ignore');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body as string;
    if (text === '') return done(null, undefined);
    return void parseJson(request, text, (error, value: unknown) => {
      if (error) done(error, undefined);
      else done(SUSPECT_ESCAPE.test(text) ? findTextProblem(value) : null, value);
    });
  });
}

/** Databases keep neither NUL nor half a surrogate pair as they are, so what was written would not be read back. */
function findTextProblem(value: unknown): AppError | null {
  const pending: { value: unknown; path: string }[] = [{ value, path: 'body' }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value: part, path } = next;
    if (typeof part === 'string' && !isStorable(part)) {
      return new AppError('invalid', `Invalid value: ${path} must be a well-formed text without NUL.`);
    }
    if (part === null || typeof part !== 'object') continue;
    for (const [name, member] of Object.entries(part)) {
      if (!isStorable(name)) return new AppError('invalid', `${path} has a name that is not well-formed text.`);
      pending.push({ value: member, path: `${path}.${name}` });
    }
  }
  return null;
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** No body is unpacked here; a packed one would be told off for what its bytes look like. */
export function refusePackedBodies(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
    throw new AppError('invalid', `A body with Content-Encoding ${encoding} is not taken. Send it unpacked.`);
  });
}
