import { findObjectType, RIGHTS, type ConflictAction } from '@longshore/domain';
import type { Choice } from '../design/index.ts';
import { texts } from '../texts/index.ts';

/** A conflict rule by what it does, with the API's word. */
export const ruleText = (action: ConflictAction): string =>
  texts.rules.withApiName(texts.rules.actions[action], action);

/** Choices for a list of API words, each named by what it does. */
export function apiChoices<Word extends string>(
  words: readonly Word[],
  names: Readonly<Record<Word, string>>,
): Choice[] {
  return words.map((word) => ({ value: word, label: texts.rules.withApiName(names[word], word) }));
}

/** The same without the API's words, for a field that shows the chosen one beneath. */
export function namedChoices<Word extends string>(
  words: readonly Word[],
  names: Readonly<Record<Word, string>>,
): Choice[] {
  return words.map((word) => ({ value: word, label: names[word] }));
}

/** The name of an object type; its number where it is not known. */
export function typeText(type: number, subtype?: number): string {
  const known = findObjectType(type);
  const sub = known?.subtypes.find((one) => one.number === subtype);
  return sub?.name ?? known?.name ?? `Type ${type}`;
}

const BUNDLES: readonly (readonly [number, string])[] = [
  [255, 'Full control'],
  [221, 'Modify'],
  [199, 'View'],
  [197, 'View'],
  [69, 'Consume'],
];

const BITS = ['browse', 'read', 'write', 'delete', 'control', 'use', 'execute'] as const;

/** A mask of rights by the name of its bundle, else by the rights in it. */
export function rightsText(mask: number | undefined): string {
  if (mask === undefined) return '';
  const bundle = BUNDLES.find(([bits]) => bits === mask);
  if (bundle) return bundle[1];
  return BITS.filter((name) => (mask & RIGHTS[name]) !== 0).join(', ') || String(mask);
}
