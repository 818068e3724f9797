import { IntList } from '../../objects/int-list.ts';
import type { IdNumbers } from '../id-numbers.ts';
import { NumberTable } from '../number-table.ts';
import type { Edge, PackageSource } from './package-source.repository.ts';
import type { ScopeRows } from './scope-rows.repository.ts';

/** Objects whose outgoing edges are read with one query. */
const BATCH = 500;
/** Stands for a type that is not known. */
const NO_TYPE = -1;
const NOT_LOADED = -1;

/** A reference as the JSON text that stands in a header: an entry of `PackageEntry['references']`. */
export function referenceText(jsonId: string, type: number | null, name: string | undefined): string {
  const known = `{"id":${jsonId},"type":${type}`;
  return name === undefined ? `${known}}` : `${known},"name":${JSON.stringify(name)}}`;
}

/** The object whose edges are being added. */
interface OpenRange {
  readonly id: string;
  readonly object: number;
  readonly start: number;
}

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
  #hasAll = false;

  constructor(source: Pick<PackageSource, 'loadReferences'>, numbers: IdNumbers) {
    this.#source = source;
    this.#numbers = numbers;
  }

  /** Reads all edges that there are. */
  async loadAll(rows: Pick<ScopeRows, 'references'>): Promise<void> {
    let open: OpenRange | undefined;
    for await (const edges of rows.references()) open = this.#add(edges, open);
    this.#hasAll = true;
  }

  /** Reads the edges of those objects that were not asked for before. */
  async load(objects: readonly number[]): Promise<void> {
    if (this.#hasAll) return;
    const unknown = objects.filter((object) => this.#starts.get(object) === NOT_LOADED);
    for (let at = 0; at < unknown.length; at += BATCH) {
      const batch = unknown.slice(at, at + BATCH);
      for (const object of batch) this.#setRange(object, 0, 0);
      this.#add(await this.#source.loadReferences(batch.map((object) => this.#numbers.idOf(object))));
    }
  }

  /** The objects that an object uses, in the order of their ids; its edges must have been loaded. */
  usedBy(object: number): number[] {
    const stop = this.#stopOf(object);
    const used: number[] = [];
    for (let edge = this.#starts.get(object); edge < stop; edge += 1) used.push(this.#ends.at(edge));
    return used;
  }

  /**
   * The references of an object as the JSON text that stands in its header, in the order of the ids that it uses; they
   * must have been loaded. For the many of a package, JSON itself takes three times as long.
   */
  textOf(object: number, nameOf: (used: number) => string | undefined): string {
    const stop = this.#stopOf(object);
    // Joined at once: a text that grows is a tree of texts until somebody reads it, several times its size.
    const texts: string[] = [];
    for (let edge = this.#starts.get(object); edge < stop; edge += 1) {
      const used = this.#ends.at(edge);
      const type = this.#types.at(edge);
      texts.push(referenceText(this.#numbers.jsonOf(used), type === NO_TYPE ? null : type, nameOf(used)));
    }
    return `[${texts.join()}]`;
  }

  /** Gives the memory back; from then on nothing can be asked. */
  release(): void {
    for (const numbers of [this.#ends, this.#types, this.#starts, this.#stops]) numbers.release();
  }

  #stopOf(object: number): number {
    const stop = this.#stops.get(object);
    if (stop === NOT_LOADED && this.#hasAll) return NOT_LOADED;
    if (stop === NOT_LOADED) throw new Error(`The references of object ${this.#numbers.idOf(object)} were not loaded.`);
    return stop;
  }

  #setRange(object: number, start: number, stop: number): void {
    this.#starts.set(object, start);
    this.#stops.set(object, stop);
  }

  /**
   * Edges come ordered by the object that they go out from; those of one may come in several parts, one after another.
   * Returns the object whose edges came last.
   */
  #add(edges: readonly Edge[], last?: OpenRange): OpenRange | undefined {
    let open = last;
    for (const [fromId, toId, toType] of edges) {
      if (open?.id !== fromId) open = { id: fromId, object: this.#numbers.of(fromId), start: this.#ends.length };
      this.#ends.push(this.#numbers.of(toId));
      this.#types.push(toType ?? NO_TYPE);
      this.#setRange(open.object, open.start, this.#ends.length);
    }
    return open;
  }
}
