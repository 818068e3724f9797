const FIRST_CAPACITY = 4_096;

/** A whole number for each whole number from 0, four bytes each; where none was set there is the default. */
export class NumberTable {
  readonly #default: number;
  #values: Int32Array;

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

  #grow(least: number): void {
    const old = this.#values;
    this.#values = new Int32Array(Math.max(least, old.length * 2));
    this.#values.set(old);
    this.#values.fill(this.#default, old.length);
  }
}
