import type { Clock } from '../../platform/clock.ts';
import type { IdSource } from '../../platform/ids.ts';
import { countIds, unpackIds, type PackedIds } from './packed-ids.ts';

/** The result of a metadata search: which objects, in which order. */
export interface StoredSearch {
  readonly id: string;
  readonly sessionId: string;
  readonly scope: string;
  readonly total: number;
  /** Ids of the objects from `offset` on; `limit` -1 means all. */
  idsOf(page: { readonly offset: number; readonly limit: number }): string[];
}

const KEPT_MS = 30 * 60 * 1000;
/** Clients run one after another; some ask for several before they read. */
const PER_SESSION = 8;
const MAX_BYTES = 256 * 1024 * 1024;

interface Entry extends StoredSearch {
  readonly bytes: number;
  readonly expiresAt: number;
}

/** Keeps results in memory between the two steps of a search; 16 bytes an object, the oldest go first. */
export class SearchStore {
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(platform: { readonly clock: Clock; readonly ids: IdSource }) {
    this.#clock = platform.clock;
    this.#ids = platform.ids;
  }

  put(sessionId: string, scope: string, found: PackedIds): StoredSearch {
    const entry: Entry = {
      id: this.#ids.objectId(),
      sessionId,
      scope,
      total: countIds(found),
      bytes: found.length,
      expiresAt: this.#clock.now() + KEPT_MS,
      idsOf: ({ offset, limit }) => unpackIds(found, offset, limit < 0 ? undefined : offset + limit),
    };
    this.#entries.set(entry.id, entry);
    this.#bytes += entry.bytes;
    this.#makeRoom(sessionId);
    return entry;
  }

  /** A search of this session that has not expired. */
  find(sessionId: string, searchId: string): StoredSearch | undefined {
    const entry = this.#entries.get(searchId.toUpperCase());
    return entry?.sessionId === sessionId && entry.expiresAt > this.#clock.now() ? entry : undefined;
  }

  #makeRoom(sessionId: string): void {
    const own = [...this.#entries.values()].filter((entry) => entry.sessionId === sessionId);
    for (const entry of own.slice(0, Math.max(0, own.length - PER_SESSION))) this.#remove(entry);
    for (const entry of this.#entries.values()) {
      const isExpired = entry.expiresAt <= this.#clock.now();
      const isTooMuch = this.#bytes > MAX_BYTES && this.#entries.size > 1;
      if (!isExpired && !isTooMuch) break;
      this.#remove(entry);
    }
  }

  #remove(entry: Entry): void {
    if (this.#entries.delete(entry.id)) this.#bytes -= entry.bytes;
  }
}
