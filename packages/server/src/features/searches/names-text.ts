import type { NamePart } from './name-pattern.ts';

/**
 * Names in one text, each between two borders, with the case of ASCII letters folded as LIKE folds it: to look for a
 * part in a thousand names is then to look for one text in another, which the engine does at the speed of memory.
 */
export interface NamesText {
  readonly text: string;
  /** Where in the text each name begins. */
  readonly starts: Uint32Array;
}

const BORDER = '\0';

export function toNamesText(names: readonly string[]): NamesText {
  const starts = new Uint32Array(names.length);
  const shown = names.map(upToBorder);
  let at = BORDER.length;
  for (const [row, name] of shown.entries()) {
    starts[row] = at;
    at += name.length + BORDER.length;
  }
  return { text: foldCase(BORDER + shown.join(BORDER) + BORDER), starts };
}

/** A name by its number, as far as it is looked at: with its folded case. */
export function nameAt({ text, starts }: NamesText, row: number): string {
  const start = starts[row] ?? 0;
  return text.slice(start, text.indexOf(BORDER, start));
}

/** The next place from `from` on where a part is found; -1 when there is none. */
export type PartFinder = (text: string, from: number) => number;

/** Finds a part in texts of `toNamesText`; the place is that of the part or the border before it. */
export function partFinder(part: NamePart): PartFinder {
  const folded = foldCase(part.text);
  if (IS_ASCII.test(folded)) {
    const wanted = WITH_BORDERS[part.place](folded);
    return (text, from) => text.indexOf(wanted, from);
  }
  // SQLite folds no other letters: they stand for any character, and what is found is looked at once more.
  const wanted = folded
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
    .replaceAll(/\P{ASCII}/gu, String.raw`[^\0]`);
  const pattern = new RegExp(WITH_BORDERS[part.place](wanted), 'gu');
  return (text, from) => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.index ?? -1;
  };
}

const WITH_BORDERS: Readonly<Record<NamePart['place'], (text: string) => string>> = {
  anywhere: (text) => text,
  start: (text) => BORDER + text,
  end: (text) => text + BORDER,
  whole: (text) => BORDER + text + BORDER,
};

/** SQLite's LIKE looks at a text up to its first NUL. */
function upToBorder(name: string): string {
  const border = name.indexOf(BORDER);
  return border === -1 ? name : name.slice(0, border);
}

// eslint-disable-next-line no-control-regex
const IS_ASCII = /^[\0-\x7f]*$/;

const foldCase = (text: string): string =>
  IS_ASCII.test(text) ? text.toLowerCase() : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
