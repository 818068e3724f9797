import { IntList } from '../../objects/int-list.ts';
import type { Edge, PackageSource } from './package-source.repository.ts';

/** Objects whose outgoing edges are read with one query. */
const BATCH = 2_000;
/** Stands for a type that is not known. */
const NO_TYPE = -1;

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * What the objects of a package use: each edge is read once, for the closure and for the header of its object, and kept
 * in eight bytes. An id is one text however many edges lead to it, which also makes it cheap to look up.
 */
export class KeptReferences {
  readonly #source: PackageSource;
  readonly #ids: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #ends = new IntList();
  readonly #types = new IntList();
  /** Where the edges of an object are; objects without edges are there as well. */
  readonly #ranges = new Map<string, Range>();

  constructor(source: PackageSource) {
    this.#source = source;
  }

  /** Reads the edges of those objects that were not asked for before. */
  async load(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.#ranges.has(id));
    for (let at = 0; at < unknown.length; at += BATCH) {
      const batch = unknown.slice(at, at + BATCH);
      for (const id of batch) this.#ranges.set(id, NONE);
      this.#add(await this.#source.loadReferences(batch));
    }
  }

  /** The ids that objects use, one after another, as often as they are used; the objects must have been loaded. */
  *usedBy(ids: readonly string[]): Generator<string, void, undefined> {
    for (const id of ids) {
      const { start, end } = this.#rangeOf(id);
      for (let edge = start; edge < end; edge += 1) yield this.#ids[this.#ends.at(edge)] ?? '';
    }
  }

  /** The edges of an object, in the order of the ids that it uses; it must have been loaded. */
  edgesOf(id: string): Omit<Edge, 'fromId'>[] {
    const { start, end } = this.#rangeOf(id);
    const edges: Omit<Edge, 'fromId'>[] = [];
    for (let edge = start; edge < end; edge += 1) {
      const toType = this.#types.at(edge);
      edges.push({ toId: this.#ids[this.#ends.at(edge)] ?? '', toType: toType === NO_TYPE ? null : toType });
    }
    return edges;
  }

  #rangeOf(id: string): Range {
    const range = this.#ranges.get(id);
    if (!range) throw new Error(`The references of object ${id} were not loaded.`);
    return range;
  }

  /** Edges come ordered by the object that they go out from. */
  #add(edges: readonly Edge[]): void {
    let first = 0;
    for (const [at, { fromId, toId, toType }] of edges.entries()) {
      this.#ends.push(this.#numberOf(toId));
      this.#types.push(toType ?? NO_TYPE);
      if (edges[at + 1]?.fromId === fromId) continue;
      const end = this.#ends.length;
      this.#ranges.set(fromId, { start: end - (at + 1 - first), end });
      first = at + 1;
    }
  }

  #numberOf(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#ids.push(id) - 1;
    this.#numbers.set(id, number);
    return number;
  }
}

const NONE: Range = { start: 0, end: 0 };
