const FIRST_CAPACITY = 4_096;

/** Whole numbers in the order in which they were added, four bytes each. */
export class IntList {
  #values = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** @throws nothing: what was never added is 0 */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** The values so far; not a copy. */
  values(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}
