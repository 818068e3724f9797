const ID_DIGITS = 32;
const ID_WORDS = 4;
const DIGITS_PER_WORD = ID_DIGITS / ID_WORDS;
const FIRST_CAPACITY = 4_096;
/** Slots for each id that there is room for; the more, the fewer ids are met on the way to one. */
const SLOTS_PER_ID = 2;
const FREE = -1;

/** Value of a hexadecimal digit by its character code. */
const NO_DIGIT = 0x10;
const DIGIT_VALUES = new Uint8Array(128).fill(NO_DIGIT);
Buffer.from('0123456789ABCDEF').forEach((code, value) => (DIGIT_VALUES[code] = value));

/** The four digits of each number of sixteen bits. */
const QUARTERS = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).toUpperCase().padStart(4, '0'));

/**
 * Numbers ids from 0 in the order in which they are met, so that what is known of an object can be kept in a few bytes. An
 * id takes 24 to 48 bytes itself, a quarter of what it takes as a text in a `Map`: a package may have a million of them.
 */
export class IdNumbers {
  #capacity = FIRST_CAPACITY;
  /** The ids one after another, eight digits a word. */
  #words = new Uint32Array(FIRST_CAPACITY * ID_WORDS);
  /** Numbers of ids, each in the slot of its hash or behind it. */
  #slots = new Int32Array(FIRST_CAPACITY * SLOTS_PER_ID).fill(FREE);
  #size = 0;
  /** Ids that are no 32 hexadecimal digits, as a reference to nothing may have. */
  readonly #otherIds = new Map<number, string>();
  readonly #otherNumbers = new Map<string, number>();

  get size(): number {
    return this.#size;
  }

  /** The number of an id, which gets one if it has none. */
  of(id: string): number {
    if (this.#size === this.#capacity) this.#grow();
    // Written behind the last id: there it stays if it is new.
    if (!this.#write(id, this.#size)) return this.#ofOther(id);
    const slot = this.#slotOf(this.#size);
    const known = this.#slots[slot] ?? FREE;
    if (known !== FREE) return known;
    this.#slots[slot] = this.#size;
    return this.#size++;
  }

  /** @throws RangeError for what is no number of an id */
  idOf(number: number): string {
    if (number < 0 || number >= this.#size) throw new RangeError(`No id has the number ${number}.`);
    if (this.#otherIds.size > 0) {
      const other = this.#otherIds.get(number);
      if (other !== undefined) return other;
    }
    let id = '';
    for (let at = number * ID_WORDS; at < (number + 1) * ID_WORDS; at += 1) {
      const word = this.#words[at] ?? 0;
      id += (QUARTERS[word >>> 16] ?? '') + (QUARTERS[word & 0xffff] ?? '');
    }
    return id;
  }

  /** An id as JSON writes it. */
  jsonOf(number: number): string {
    return this.#otherIds.has(number) ? JSON.stringify(this.idOf(number)) : `"${this.idOf(number)}"`;
  }

  /** Orders two numbers as their ids are ordered. */
  compare(one: number, other: number): number {
    if (this.#otherIds.has(one) || this.#otherIds.has(other)) return this.idOf(one) < this.idOf(other) ? -1 : 1;
    for (let word = 0; word < ID_WORDS; word += 1) {
      const difference = (this.#words[one * ID_WORDS + word] ?? 0) - (this.#words[other * ID_WORDS + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Numbers in the order of their ids. */
  sorted(numbers: readonly number[]): number[] {
    return numbers.toSorted((one, other) => this.compare(one, other));
  }

  /** Gives the memory back; from then on nothing can be asked. */
  release(): void {
    this.#words.buffer.transfer(0);
    this.#slots.buffer.transfer(0);
  }

  #ofOther(id: string): number {
    const known = this.#otherNumbers.get(id);
    if (known !== undefined) return known;
    this.#otherNumbers.set(id, this.#size);
    this.#otherIds.set(this.#size, id);
    return this.#size++;
  }

  /** Writes an id to a place; false when it is no 32 digits, and the place then holds nothing of use. */
  #write(id: string, place: number): boolean {
    if (id.length !== ID_DIGITS) return false;
    let faults = 0;
    for (let word = 0; word < ID_WORDS; word += 1) {
      let value = 0;
      for (let digit = word * DIGITS_PER_WORD; digit < (word + 1) * DIGITS_PER_WORD; digit += 1) {
        const digitValue = DIGIT_VALUES[id.charCodeAt(digit)] ?? NO_DIGIT;
        faults |= digitValue;
        value = (value << 4) | digitValue;
      }
      this.#words[place * ID_WORDS + word] = value;
    }
    return faults < NO_DIGIT;
  }

  /** The slot that has the id at a place, or the free one where it belongs. */
  #slotOf(place: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hashOf(place) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? FREE;
      if (number === FREE || this.#isSame(number, place)) return slot;
    }
  }

  /** Ids that a tool has made one after another differ in few of their bits; all of these count. */
  #hashOf(place: number): number {
    let hash = 0;
    for (let word = place * ID_WORDS; word < (place + 1) * ID_WORDS; word += 1) {
      hash = Math.imul(hash ^ (this.#words[word] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #isSame(one: number, other: number): boolean {
    for (let word = 0; word < ID_WORDS; word += 1) {
      if (this.#words[one * ID_WORDS + word] !== this.#words[other * ID_WORDS + word]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#capacity *= 2;
    // Moved, not copied: what was left of the smaller ones would be in memory until the next large collection.
    const words = this.#words.buffer.transfer(this.#capacity * ID_WORDS * Uint32Array.BYTES_PER_ELEMENT);
    this.#words = new Uint32Array(words);
    const slots = this.#slots.buffer.transfer(this.#capacity * SLOTS_PER_ID * Int32Array.BYTES_PER_ELEMENT);
    this.#slots = new Int32Array(slots).fill(FREE);
    for (let number = 0; number < this.#size; number += 1) {
      if (!this.#otherIds.has(number)) this.#slots[this.#slotOf(number)] = number;
    }
  }
}
