/** Numbers values from 0 in the order in which they are met; for ids that are many, `IdNumbers` takes a quarter of the memory. */
export class ValueNumbers<T> {
  readonly #values: T[] = [];
  readonly #numbers = new Map<T, number>();

  /** All values in the order of their numbers. */
  get values(): readonly T[] {
    return this.#values;
  }

  /** The number of a value, which gets one if it has none. */
  of(value: T): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#values.push(value) - 1;
    this.#numbers.set(value, number);
    return number;
  }

  /** The number of a value; undefined when it was not met. */
  find(value: T): number | undefined {
    return this.#numbers.get(value);
  }

  at(number: number): T | undefined {
    return this.#values[number];
  }
}
