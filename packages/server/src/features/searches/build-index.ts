import { setImmediate } from 'node:timers/promises';
import type { SnapshotReader } from '../../platform/db/database.ts';
import { IndexBlock, type BlockObjects } from './index-block.ts';
import { ObjectIndex } from './object-index.ts';
import { indexedState, indexScan } from './object-index.repository.ts';
import { ObjectKinds } from './object-kinds.ts';

export interface BuildOptions {
  /** Objects to a block. */
  readonly blockSize: number;
  readonly mostBytes: number;
  isStopped(): boolean;
}

type Scan = ReturnType<typeof indexScan>;

/**
 * Reads all objects of a scope in small pieces, between which other requests get their turns.
 * @returns null when it was stopped
 */
export async function buildIndex(
  snapshot: SnapshotReader,
  scope: string,
  options: BuildOptions,
): Promise<ObjectIndex | 'too large' | null> {
  const state = await indexedState(snapshot, scope);
  const scan = indexScan(snapshot, scope);
  const kinds = new ObjectKinds();
  const blocks: IndexBlock[] = [];
  let bytes = 0;
  for await (const objects of orderedObjects(scan, kinds, options)) {
    if (options.isStopped()) return null;
    const block = IndexBlock.of(objects);
    blocks.push(block);
    bytes += block.bytes;
    if (bytes + kinds.bytes > options.mostBytes) return 'too large';
    await setImmediate();
  }
  if (options.isStopped()) return null;
  if (kinds.bytes > options.mostBytes) return 'too large';
  if (blocks.length === 0) blocks.push(IndexBlock.of({ names: [], ids: [], kinds: new Uint32Array(0) }));
  return new ObjectIndex(state, blocks, kinds);
}

async function* orderedObjects(scan: Scan, kinds: ObjectKinds, options: BuildOptions): AsyncGenerator<BlockObjects> {
  const lastRow = await scan.lastRow();
  if (lastRow === null) {
    for await (const rows of scan.rows(options.blockSize)) {
      yield {
        names: rows.map(([name]) => name),
        ids: rows.map(([, id]) => id),
        kinds: Uint32Array.from(rows, ([, , type, subtype, hidden, acl_id, owner_id]) =>
          kinds.numberOf({ type, subtype, hidden, acl_id, owner_id }),
        ),
      };
    }
    return;
  }
  const byRow = new Uint32Array(lastRow + 1);
  for await (const rows of scan.kinds(lastRow)) {
    if (options.isStopped() || kinds.bytes > options.mostBytes) return;
    for (const [row, type, subtype, hidden, acl_id, owner_id] of rows) {
      byRow[row] = kinds.numberOf({ type, subtype, hidden, acl_id, owner_id });
    }
    await setImmediate();
  }
  for await (const rows of scan.names(options.blockSize)) {
    yield {
      names: rows.map(([name]) => name),
      ids: rows.map(([, id]) => id),
      kinds: Uint32Array.from(rows, ([, , row]) => byRow[row] ?? 0),
    };
  }
}
