import type { AclBook, AclEntry } from '@longshore/domain';
import { internAcl } from '../../../platform/hash.ts';

/** Access control lists during one import: those of the package, those of the target that were looked up, and new ones. */
export interface ImportAclBook extends AclBook {
  has(aclId: string): boolean;
  learn(lists: ReadonlyMap<string, string>): void;
  /** Texts of all lists that the plan may write, by key. */
  texts(): ReadonlyMap<string, string>;
}

export function createAclBook(): ImportAclBook {
  const texts = new Map<string, string>();
  const parsed = new Map<string, readonly AclEntry[]>();
  return {
    has: (aclId) => texts.has(aclId),
    learn(lists) {
      for (const [id, text] of lists) texts.set(id, text);
    },
    texts: () => texts,
    get(aclId) {
      const known = parsed.get(aclId);
      if (known) return known;
      const text = texts.get(aclId);
      if (text === undefined) throw new Error(`Access control list ${aclId} was not loaded.`);
      const entries = JSON.parse(text) as AclEntry[];
      parsed.set(aclId, entries);
      return entries;
    },
    put(entries) {
      const { id, entries: text } = internAcl(entries);
      texts.set(id, text);
      return id;
    },
  };
}
