import { AppError, MOST_SEARCHED_WORDS, type NamePattern } from '@longshore/contracts';

/** A text that a name has to have at a place. */
export interface NamePart {
  readonly text: string;
  readonly place: 'anywhere' | 'start' | 'end' | 'whole';
}

/**
 * Names that a search asks for (spec/api.md 2.6), without letter case. SQLite folds the case of ASCII letters only:
 * `like` and `parts` find at least what is meant, and where they may find more, `matches` decides.
 */
export interface NameQuery {
  /** LIKE patterns with `\` as escape, of which one must match. */
  readonly like: readonly string[];
  /** The same for names in memory; a character that is not ASCII stands for any one character. */
  readonly parts: readonly NamePart[];
  /** Decides about names that have been found; null when all of them are meant. */
  readonly matches: ((name: string) => boolean) | null;
}

/** Descriptions that a search asks for, in the same way. */
export interface TextQuery {
  readonly like: string;
  readonly matches: ((text: string) => boolean) | null;
}

interface PatternRule {
  parts(term: string): NamePart[];
  /** Both with their case folded. */
  matches(name: string, term: string): boolean;
}

const wordsOf = (term: string): string[] => [...new Set(term.split(/\s+/))];

const RULES: Readonly<Record<NamePattern, PatternRule>> = {
  0: {
    parts: (term) => wordsOf(term).map((text) => ({ text, place: 'anywhere' })),
    matches: (name, term) => wordsOf(term).some((word) => name.includes(word)),
  },
  1: { parts: (text) => [{ text, place: 'start' }], matches: (name, term) => name.startsWith(term) },
  2: { parts: (text) => [{ text, place: 'whole' }], matches: (name, term) => name === term },
  3: {
    parts: (text) => [
      { text, place: 'start' },
      { text: ` ${text}`, place: 'anywhere' },
    ],
    matches: (name, term) => name.startsWith(term) || name.includes(` ${term}`),
  },
  4: { parts: (text) => [{ text, place: 'anywhere' }], matches: (name, term) => name.includes(term) },
  5: { parts: (text) => [{ text, place: 'end' }], matches: (name, term) => name.endsWith(term) },
};
const CONTAINS: NamePattern = 4;

const LIKE: Readonly<Record<NamePart['place'], (text: string) => string>> = {
  anywhere: (text) => `%${text}%`,
  start: (text) => `${text}%`,
  end: (text) => `%${text}`,
  whole: (text) => text,
};

/**
 * Undefined when every name is meant.
 * @throws AppError `invalid` for more words than a search may have: each is a condition of its own
 */
export function toNameQuery(term: string | undefined, pattern: NamePattern = CONTAINS): NameQuery | undefined {
  const wanted = term?.trim() ?? '';
  if (wanted === '') return undefined;
  const parts = RULES[pattern].parts(wanted);
  if (parts.length > MOST_SEARCHED_WORDS) {
    const words = `${MOST_SEARCHED_WORDS} different words at most, and this one has ${parts.length}`;
    throw new AppError('invalid', `Invalid value: name may have ${words}. Search for fewer, or with another pattern.`);
  }
  const folded = foldCase(wanted);
  return {
    parts,
    like: parts.map(({ text, place }) => LIKE[place](escaped(text))),
    matches: NOT_ASCII.test(wanted) ? (name) => RULES[pattern].matches(foldCase(name), folded) : null,
  };
}

/** Descriptions that contain a term; undefined when every one is meant. */
export function toDescriptionQuery(term: string | undefined): TextQuery | undefined {
  if (term === undefined || term === '') return undefined;
  const folded = foldCase(term);
  return {
    like: LIKE.anywhere(escaped(term)),
    matches: NOT_ASCII.test(term) ? (text) => foldCase(text).includes(folded) : null,
  };
}

export function matchesName(name: string, term: string, pattern: NamePattern): boolean {
  return RULES[pattern].matches(foldCase(name), foldCase(term));
}

/** In lower case a sigma at the end of a word is a letter of its own, so that a part of a word would not be found in it. */
const foldCase = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

const NOT_ASCII = /\P{ASCII}/u;

/** Characters whose case SQLite does not fold become "any one character". */
const escaped = (term: string): string => term.replaceAll(/[%_\\]/g, String.raw`\$&`).replaceAll(/\P{ASCII}/gu, '_');
