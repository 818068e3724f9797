import { createHash, randomBytes } from 'node:crypto';

/** Where new ids and tokens come from; tests bring their own. */
export interface IdSource {
  /** A new id: 32 upper-case hex digits. */
  objectId(): string;
  /** A new secret token: 26 characters `[0-9a-v]`, 130 random bits, in the form that clients know. */
  token(): string;
  /** A ticket id for an error answer: 32 lower-case hex digits. */
  ticketId(): string;
}

const TOKEN_ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const TOKEN_LENGTH = 26;

export const randomIds: IdSource = {
  objectId: () => randomBytes(16).toString('hex').toUpperCase(),
  token: () => Array.from(randomBytes(TOKEN_LENGTH), (byte) => TOKEN_ALPHABET[byte & 31]).join(''),
  ticketId: () => randomBytes(16).toString('hex'),
};

/** An id that follows from a text: the same text always gives the same id. */
export function derivedId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32).toUpperCase();
}
