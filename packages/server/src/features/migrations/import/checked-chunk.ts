import type { PackageEntry } from '@longshore/domain';
import type { ChunkLines } from '@longshore/package-file';
import { aclAt, idAt, keysAt, type EntryFacts } from './entry-facts.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { StagedEntry } from './staging.repository.ts';

/** Some entries of a package, all of them checked, of which only the ids are text. */
export interface CheckedPart {
  readonly ids: readonly string[];
  keysAt(place: number): IdentityKeys;
  /** Whether the entry is kept where it meets the identical object. */
  isKept(place: number): boolean;
  /** The entries at these places, whole. To be called once: with the last part of a chunk, its bytes are given back. */
  take(places: readonly number[]): StagedEntry[];
}

/** A chunk of a package whose entries are checked. */
export class CheckedChunk {
  readonly #lines: ChunkLines;
  readonly #facts: EntryFacts;

  constructor(lines: ChunkLines, facts: EntryFacts) {
    this.#lines = lines;
    this.#facts = facts;
  }

  /** All entries in their order, in parts. */
  *parts(): Generator<CheckedPart, void, undefined> {
    for (const { start, end } of this.#lines.partBounds()) {
      const facts = this.#facts;
      yield {
        ids: Array.from({ length: end - start }, (_, place) => idAt(facts, start + place)),
        keysAt: (place) => keysAt(facts, start + place),
        isKept: (place) => facts.kept[start + place] === 1,
        take: (places) => {
          const entries = places.map((place) => this.#entryAt(start + place));
          if (end === this.#lines.objects) this.#lines.release();
          return entries;
        },
      };
    }
  }

  #entryAt(place: number): StagedEntry {
    return {
      // It was checked that it is one.
      entry: JSON.parse(this.#lines.headerAt(place)) as PackageEntry,
      definition: this.#lines.bodyAt(place),
      acl: aclAt(this.#facts, place),
    };
  }
}
