import type { NamePattern } from '@longshore/contracts';

/**
 * Names that a search asks for (spec/api.md 2.6), without letter case. SQLite folds the case of ASCII letters only:
 * `like` finds at least what is meant, and where it may find more, `matches` decides.
 */
export interface NameQuery {
  /** LIKE patterns with `\` as escape, of which one must match. */
  readonly like: readonly string[];
  /** Decides about names that `like` has found; null when all of them are meant. */
  readonly matches: ((name: string) => boolean) | null;
}

interface PatternRule {
  /** LIKE patterns of an escaped term. */
  like(term: string): string[];
  /** Both in lower case. */
  matches(name: string, term: string): boolean;
}

const wordsOf = (term: string): string[] => term.split(/\s+/);

const RULES: Readonly<Record<NamePattern, PatternRule>> = {
  0: {
    like: (term) => wordsOf(term).map((word) => `%${word}%`),
    matches: (name, term) => wordsOf(term).some((word) => name.includes(word)),
  },
  1: { like: (term) => [`${term}%`], matches: (name, term) => name.startsWith(term) },
  2: { like: (term) => [term], matches: (name, term) => name === term },
  3: {
    like: (term) => [`${term}%`, `% ${term}%`],
    matches: (name, term) => name.startsWith(term) || name.includes(` ${term}`),
  },
  4: { like: (term) => [`%${term}%`], matches: (name, term) => name.includes(term) },
  5: { like: (term) => [`%${term}`], matches: (name, term) => name.endsWith(term) },
};
const CONTAINS: NamePattern = 4;

/** Undefined when every name is meant. */
export function toNameQuery(term: string | undefined, pattern: NamePattern = CONTAINS): NameQuery | undefined {
  const wanted = term?.trim() ?? '';
  if (wanted === '') return undefined;
  const like = RULES[pattern].like(escaped(wanted));
  return { like, matches: NOT_ASCII.test(wanted) ? (name) => matchesName(name, wanted, pattern) : null };
}

/** LIKE pattern for texts that contain the term. */
export const containsPattern = (term: string): string => `%${escaped(term)}%`;

export function matchesName(name: string, term: string, pattern: NamePattern): boolean {
  return RULES[pattern].matches(name.toLowerCase(), term.toLowerCase());
}

const NOT_ASCII = /\P{ASCII}/u;

/** Characters whose case SQLite does not fold become "any one character". */
const escaped = (term: string): string => term.replaceAll(/[%_\\]/g, String.raw`\$&`).replaceAll(/\P{ASCII}/gu, '_');
