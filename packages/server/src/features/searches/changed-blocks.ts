import { setImmediate } from 'node:timers/promises';
import {
  IdSieve,
  IndexBlock,
  isBefore,
  joined,
  sliceOf,
  type BlockObjects,
  type ObjectPlace,
  type PlacedRow,
} from './index-block.ts';
import type { ObjectKinds } from './object-kinds.ts';

/** How blocks are parted that have grown. */
export interface Parting {
  /** Objects to a block; one has twice as many at most. */
  readonly blockSize: number;
  /** Names by ids: where a block is parted, it has the name of the next object only with its case folded. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export interface BlockChanges extends Parting {
  readonly ids: ReadonlySet<string>;
  readonly placed: readonly PlacedRow[];
}

/** Objects that are looked at between two turns of other requests; to write one anew takes some times as long. */
const OBJECTS_PER_STEP = 16_384;
const COST_OF_CHANGE = 8;
/** Rows that are led to their blocks between two turns. */
const ROWS_PER_STEP = 1_000;

/** Blocks of a later state, which share those in which nothing has changed. */
export async function changeBlocks(
  blocks: readonly IndexBlock[],
  kinds: ObjectKinds,
  { ids, placed, ...parting }: BlockChanges,
): Promise<IndexBlock[]> {
  const sieve = new IdSieve(ids);
  const added = await byBlock(blocks, placed);
  const changed = new BlockList(parting);
  let looked = 0;
  for (const [number, block] of blocks.entries()) {
    const here = added.get(number) ?? [];
    looked += block.length;
    if (here.length > 0 || block.meets(sieve)) {
      looked += (block.length + here.length) * COST_OF_CHANGE;
      await changed.put(block.from, block.changed(ids, here, kinds));
    } else changed.blocks.push(block);
    if (looked < OBJECTS_PER_STEP) continue;
    looked = 0;
    await setImmediate();
  }
  return changed.blocks;
}

/** Blocks one after another; those that are put in anew are neither too long nor, beside others, too short. */
class BlockList {
  readonly blocks: IndexBlock[] = [];
  readonly #parting: Parting;

  constructor(parting: Parting) {
    this.#parting = parting;
  }

  async put(from: ObjectPlace, objects: BlockObjects): Promise<void> {
    const { blockSize } = this.#parting;
    const { length } = objects.ids;
    const before = this.blocks.at(-1);
    // What would stand in it stands in the one before.
    if (before && length === 0) return;
    if (before && before.length + length <= blockSize) {
      this.blocks[this.blocks.length - 1] = IndexBlock.of(joined(before.objects(), objects), before.from);
    } else if (length <= 2 * blockSize) this.blocks.push(IndexBlock.of(objects, from));
    else await this.#part(from, objects);
  }

  async #part(from: ObjectPlace, objects: BlockObjects): Promise<void> {
    const { blockSize, namesOf } = this.#parting;
    const { length } = objects.ids;
    const names = await namesOf(objects.ids.filter((_, row) => row > 0 && row % blockSize === 0));
    let start = { row: 0, place: from };
    for (let row = blockSize; row < length; row += blockSize) {
      const id = objects.ids[row] ?? '';
      const name = names.get(id);
      if (name === undefined) continue;
      this.blocks.push(IndexBlock.of(sliceOf(objects, start.row, row), start.place));
      start = { row, place: { name, id } };
      await setImmediate();
    }
    this.blocks.push(IndexBlock.of(sliceOf(objects, start.row, length), start.place));
  }
}

/** Rows from the last to the first, by the numbers of the blocks in which they stand. */
async function byBlock(
  blocks: readonly IndexBlock[],
  placed: readonly PlacedRow[],
): Promise<ReadonlyMap<number, readonly PlacedRow[]>> {
  const rows = new Map<number, PlacedRow[]>();
  let last = blocks.length - 1;
  for (const [at, each] of placed.entries()) {
    last = blockOf(blocks, each.row, last);
    const others = rows.get(last);
    if (others === undefined) rows.set(last, [each]);
    else others.push(each);
    if ((at + 1) % ROWS_PER_STEP === 0) await setImmediate();
  }
  return rows;
}

/** The last block that does not begin behind a place, up to a given one; the first takes what stands before all. */
function blockOf(blocks: readonly IndexBlock[], place: ObjectPlace, last: number): number {
  const beginsBehind = (number: number): boolean => isBefore(place, blocks[number]?.from ?? place);
  if (last === 0 || !beginsBehind(last)) return last;
  let low = 0;
  let high = last;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (beginsBehind(middle)) high = middle;
    else low = middle;
  }
  return low;
}
