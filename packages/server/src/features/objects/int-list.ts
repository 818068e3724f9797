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
      // Moved, not copied: what was left of the smaller ones would be in memory until the next large collection.
      this.#values = new Int32Array(this.#values.buffer.transfer(this.#values.byteLength * 2));
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

  /** Gives the memory back; from then on nothing can be asked. */
  release(): void {
    this.#values.buffer.transfer(0);
  }

  /** The values so far; not a copy, and gone with the next `push`. */
  values(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}
