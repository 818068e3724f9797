import { createHash, hash } from 'node:crypto';
import { aclText, type AclEntry } from '@longshore/domain';

/** SHA-256 of a text as 64 lower-case hex digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Hash over the body of an object: the canonical texts of definition, translations and uses. */
export function bodyHash(definition: string, translations: string, uses: string): string {
  return sha256(definition + afterDefinition(translations, uses));
}

const afterDefinition = (translations: string, uses: string): string => `\n${translations}\n${uses}`;

/** Bytes that are hashed in one call, which takes a third of the time of three. */
const HASHED_AT_ONCE = 256 * 1024;
const together = Buffer.allocUnsafeSlow(HASHED_AT_ONCE);

/** The same from the bytes of a definition, which does not become text for it. */
export function bodyBytesHash(definition: Buffer, translations: string, uses: string): string {
  const rest = afterDefinition(translations, uses);
  // A character of a text has three bytes at most.
  if (definition.length + 3 * rest.length > HASHED_AT_ONCE) {
    return createHash('sha256').update(definition).update(rest).digest('hex');
  }
  definition.copy(together);
  const length = definition.length + together.write(rest, definition.length);
  return hash('sha256', together.subarray(0, length), 'hex');
}

/** The key under which an access control list is interned: equal lists have equal keys. */
export function aclKey(text: string): string {
  return sha256(text).slice(0, 32);
}

/** Interned form of a list: its key and its canonical text. */
export function internAcl(entries: readonly AclEntry[]): { id: string; entries: string } {
  const text = aclText(entries);
  return { id: aclKey(text), entries: text };
}
