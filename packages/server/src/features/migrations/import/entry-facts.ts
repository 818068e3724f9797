import { isFolder, keepsIdentical, type PackageEntry } from '@longshore/domain';
import { ValueNumbers } from '../../objects/value-numbers.ts';
import { identityKeys, type IdentityKeys } from './identity-keys.ts';

/** An access control list: its canonical text, and the key of that. */
export interface InternedAcl {
  readonly id: string;
  readonly text: string;
}

/** What is known of the entries of a chunk once they are checked, in few values that another thread can be sent. */
export interface EntryFacts {
  /** The ids one after another. */
  readonly ids: string;
  /** Both keys of each entry, one after another, and where each of them ends. */
  readonly keys: string;
  readonly keyEnds: Uint32Array<ArrayBuffer>;
  /** 1 of an entry that is kept where it meets the identical object. */
  readonly kept: Uint8Array<ArrayBuffer>;
  /** The lists of the chunk, and which one each entry has. */
  readonly acls: readonly InternedAcl[];
  readonly aclNumbers: Uint16Array<ArrayBuffer>;
}

const ID_LENGTH = 32;

export const idAt = ({ ids }: EntryFacts, place: number): string =>
  ids.slice(place * ID_LENGTH, (place + 1) * ID_LENGTH);

export function keysAt({ keys, keyEnds }: EntryFacts, place: number): IdentityKeys {
  const start = place === 0 ? 0 : (keyEnds[2 * place - 1] ?? 0);
  const between = keyEnds[2 * place] ?? 0;
  return { body: keys.slice(start, between), place: keys.slice(between, keyEnds[2 * place + 1]) };
}

export function aclAt({ acls, aclNumbers }: EntryFacts, place: number): InternedAcl {
  const acl = acls[aclNumbers[place] ?? 0];
  if (!acl) throw new RangeError(`There is no entry at ${place}.`);
  return acl;
}

/** Collects the facts of the entries of one chunk, in their order. */
export class EntryFactsBuilder {
  readonly #ids: string[] = [];
  readonly #keys: string[] = [];
  readonly #keyEnds: Uint32Array<ArrayBuffer>;
  readonly #kept: Uint8Array<ArrayBuffer>;
  readonly #acls = new ValueNumbers<InternedAcl>();
  readonly #aclNumbers: Uint16Array<ArrayBuffer>;
  #keysLength = 0;

  constructor(entries: number) {
    this.#keyEnds = new Uint32Array(2 * entries);
    this.#kept = new Uint8Array(entries);
    this.#aclNumbers = new Uint16Array(entries);
  }

  add(entry: PackageEntry, acl: InternedAcl): void {
    const place = this.#ids.length;
    this.#ids.push(entry.id);
    const keys = identityKeys(entry);
    this.#addKey(keys.body);
    this.#addKey(keys.place);
    this.#kept[place] = isKept(entry) ? 1 : 0;
    this.#aclNumbers[place] = this.#acls.of(acl);
  }

  build(): EntryFacts {
    return {
      ids: this.#ids.join(''),
      keys: this.#keys.join(''),
      keyEnds: this.#keyEnds,
      kept: this.#kept,
      acls: this.#acls.values,
      aclNumbers: this.#aclNumbers,
    };
  }

  #addKey(key: string): void {
    this.#keysLength += key.length;
    this.#keyEnds[this.#keys.length] = this.#keysLength;
    this.#keys.push(key);
  }
}

/**
 * What the planner would say of an entry that meets the identical object. Folders go to it all the same, for what is made
 * in them, and so do copies, which are counted.
 */
const isKept = (entry: PackageEntry): boolean =>
  !isFolder(entry) && entry.action !== 'keep_both' && keepsIdentical(entry.action);
