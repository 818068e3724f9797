/**
 * Numbers ids from 0 in the order in which they are met. An id is then one text however often it is met, and what is known
 * of an object can be kept in a few bytes.
 */
export class IdNumbers {
  readonly #ids: string[] = [];
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return this.#ids.length;
  }

  /** The number of an id, which gets one if it has none. */
  of(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#ids.push(id) - 1;
    this.#numbers.set(id, number);
    return number;
  }

  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** @throws RangeError for what is no number of an id */
  idOf(number: number): string {
    const id = this.#ids[number];
    if (id === undefined) throw new RangeError(`No id has the number ${number}.`);
    return id;
  }
}
