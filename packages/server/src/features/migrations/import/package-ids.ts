import { IdNumbers } from '../id-numbers.ts';
import { NumberTable } from '../number-table.ts';

const NEEDED = 1;
const HELD = 2;
/** Ids that are given out at a time. */
const PART = 1_000;

/**
 * Which objects a package holds, and which its entries need. Most needs are met within a package, and to ask the
 * database about each reference, or whether each id is there once, would be a good part of an import.
 */
export class PackageIds {
  readonly #ids = new IdNumbers();
  readonly #marks = new NumberTable(0);

  /** Ids that the package holds. @returns one that it holds already; undefined when all are new */
  hold(ids: readonly string[]): string | undefined {
    let twice: string | undefined;
    for (const id of ids) if (this.#mark(id, HELD)) twice ??= id;
    return twice;
  }

  /** Ids that entries of the package refer to. */
  need(ids: readonly string[]): void {
    for (const id of ids) this.#mark(id, NEEDED);
  }

  /** The ids of what is needed and not held, as rows, a part at a time. */
  *outside(): Generator<readonly (readonly [string])[], void, undefined> {
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

  /** @returns whether it had the mark already */
  #mark(id: string, mark: number): boolean {
    const number = this.#ids.of(id);
    const marks = this.#marks.get(number);
    this.#marks.set(number, marks | mark);
    return (marks & mark) !== 0;
  }
}
