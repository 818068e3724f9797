import { setImmediate } from 'node:timers/promises';
import type { Page } from '../objects/object-lists.repository.ts';
import { changeBlocks, type Parting } from './changed-blocks.ts';
import type { IndexBlock, PlacedRow } from './index-block.ts';
import type { NameQuery } from './name-pattern.ts';
import { partFinder } from './names-text.ts';
import type { KindFilter, ObjectKinds } from './object-kinds.ts';
import type { PackedIds } from './packed-ids.ts';

/** What a search finds: all in number, and those of the page that was asked for. */
export interface FoundIds {
  readonly total: number;
  readonly ids: PackedIds;
}

/** The state of a scope that an index shows. */
export interface IndexState {
  readonly revision: number;
  /** Position of the last transaction of the journal that is in it. */
  readonly position: number;
}

/** Blocks between two turns of other requests, a millisecond or less. */
const BLOCKS_PER_STEP = 32;

/** What an index can be asked besides names. */
export interface IndexFilter extends KindFilter {
  readonly ids?: readonly string[] | undefined;
}

/** Objects that were written or deleted, as they are now. */
export interface IndexChanges {
  readonly ids: ReadonlySet<string>;
  /** Those that are there, from the last to the first. */
  readonly placed: readonly PlacedRow[];
}

/**
 * Names, ids and kinds of all objects of a scope in memory, in the order of lists: some 55 bytes an object. It is never
 * changed: what is written to its scope makes another one that shares the blocks that stay.
 */
export class ObjectIndex {
  readonly state: IndexState;
  readonly #blocks: readonly IndexBlock[];
  /** Shared with the indexes of later states that were made from this one. */
  readonly kinds: ObjectKinds;

  constructor(state: IndexState, blocks: readonly IndexBlock[], kinds: ObjectKinds) {
    this.state = state;
    this.#blocks = blocks;
    this.kinds = kinds;
  }

  /** How many objects there are in each of its blocks. */
  get blockLengths(): readonly number[] {
    return this.#blocks.map((block) => block.length);
  }

  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.bytes, this.kinds.bytes);
  }

  get objects(): number {
    return this.#blocks.reduce((sum, block) => sum + block.length, 0);
  }

  /** Objects in the order of their names and ids. Other requests get their turns meanwhile. */
  async search(filter: IndexFilter, names: NameQuery | undefined, { offset, limit }: Page): Promise<FoundIds> {
    const rowsIn = rowFinder(filter, names, this.kinds);
    const end = limit < 0 ? Number.POSITIVE_INFINITY : offset + limit;
    const pieces: PackedIds[] = [];
    let total = 0;
    for (const [at, block] of this.#blocks.entries()) {
      const rows = rowsIn(block);
      const first = Math.max(0, offset - total);
      const last = Math.min(rows.length, end - total);
      if (first < last) pieces.push(block.idsOf(rows.slice(first, last)));
      total += rows.length;
      if ((at + 1) % BLOCKS_PER_STEP === 0) await setImmediate();
    }
    return { total, ids: Buffer.concat(pieces) };
  }

  /** The index of a later state, which differs in some objects. */
  async changed(state: IndexState, changes: IndexChanges, parting: Parting): Promise<ObjectIndex> {
    return new ObjectIndex(state, await changeBlocks(this.#blocks, this.kinds, { ...changes, ...parting }), this.kinds);
  }
}

/** Numbers of the objects of a block that are meant. */
function rowFinder(
  { ids, ...filter }: IndexFilter,
  names: NameQuery | undefined,
  kinds: ObjectKinds,
): (block: IndexBlock) => readonly number[] {
  const allowed = kinds.allowed(filter);
  const finders = names?.parts.map(partFinder) ?? null;
  const matches = names?.matches;
  const wanted = ids === undefined ? undefined : new Set(ids);
  return (block) => {
    const found = block.rows(finders, allowed);
    const named = matches ? found.filter((row) => matches(block.nameOf(row))) : found;
    return wanted === undefined ? named : block.among(wanted, named);
  };
}
