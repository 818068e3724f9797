const FIRST_CAPACITY = 4_096;

/** A whole number for each whole number from 0, four bytes each; where none was set there is the default. */
export class NumberTable {
  readonly #default: number;
  #values: Int32Array<ArrayBuffer>;

  constructor(defaultValue: number) {
    this.#default = defaultValue;
    this.#values = new Int32Array(FIRST_CAPACITY).fill(defaultValue);
  }

  get(key: number): number {
    return this.#values[key] ?? this.#default;
  }

  set(key: number, value: number): void {
    if (key >= this.#values.length) this.#grow(key + 1);
    this.#values[key] = value;
  }

  /** Gives the memory back; from then on nothing can be asked. */
  release(): void {
    this.#values.buffer.transfer(0);
  }

  #grow(least: number): void {
    const known = this.#values.length;
    // Moved, not copied: what was left of the smaller ones would be in memory until the next large collection.
    const capacity = Math.max(least, known * 2);
    this.#values = new Int32Array(this.#values.buffer.transfer(capacity * Int32Array.BYTES_PER_ELEMENT));
    this.#values.fill(this.#default, known);
  }
}
