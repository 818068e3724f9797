export interface KeepingLimits<Kept> {
  /** What is counted of one that is kept. */
  readonly sizeOf: (kept: Kept) => number;
  /** Of all together. */
  readonly mostSize: number;
  /** How many at most; any number where it is left out. */
  readonly mostScopes?: number;
}

/** What is kept in memory of the scopes that were asked about last; those that were used longest ago go first. */
export class KeptScopes<Kept> {
  readonly #limits: KeepingLimits<Kept>;
  /** The one that was used last stands last. */
  readonly #kept = new Map<string, Kept>();

  constructor(limits: KeepingLimits<Kept>) {
    this.#limits = limits;
  }

  get(scope: string): Kept | undefined {
    return this.#kept.get(scope);
  }

  forget(scope: string): void {
    this.#kept.delete(scope);
  }

  /** How many there are. */
  get size(): number {
    return this.#kept.size;
  }

  /** Keeps it as the one that was used last, and lets go of others until there is room, or of it where there is none. */
  keep(scope: string, kept: Kept): void {
    const { sizeOf, mostSize, mostScopes = Number.POSITIVE_INFINITY } = this.#limits;
    this.#kept.delete(scope);
    if (sizeOf(kept) > mostSize) return;
    this.#kept.set(scope, kept);
    let size = 0;
    for (const one of this.#kept.values()) size += sizeOf(one);
    for (const [oldest, one] of this.#kept) {
      if (size <= mostSize && this.#kept.size <= mostScopes) break;
      this.#kept.delete(oldest);
      size -= sizeOf(one);
    }
  }
}
