import type { AclEntry } from '@longshore/domain';
import { internAcl } from '../../../platform/hash.ts';
import type { InternedAcl } from './entry-facts.ts';

/**
 * The access control lists that were met last, by how they are written: a package has few lists, and bringing one into its
 * canonical form costs more than looking it up.
 */
export class KnownAcls {
  readonly #lists = new Map<string, InternedAcl>();
  readonly #mostCharacters: number;
  #characters = 0;

  /** A list may be a hundred entries long, or a million: what is kept is bounded by its text, a longer list is not kept. */
  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  /** Of everything that is kept. */
  get characters(): number {
    return this.#characters;
  }

  /** The list in its canonical form. */
  of(entries: readonly AclEntry[]): InternedAcl {
    let written = '';
    for (const { trusteeId, rights, deny, inheritable } of entries)
      written += `${trusteeId}${rights}${deny}${inheritable}`;
    const known = this.#lists.get(written);
    if (known !== undefined) return known;
    const { id, entries: text } = internAcl(entries);
    const acl = { id, text };
    this.#keep(written, acl);
    return acl;
  }

  #keep(written: string, acl: InternedAcl): void {
    const characters = written.length + acl.text.length;
    if (characters > this.#mostCharacters) return;
    if (this.#characters + characters > this.#mostCharacters) {
      this.#lists.clear();
      this.#characters = 0;
    }
    this.#lists.set(written, acl);
    this.#characters += characters;
  }
}
