import type { AclBook, AclEntry } from '@longshore/domain';
import { internAcl } from '../../../platform/hash.ts';

/** Access control lists during one import, of the package and of the target: those that the plan has to do with just now. */
export interface ImportAclBook extends AclBook {
  has(aclId: string): boolean;
  learn(lists: ReadonlyMap<string, string>): void;
  /** Key and text of each list that was put in, and was not there, since this was asked the last time. */
  takeMade(): readonly (readonly [id: string, text: string])[];
  /** Of all lists that are there. */
  readonly characters: number;
  /** Takes all lists out. */
  clear(): void;
}

export function createAclBook(): ImportAclBook {
  /** As text until somebody looks into the list. */
  const lists = new Map<string, string | readonly AclEntry[]>();
  let made: (readonly [string, string])[] = [];
  let characters = 0;
  const add = (id: string, text: string): void => {
    lists.set(id, text);
    characters += text.length;
  };
  return {
    has: (aclId) => lists.has(aclId),
    learn(loaded) {
      for (const [id, text] of loaded) if (!lists.has(id)) add(id, text);
    },
    takeMade() {
      const taken = made;
      made = [];
      return taken;
    },
    get characters() {
      return characters;
    },
    clear() {
      lists.clear();
      characters = 0;
    },
    get(aclId) {
      const known = lists.get(aclId);
      if (known === undefined) throw new Error(`Access control list ${aclId} was not loaded.`);
      if (typeof known !== 'string') return known;
      const entries = JSON.parse(known) as AclEntry[];
      lists.set(aclId, entries);
      return entries;
    },
    put(entries) {
      const { id, entries: text } = internAcl(entries);
      if (lists.has(id)) return id;
      add(id, text);
      made.push([id, text]);
      return id;
    },
  };
}
