import { isUnstorableText } from '../../../platform/db/unusable-database.ts';
import type { StagedEntry } from './staging.repository.ts';

/** An entry of a package has the character U+0000 in a text, which PostgreSQL cannot keep. */
export class Unstorable extends Error {
  readonly id: string;
  readonly part: string;

  constructor(id: string, part: string, options: ErrorOptions) {
    super(`Object ${id} has U+0000 in its ${part}.`, options);
    this.id = id;
    this.part = part;
    this.name = 'Unstorable';
  }
}

/** The texts of an entry that anything may be in, by what they are to a user. */
const TEXTS: Readonly<Record<string, (entry: StagedEntry) => readonly (string | undefined)[]>> = {
  name: ({ entry }) => [entry.name],
  description: ({ entry }) => [entry.description],
  abbreviation: ({ entry }) => [entry.abbreviation],
  definition: ({ definition }) => [definition],
  'texts in other languages': ({ entry }) => [entry.translations],
  references: ({ entry }) => [entry.uses, ...entry.references.map(({ name }) => name)],
};

/**
 * What to do with an error of a database that was to keep entries: only then is it looked for the text that it cannot keep.
 * @throws Unstorable, or the error
 */
export const namingUnstorable =
  (entries: readonly StagedEntry[]) =>
  (error: unknown): never => {
    if (!isUnstorableText(error)) throw error;
    for (const entry of entries) {
      const part = Object.keys(TEXTS).find((key) => TEXTS[key]?.(entry).some((text) => text?.includes('\u0000')));
      if (part !== undefined) throw new Unstorable(entry.entry.id, part, { cause: error });
    }
    throw error;
  };
