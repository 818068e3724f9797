import { hash } from 'node:crypto';
import { aclText, type AclEntry } from '@longshore/domain';

/** SHA-256 of a text as 64 lower-case hex digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Hash over the body of an object: the canonical texts of definition, translations and uses. */
export function bodyHash(definition: string, translations: string, uses: string): string {
  return sha256(`${definition}\n${translations}\n${uses}`);
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
