import { setImmediate } from 'node:timers/promises';
import type { Platform } from '../../platform/platform.ts';
import { IndexBlock } from './index-block.ts';
import { ObjectIndex } from './object-index.ts';
import { indexedScope, indexScan } from './object-index.repository.ts';
import { ObjectKinds } from './object-kinds.ts';

/** What a search does that finds no index: it goes on in the database while one is made, or waits for it. */
export type WithoutIndex = 'goes on' | 'waits';

export interface IndexLimits {
  /** Scopes with fewer objects are searched by the database, in a few milliseconds. */
  readonly leastObjects: number;
  /** Objects that are read, searched and replaced together. */
  readonly blockSize: number;
  /** Bytes that are kept, of all scopes together. */
  readonly mostBytes: number;
  /** What is changed since the index was made; an import of more is read anew. */
  readonly mostChanges: number;
  /** Whether even those searches wait for an index that need not; for tests. */
  readonly firstSearch: WithoutIndex;
}

const LIMITS: IndexLimits = {
  leastObjects: 20_000,
  blockSize: 512,
  mostBytes: 160 * 1024 * 1024,
  mostChanges: 2_000,
  firstSearch: 'goes on',
};

/** A block that has grown beyond it costs too much for each change; the index is then made anew. */
const MOST_IN_BLOCK = 20_000;

/** Where others write on and on, a search goes to the database in the end. */
const MOST_REFRESHES = 3;

/** Null where no index is kept: the scope has too few objects. */
interface Kept {
  readonly revision: number;
  readonly index: ObjectIndex | null;
}

/**
 * The indexes of the scopes that were searched last. Each is compared with the revision of its scope before it is used; a
 * few changes are put in their places; after more it is made anew, in the background and in small pieces.
 */
export class ObjectIndexes {
  readonly #platform: Pick<Platform, 'metadata' | 'log'>;
  readonly #limits: IndexLimits;
  /** The one that was used last stands last. */
  readonly #kept = new Map<string, Kept>();
  readonly #tooLarge = new Set<string>();
  readonly #building = new Map<string, Promise<void>>();
  readonly #refreshing = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(platform: Pick<Platform, 'metadata' | 'log'>, limits: Partial<IndexLimits> = {}) {
    this.#platform = platform;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** The index of a scope as it is now; undefined when there is none, and the database is to be searched. */
  async find(scope: string, withoutIndex: WithoutIndex = 'goes on'): Promise<ObjectIndex | undefined> {
    if (this.#tooLarge.has(scope)) return undefined;
    const revision = await indexedScope(this.#platform.metadata.reader).revision(scope);
    for (let tries = 0; tries < MOST_REFRESHES; tries += 1) {
      const kept = this.#kept.get(scope);
      if (kept && kept.revision >= revision) return this.#use(scope, kept);
      if (!kept?.index) break;
      await this.#once(this.#refreshing, scope, () => this.#refresh(scope, kept.index as ObjectIndex));
    }
    const isWorthIt = await indexedScope(this.#platform.metadata.reader).hasAtLeast(scope, this.#limits.leastObjects);
    if (!isWorthIt) {
      this.#keep(scope, { revision, index: null });
      return undefined;
    }
    const building = this.#once(this.#building, scope, () => this.#build(scope));
    if (withoutIndex === 'goes on' && this.#limits.firstSearch === 'goes on') return undefined;
    await building;
    return this.#kept.get(scope)?.index ?? undefined;
  }

  /** Stops what is being made. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#building.values(), ...this.#refreshing.values()]);
  }

  #once(running: Map<string, Promise<void>>, scope: string, work: () => Promise<void>): Promise<void> {
    const known = running.get(scope);
    if (known) return known;
    const started = work()
      .catch((err: unknown) => this.#platform.log.warn({ err, scope }, 'names could not be read for searches'))
      .finally(() => running.delete(scope));
    running.set(scope, started);
    return started;
  }

  #use(scope: string, kept: Kept): ObjectIndex | undefined {
    this.#kept.delete(scope);
    this.#kept.set(scope, kept);
    return kept.index ?? undefined;
  }

  /** Reads what has changed; where the journal does not tell all of it, the index is forgotten. */
  async #refresh(scope: string, index: ObjectIndex): Promise<void> {
    const snapshot = this.#platform.metadata.openReader();
    try {
      const scan = indexScan(snapshot, scope);
      const state = await scan.state();
      const changes = await scan.changesAfter(index.state.position, this.#limits.mostChanges);
      // Whatever moves the revision and leaves no entries has changed who knows what.
      if (changes === undefined || changes.transactions !== state.revision - index.state.revision) {
        this.#kept.delete(scope);
        return;
      }
      const placed = await scan.placed(changes.ids);
      const changed = await index.changed(state, { ids: changes.ids, placed });
      if (changed.longestBlock > MOST_IN_BLOCK) this.#kept.delete(scope);
      else this.#keep(scope, { revision: state.revision, index: changed });
    } finally {
      await snapshot.close();
    }
  }

  /** The revision is read in the snapshot of the rows: what is written meanwhile makes the index an old one. */
  async #build(scope: string): Promise<void> {
    const snapshot = this.#platform.metadata.openReader();
    try {
      const scan = indexScan(snapshot, scope);
      const state = await scan.state();
      const kinds = new ObjectKinds();
      const blocks: IndexBlock[] = [];
      let bytes = 0;
      for await (const rows of scan.rows(this.#limits.blockSize)) {
        const block = IndexBlock.of(rows, kinds);
        blocks.push(block);
        bytes += block.bytes;
        if (this.#isClosed || bytes > this.#limits.mostBytes) break;
        // Other requests get their turn.
        await setImmediate();
      }
      if (this.#isClosed) return;
      if (blocks.length === 0) blocks.push(IndexBlock.of([], kinds));
      if (bytes > this.#limits.mostBytes) this.#tooLarge.add(scope);
      else this.#keep(scope, { revision: state.revision, index: new ObjectIndex(state, blocks, kinds) });
    } finally {
      await snapshot.close();
    }
  }

  #keep(scope: string, kept: Kept): void {
    this.#use(scope, kept);
    let bytes = 0;
    for (const { index } of this.#kept.values()) bytes += index?.bytes ?? 0;
    for (const [oldest, { index }] of this.#kept) {
      if (oldest === scope || bytes <= this.#limits.mostBytes) break;
      this.#kept.delete(oldest);
      bytes -= index?.bytes ?? 0;
    }
  }
}
