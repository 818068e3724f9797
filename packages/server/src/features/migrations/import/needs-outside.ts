import type { PackageEntry } from '@longshore/domain';
import { IdNumbers } from '../id-numbers.ts';
import { NumberTable } from '../number-table.ts';

const NEEDED = 1;
const HELD = 2;
/** Ids that are given out at a time. */
const PART = 1_000;

interface Entry {
  readonly entry: Pick<PackageEntry, 'id' | 'references'>;
}

/**
 * What the entries of a package need and the package does not hold. Most needs are met within a package, and to ask the
 * database about each reference would be a good part of an import.
 */
export class NeedsOutside {
  readonly #ids = new IdNumbers();
  readonly #marks = new NumberTable(0);

  /** Entries of the package, and those of them of which the needs count. */
  note(entries: readonly Entry[], needing: readonly Entry[]): void {
    for (const { entry } of entries) this.#mark(entry.id, HELD);
    for (const { entry } of needing) for (const { id } of entry.references) this.#mark(id, NEEDED);
  }

  /** The ids, as rows, a part at a time. */
  *parts(): Generator<readonly (readonly [string])[], void, undefined> {
    let part: (readonly [string])[] = [];
    for (let number = 0; number < this.#ids.size; number += 1) {
      if (this.#marks.get(number) !== NEEDED) continue;
      part.push([this.#ids.idOf(number)]);
      if (part.length < PART) continue;
      yield part;
      part = [];
    }
    if (part.length > 0) yield part;
  }

  #mark(id: string, mark: number): void {
    const number = this.#ids.of(id);
    this.#marks.set(number, this.#marks.get(number) | mark);
  }
}
