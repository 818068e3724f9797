import { nameAt, toNamesText, type NamesText, type PartFinder } from './names-text.ts';
import type { ObjectKinds } from './object-kinds.ts';
import { hexOf, ID_BYTES, ID_DIGITS, packIds, unpackIds, type PackedIds } from './packed-ids.ts';

/** Where an object stands in the order of lists. */
export interface ObjectPlace {
  readonly name: string;
  readonly id: string;
}

/** A row of the table of objects, as far as searches look at it. */
export interface IndexedRow extends ObjectPlace {
  readonly type: number;
  readonly subtype: number;
  readonly hidden: number;
  readonly acl_id: string;
  readonly owner_id: string;
}

/** The order of names and ids in the databases: that of their bytes. */
export function isBefore(one: ObjectPlace, other: ObjectPlace): boolean {
  if (one.name === other.name) return one.id < other.id;
  // That of their characters is the same, but for those that are two in memory and others that stand behind these.
  if (!HIGH.test(one.name) && !HIGH.test(other.name)) return one.name < other.name;
  return Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)) < 0;
}

const HIGH = /[\uD800-\uFFFF]/;

/** Words of an id, by which changed ones are told apart at first sight. */
const WORDS = ID_BYTES / Uint32Array.BYTES_PER_ELEMENT;
const SIEVE_SIZE = 0x10000;

/** Some ids, and a sieve that lets few others through. */
export class IdSieve {
  readonly #ids: ReadonlySet<string>;
  readonly #sieve = new Uint8Array(SIEVE_SIZE);

  constructor(ids: ReadonlySet<string>) {
    this.#ids = ids;
    const words = wordsOf(packIds([...ids]));
    for (let at = 0; at < words.length; at += WORDS) this.#sieve[slotOf(words, at)] = 1;
  }

  /** True when one of the packed ids is among them. */
  meets(packed: PackedIds): boolean {
    const words = wordsOf(packed);
    const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    for (let at = 0; at < words.length; at += WORDS) {
      if (this.#sieve[slotOf(words, at)] !== 1) continue;
      const start = (at / WORDS) * ID_BYTES;
      if (this.#ids.has(bytes.toString('hex', start, start + ID_BYTES).toUpperCase())) return true;
    }
    return false;
  }
}

/** All words count: ids that a tool has made one after another differ in few of their bits. */
function slotOf(words: Uint32Array, at: number): number {
  const mixed = (words[at] ?? 0) ^ (words[at + 1] ?? 0) ^ (words[at + 2] ?? 0) ^ (words[at + 3] ?? 0);
  return (mixed ^ (mixed >>> 16)) & (SIEVE_SIZE - 1);
}

function wordsOf(packed: PackedIds): Uint32Array {
  const isAligned = packed.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? packed : Uint8Array.from(packed);
  return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
}

/** A row that is to stand before another one, or, where that is null, at the end. */
export interface PlacedRow {
  readonly row: IndexedRow;
  readonly nextId: string | null;
}

/** Objects in the order of lists. */
export interface BlockObjects {
  readonly names: readonly string[];
  readonly ids: readonly string[];
  /** The numbers of their kinds. */
  readonly kinds: Uint32Array;
}

/** Some of them, from one place up to, not including, another. */
export const sliceOf = ({ names, ids, kinds }: BlockObjects, from: number, to: number): BlockObjects => ({
  names: names.slice(from, to),
  ids: ids.slice(from, to),
  kinds: kinds.slice(from, to),
});

export const joined = (one: BlockObjects, other: BlockObjects): BlockObjects => ({
  names: [...one.names, ...other.names],
  ids: [...one.ids, ...other.ids],
  kinds: Uint32Array.from([...one.kinds, ...other.kinds]),
});

interface BlockParts {
  readonly names: NamesText;
  readonly ids: PackedIds;
  readonly kinds: Uint32Array;
}

/** Objects that stand one after another in the order of lists; never changed, only replaced. */
export class IndexBlock {
  /** None of the blocks before stands behind it, and no object of the block before it, unless it is the first block. */
  readonly from: ObjectPlace;
  readonly #names: NamesText;
  readonly #ids: PackedIds;
  readonly #kinds: Uint32Array;

  private constructor(from: ObjectPlace, { names, ids, kinds }: BlockParts) {
    this.from = from;
    this.#names = names;
    this.#ids = ids;
    this.#kinds = kinds;
  }

  /** @param from where they begin, when that is not the place of the first one, or its name has its case folded */
  static of({ names, ids, kinds }: BlockObjects, from?: ObjectPlace): IndexBlock {
    from ??= { name: names[0] ?? '', id: ids[0] ?? '' };
    return new IndexBlock(from, { names: toNamesText(names), ids: ownBytes(packIds(ids)), kinds });
  }

  get length(): number {
    return this.#kinds.length;
  }

  get bytes(): number {
    return this.#names.text.length + this.#names.starts.byteLength + this.#ids.byteLength + this.#kinds.byteLength;
  }

  /** True when it has an object with one of the ids. */
  meets(ids: IdSieve): boolean {
    return ids.meets(this.#ids);
  }

  /**
   * Numbers of the objects of allowed kinds whose names have one of the parts, in their order; null asks for any name.
   * @param allowed 1 at the number of each kind that is meant
   */
  rows(finders: readonly PartFinder[] | null, allowed: Uint8Array): number[] {
    const found = new Uint8Array(this.length);
    if (finders === null) found.fill(1);
    else for (const find of finders) this.#find(find, found);
    const rows: number[] = [];
    for (let row = 0; row < found.length; row += 1) {
      if (found[row] === 1 && allowed[this.#kinds[row] ?? 0] === 1) rows.push(row);
    }
    return rows;
  }

  /** Those of some objects whose ids are among the given ones. */
  among(ids: ReadonlySet<string>, rows: readonly number[]): number[] {
    const hex = hexOf(this.#ids);
    return rows.filter((row) => ids.has(hex.slice(row * ID_DIGITS, (row + 1) * ID_DIGITS)));
  }

  /** The name of an object with its case folded. */
  nameOf(row: number): string {
    return nameAt(this.#names, row);
  }

  idsOf(rows: readonly number[]): PackedIds {
    if (rows.length === this.length) return this.#ids;
    const picked = new Uint8Array(rows.length * ID_BYTES);
    for (const [at, row] of rows.entries()) {
      picked.set(this.#ids.subarray(row * ID_BYTES, (row + 1) * ID_BYTES), at * ID_BYTES);
    }
    return picked;
  }

  /** All of its objects, their names with their case folded. */
  objects(): BlockObjects {
    return {
      names: Array.from(this.#kinds, (_, row) => this.nameOf(row)),
      ids: unpackIds(this.#ids),
      kinds: this.#kinds,
    };
  }

  /** Its objects without some, and with others, which come from the last to the first. */
  changed(removed: ReadonlySet<string>, added: readonly PlacedRow[], kinds: ObjectKinds): BlockObjects {
    const old = this.objects();
    const addedBefore = placesOf(old.ids, removed, added);
    const names: string[] = [];
    const ids: string[] = [];
    const numbers: number[] = [];
    for (let row = 0; row <= this.length; row += 1) {
      for (const each of addedBefore.get(row)?.toReversed() ?? []) {
        names.push(each.name);
        ids.push(each.id);
        numbers.push(kinds.numberOf(each));
      }
      const id = old.ids[row];
      if (id === undefined || removed.has(id)) continue;
      names.push(old.names[row] ?? '');
      ids.push(id);
      numbers.push(old.kinds[row] ?? 0);
    }
    return { names, ids, kinds: Uint32Array.from(numbers) };
  }

  #find(find: PartFinder, found: Uint8Array): void {
    const { text, starts } = this.#names;
    const ends = starts.length;
    // Each name has the border before it.
    for (let row = 0, at = find(text, 0); at !== -1; at = find(text, (starts[row] ?? 0) - 1)) {
      while (row + 1 < ends && (starts[row + 1] ?? 0) - 1 <= at) row += 1;
      found[row] = 1;
      row += 1;
      if (row === ends) return;
    }
  }
}

/** What is added before each row of a block, and behind the last one, from the last to the first. */
function placesOf(
  ids: readonly string[],
  removed: ReadonlySet<string>,
  added: readonly PlacedRow[],
): ReadonlyMap<number, readonly IndexedRow[]> {
  const nexts = new Set(added.map(({ nextId }) => nextId));
  const rows = new Map<string | null, number>();
  for (const [row, id] of ids.entries()) if (nexts.has(id) && !removed.has(id)) rows.set(id, row);
  const before = new Map<number, IndexedRow[]>();
  for (const { row, nextId } of added) {
    // What stands next may be in the next block.
    const place = rows.get(nextId) ?? ids.length;
    // The one that stands before this one comes later, and to the same place.
    rows.set(row.id, place);
    const others = before.get(place);
    if (others === undefined) before.set(place, [row]);
    else others.push(row);
  }
  return before;
}

/** Small buffers share one that is larger than all of them. */
const ownBytes = (packed: PackedIds): PackedIds => Uint8Array.from(packed);
