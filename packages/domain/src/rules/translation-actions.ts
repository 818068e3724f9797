import { DEFAULT_LCID } from '../objects/translations.ts';
import type { JsonObject, JsonValue } from '../objects/metadata-object.ts';

/** What a project merge does with the texts of an object in other languages (spec/api.md 4.4). */
export const TRANSLATION_ACTIONS = ['not_merged', 'use_existing', 'replace', 'force_replace'] as const;
export type TranslationAction = (typeof TRANSLATION_ACTIONS)[number];

/** What each action means, in the words of docs/rules.md. */
export const TRANSLATION_SUMMARIES: Readonly<Record<TranslationAction, string>> = {
  not_merged: "A replaced object keeps the target's texts in other languages, and gets none of the package's.",
  use_existing: 'A replaced object gets the texts in languages that it lacks on the target; those it has stay.',
  replace:
    "A replaced object gets the package's texts; texts of the target stay where the package has none for the language.",
  force_replace: 'As `replace`, and the same for objects whose version is equal, whatever their own rule.',
};

/** True for the action that also writes the texts of objects whose version is equal. */
export function writesIdenticalTexts(action: TranslationAction): boolean {
  return action === 'force_replace';
}

type Texts = Readonly<Record<string, JsonValue>>;

/**
 * The texts that an object has once it is merged: `{target: {lcid: text}}`, targets without any text left out. The
 * default language is not a translation; it always follows the object, and so the package.
 */
export function mergeTranslations(action: TranslationAction, existing: JsonObject, incoming: JsonObject): JsonObject {
  const merged: JsonObject = {};
  for (const target of new Set([...Object.keys(existing), ...Object.keys(incoming)])) {
    const texts = mergeTexts(action, textsOf(existing[target]), textsOf(incoming[target]));
    if (Object.keys(texts).length > 0) merged[target] = texts;
  }
  return merged;
}

function mergeTexts(action: TranslationAction, existing: Texts, incoming: Texts): JsonObject {
  const { [DEFAULT_LCID]: _replaced, ...kept } = existing;
  const { [DEFAULT_LCID]: own, ...offered } = incoming;
  const others = othersOf(action, kept, offered);
  return own === undefined ? { ...others } : { ...others, [DEFAULT_LCID]: own };
}

function othersOf(action: TranslationAction, existing: Texts, incoming: Texts): Texts {
  switch (action) {
    case 'not_merged':
      return existing;
    case 'use_existing':
      return { ...incoming, ...existing };
    case 'replace':
    case 'force_replace':
      return { ...existing, ...incoming };
  }
  return action satisfies never;
}

/** Loaded metadata may hold anything; what is not a map of texts counts as none. */
function textsOf(value: JsonValue | undefined): Texts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
