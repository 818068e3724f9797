import type { AclOnNew, AclOnReplacing, ConflictAction, SchemaUpdate, TranslationAction } from '@longshore/domain';

export const DRAFT_KINDS = ['object', 'administration', 'merge'] as const;
export type DraftKind = (typeof DRAFT_KINDS)[number];

/** Why an object is in the basket. */
export type Reason = { readonly kind: 'chosen' } | { readonly kind: 'needed'; readonly by: string };

export interface DraftItem {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly reason: Reason;
  /** Null: the default rule. */
  readonly action: ConflictAction | null;
  /** Whether the server adds everything that the object needs. */
  readonly includeDependents: boolean;
}

/** A rule of a project merge: for a type, a folder with what it contains, or one object. */
export interface MergeRule {
  readonly scope: 'type' | 'folder' | 'object';
  /** The type number for a type, else the object's id. */
  readonly key: string;
  readonly name: string;
  readonly type: number;
  readonly action: ConflictAction;
}

export interface DraftSettings {
  readonly defaultAction: ConflictAction;
  readonly aclOnReplacing: AclOnReplacing;
  readonly aclOnNew: AclOnNew;
  readonly schemaUpdates: readonly SchemaUpdate[];
  /* Project merge only. */
  readonly translations: TranslationAction;
  readonly validateDependencies: boolean;
}

/** A package as it is put together. */
export interface Draft {
  readonly kind: DraftKind;
  readonly name: string;
  readonly items: readonly DraftItem[];
  readonly mergeRules: readonly MergeRule[];
  readonly settings: DraftSettings;
}

export const FIRST_SETTINGS: DraftSettings = {
  defaultAction: 'replace',
  aclOnReplacing: 'use_existing',
  aclOnNew: 'inherit_acl_as_dest_folder',
  schemaUpdates: [],
  translations: 'use_existing',
  validateDependencies: true,
};

export const emptyDraft = (name: string): Draft => ({
  kind: 'object',
  name,
  items: [],
  mergeRules: [],
  settings: FIRST_SETTINGS,
});

export type DraftChange =
  | { readonly do: 'load'; readonly draft: Draft }
  | { readonly do: 'kind'; readonly kind: DraftKind }
  | { readonly do: 'name'; readonly name: string }
  | { readonly do: 'add'; readonly items: readonly DraftItem[] }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'clear' }
  | {
      readonly do: 'item';
      readonly id: string;
      readonly change: Partial<Pick<DraftItem, 'action' | 'includeDependents'>>;
    }
  | { readonly do: 'settings'; readonly change: Partial<DraftSettings> }
  | { readonly do: 'addRule'; readonly rule: MergeRule }
  | { readonly do: 'removeRule'; readonly rule: MergeRule };

/** The next state of a draft. What a package of the new kind cannot hold is dropped when the kind changes. */
export function changeDraft(draft: Draft, change: DraftChange): Draft {
  switch (change.do) {
    case 'load':
      return change.draft;
    case 'kind':
      return { ...draft, kind: change.kind, items: [], mergeRules: [] };
    case 'name':
      return { ...draft, name: change.name };
    case 'add':
      return { ...draft, items: withItems(draft.items, change.items) };
    case 'remove':
      return { ...draft, items: draft.items.filter(({ id }) => id !== change.id) };
    case 'clear':
      return { ...draft, items: [] };
    case 'item':
      return {
        ...draft,
        items: draft.items.map((item) => (item.id === change.id ? { ...item, ...change.change } : item)),
      };
    case 'settings':
      return { ...draft, settings: { ...draft.settings, ...change.change } };
    case 'addRule':
      return { ...draft, mergeRules: [...withoutRule(draft.mergeRules, change.rule), change.rule] };
    case 'removeRule':
      return { ...draft, mergeRules: withoutRule(draft.mergeRules, change.rule) };
  }
}

/** An object is in a basket once; one that was chosen stays chosen when something else needs it too. */
function withItems(items: readonly DraftItem[], added: readonly DraftItem[]): readonly DraftItem[] {
  const known = new Map(items.map((item) => [item.id, item]));
  for (const item of added) {
    const before = known.get(item.id);
    if (!before) known.set(item.id, item);
    else if (item.reason.kind === 'chosen') known.set(item.id, { ...before, reason: item.reason });
  }
  return [...known.values()];
}

const withoutRule = (rules: readonly MergeRule[], { scope, key }: MergeRule): readonly MergeRule[] =>
  rules.filter((rule) => rule.scope !== scope || rule.key !== key);

/** What is still missing before the package can be made; null when nothing is. */
export function missingPart({ kind, name, items }: Draft): 'name' | 'items' | null {
  if (name.trim() === '') return 'name';
  return kind !== 'merge' && items.length === 0 ? 'items' : null;
}
