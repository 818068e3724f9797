import { IntList } from '../../objects/int-list.ts';
import type { IdNumbers } from '../id-numbers.ts';
import { NumberTable } from '../number-table.ts';
import type { Edge, PackageSource } from './package-source.repository.ts';

/** Objects whose outgoing edges are read with one query. */
const BATCH = 500;
/** Stands for a type that is not known. */
const NO_TYPE = -1;
const NOT_LOADED = -1;

/** An edge as seen from the object that it goes out from. */
export type Used = Omit<Edge, 'fromId'>;

/**
 * What the objects of a package use: each edge is read once, for the closure and for the header of its object, and kept
 * in eight bytes. Objects are named by their numbers.
 */
export class KeptReferences {
  readonly #source: Pick<PackageSource, 'loadReferences'>;
  readonly #numbers: IdNumbers;
  readonly #ends = new IntList();
  readonly #types = new IntList();
  /** Where the edges of an object begin and end. */
  readonly #starts = new NumberTable(NOT_LOADED);
  readonly #stops = new NumberTable(NOT_LOADED);

  constructor(source: Pick<PackageSource, 'loadReferences'>, numbers: IdNumbers) {
    this.#source = source;
    this.#numbers = numbers;
  }

  /** Reads the edges of those objects that were not asked for before. */
  async load(objects: readonly number[]): Promise<void> {
    const unknown = objects.filter((object) => this.#starts.get(object) === NOT_LOADED);
    for (let at = 0; at < unknown.length; at += BATCH) {
      const batch = unknown.slice(at, at + BATCH);
      for (const object of batch) this.#setRange(object, 0, 0);
      this.#add(await this.#source.loadReferences(batch.map((object) => this.#numbers.idOf(object))));
    }
  }

  /** The objects that an object uses, in the order of their ids; its edges must have been loaded. */
  *usedBy(object: number): Generator<number, void, undefined> {
    const stop = this.#stopOf(object);
    for (let edge = this.#starts.get(object); edge < stop; edge += 1) yield this.#ends.at(edge);
  }

  /** The edges of an object, in the order of the ids that it uses; they must have been loaded. */
  edgesOf(object: number): Used[] {
    const stop = this.#stopOf(object);
    const edges: Used[] = [];
    for (let edge = this.#starts.get(object); edge < stop; edge += 1) {
      const toType = this.#types.at(edge);
      edges.push({ toId: this.#numbers.idOf(this.#ends.at(edge)), toType: toType === NO_TYPE ? null : toType });
    }
    return edges;
  }

  #stopOf(object: number): number {
    const stop = this.#stops.get(object);
    if (stop === NOT_LOADED) throw new Error(`The references of object ${this.#numbers.idOf(object)} were not loaded.`);
    return stop;
  }

  #setRange(object: number, start: number, stop: number): void {
    this.#starts.set(object, start);
    this.#stops.set(object, stop);
  }

  /** Edges come ordered by the object that they go out from. */
  #add(edges: readonly Edge[]): void {
    let first = 0;
    for (const [at, { fromId, toId, toType }] of edges.entries()) {
      this.#ends.push(this.#numbers.of(toId));
      this.#types.push(toType ?? NO_TYPE);
      if (edges[at + 1]?.fromId === fromId) continue;
      const stop = this.#ends.length;
      this.#setRange(this.#numbers.of(fromId), stop - (at + 1 - first), stop);
      first = at + 1;
    }
  }
}
