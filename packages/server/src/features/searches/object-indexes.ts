import type { Platform } from '../../platform/platform.ts';
import { loadRevision } from '../objects/scope-revisions.repository.ts';
import { buildIndex } from './build-index.ts';
import { KeptScopes } from './kept-scopes.ts';
import type { ObjectIndex } from './object-index.ts';
import { hasAtLeast, indexChanges, indexedState } from './object-index.repository.ts';

export interface IndexLimits {
  /** Scopes with fewer objects are searched by the database, in a few milliseconds. */
  readonly leastObjects: number;
  /** Objects that are read, searched and replaced together. */
  readonly blockSize: number;
  /** Bytes that are kept, of all scopes together. */
  readonly mostBytes: number;
  /** What is changed since the index was made; an import of more is read anew. */
  readonly mostChanges: number;
  /** Scopes with too few objects that are remembered, so that these are not counted again. */
  readonly mostSmallScopes: number;
}

const LIMITS: IndexLimits = {
  leastObjects: 20_000,
  blockSize: 512,
  mostBytes: 160 * 1024 * 1024,
  mostChanges: 5_000,
  mostSmallScopes: 1_000,
};

/** Where others write on and on, a search goes to the database in the end. */
const MOST_REFRESHES = 3;

/**
 * The indexes of the scopes that were searched last. Each is compared with the revision of its scope before it is used; a
 * few changes are put in their places; after more it is made anew, in the background and in small pieces.
 */
export class ObjectIndexes {
  readonly #platform: Pick<Platform, 'metadata' | 'log'>;
  readonly #limits: IndexLimits;
  readonly #kept: KeptScopes<ObjectIndex>;
  /** Revisions in which scopes had too few objects. */
  readonly #small: KeptScopes<number>;
  readonly #tooLarge = new Set<string>();
  readonly #building = new Map<string, Promise<void>>();
  readonly #refreshing = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(platform: Pick<Platform, 'metadata' | 'log'>, limits: Partial<IndexLimits> = {}) {
    this.#platform = platform;
    this.#limits = { ...LIMITS, ...limits };
    this.#kept = new KeptScopes({ sizeOf: ({ bytes }) => bytes, mostSize: this.#limits.mostBytes });
    this.#small = new KeptScopes({ sizeOf: () => 1, mostSize: this.#limits.mostSmallScopes });
  }

  /** Of how many scopes anything is kept. */
  get scopes(): number {
    return this.#kept.size + this.#small.size;
  }

  /** The index of a scope as it is now; undefined when there is none, or too much has changed since it was made. */
  async find(scope: string): Promise<ObjectIndex | undefined> {
    const revision = await loadRevision(this.#platform.metadata.reader, scope);
    for (let tries = 0; tries < MOST_REFRESHES; tries += 1) {
      const index = this.#kept.get(scope);
      if (!index) break;
      if (index.state.revision >= revision) {
        this.#kept.keep(scope, index);
        return index;
      }
      await this.#once(this.#refreshing, scope, () => this.#refresh(scope, index));
    }
    return undefined;
  }

  /** The same, made first where there is none and one is worth it; undefined when the database is to be searched. */
  async make(scope: string): Promise<ObjectIndex | undefined> {
    const found = await this.find(scope);
    if (found || this.#isClosed || this.#tooLarge.has(scope)) return found;
    const { reader } = this.#platform.metadata;
    const revision = await loadRevision(reader, scope);
    // Nothing was ever written to it: callers may ask for projects that are not there.
    if (revision === 0 || this.#small.get(scope) === revision) return undefined;
    if (!(await hasAtLeast(reader, scope, this.#limits.leastObjects))) {
      this.#small.keep(scope, revision);
      return undefined;
    }
    this.#small.forget(scope);
    await this.#once(this.#building, scope, () => this.#build(scope));
    // What was written meanwhile is put in.
    return this.find(scope);
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

  /** Reads what has changed; where the journal does not tell all of it, the index is forgotten. */
  async #refresh(scope: string, index: ObjectIndex): Promise<void> {
    const snapshot = this.#platform.metadata.openReader();
    try {
      const state = await indexedState(snapshot, scope);
      const written = indexChanges(snapshot, scope);
      const changes = await written.changesAfter(index.state.position, this.#limits.mostChanges);
      // Whatever moves the revision and leaves no entries has changed who knows what.
      if (changes === undefined || changes.transactions !== state.revision - index.state.revision) {
        this.#kept.forget(scope);
        return;
      }
      const placed = await written.placed(changes.ids);
      const { blockSize } = this.#limits;
      const changed = await index.changed(
        state,
        { ids: changes.ids, placed },
        { blockSize, namesOf: (ids) => written.namesOf(ids) },
      );
      this.#kept.keep(scope, changed);
    } finally {
      await snapshot.close();
    }
  }

  /** The revision is read in the snapshot of the rows: what is written meanwhile makes the index an old one. */
  async #build(scope: string): Promise<void> {
    const snapshot = this.#platform.metadata.openReader();
    try {
      const { blockSize, mostBytes } = this.#limits;
      const isStopped = (): boolean => this.#isClosed;
      const index = await buildIndex(snapshot, scope, { blockSize, mostBytes, isStopped });
      if (index === 'too large') this.#tooLarge.add(scope);
      else if (index !== null) this.#kept.keep(scope, index);
    } finally {
      await snapshot.close();
    }
  }
}
