const ID = /^[0-9A-F]{32}$/;
const ID_BYTES = 16;
const ID_WORDS = 4;
const FIRST_CAPACITY = 4_096;
/** Slots for each id that there is room for; the more, the fewer ids are met on the way to one. */
const SLOTS_PER_ID = 2;
const FREE = -1;

/**
 * Numbers ids from 0 in the order in which they are met, so that what is known of an object can be kept in a few bytes. An
 * id takes 24 to 48 bytes itself, a quarter of what it takes as a text in a `Map`: a package may have a million of them.
 */
export class IdNumbers {
  #capacity = FIRST_CAPACITY;
  /** The ids one after another; the same bytes as words. */
  #bytes = Buffer.alloc(FIRST_CAPACITY * ID_BYTES);
  #words = wordsOf(this.#bytes);
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
    if (!ID.test(id)) return this.#ofOther(id);
    // Written behind the last id: there it stays if it is new.
    this.#bytes.write(id, this.#size * ID_BYTES, 'hex');
    const slot = this.#slotOf(this.#size);
    const known = this.#slots[slot] ?? FREE;
    if (known !== FREE) return known;
    this.#slots[slot] = this.#size;
    return this.#size++;
  }

  /** @throws RangeError for what is no number of an id */
  idOf(number: number): string {
    if (number < 0 || number >= this.#size) throw new RangeError(`No id has the number ${number}.`);
    const at = number * ID_BYTES;
    return this.#otherIds.get(number) ?? this.#bytes.toString('hex', at, at + ID_BYTES).toUpperCase();
  }

  #ofOther(id: string): number {
    const known = this.#otherNumbers.get(id);
    if (known !== undefined) return known;
    this.#otherNumbers.set(id, this.#size);
    this.#otherIds.set(this.#size, id);
    return this.#size++;
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
    const bytes = Buffer.alloc(this.#capacity * ID_BYTES);
    this.#bytes.copy(bytes);
    this.#bytes = bytes;
    this.#words = wordsOf(bytes);
    this.#slots = new Int32Array(this.#capacity * SLOTS_PER_ID).fill(FREE);
    for (let number = 0; number < this.#size; number += 1) {
      if (!this.#otherIds.has(number)) this.#slots[this.#slotOf(number)] = number;
    }
  }
}

const wordsOf = (bytes: Buffer): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / Uint32Array.BYTES_PER_ELEMENT);
