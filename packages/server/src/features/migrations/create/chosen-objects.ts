import type { EntryRole } from '@longshore/domain';
import { FOLDER_TYPE } from '@longshore/domain';
import { ValueNumbers } from '../../objects/value-numbers.ts';
import type { IdNumbers } from '../id-numbers.ts';
import { NumberTable } from '../number-table.ts';
import type { Choice, SelectedEntry } from './package-selection.ts';
import type { SourceHeader } from './package-source.repository.ts';

const NONE = -1;

/** The objects that a package will hold, a few bytes each: there may be a million of them. */
export class ChosenObjects {
  readonly #numbers: IdNumbers;
  readonly #choices = new ValueNumbers<Choice>();
  /** By object: the number of its choice, its type, and the number of its folder. */
  readonly #choiceOf = new NumberTable(NONE);
  readonly #types = new NumberTable(NONE);
  readonly #parents = new NumberTable(NONE);
  #size = 0;
  #lastFolder: { readonly id: string; readonly number: number } | undefined;

  constructor(numbers: IdNumbers) {
    this.#numbers = numbers;
  }

  /** How many are chosen. */
  get size(): number {
    return this.#size;
  }

  has(object: number): boolean {
    return this.#choiceOf.get(object) !== NONE;
  }

  find(object: number): Choice | undefined {
    const choice = this.#choiceOf.get(object);
    // Looking for what is at -1 is slow.
    return choice === NONE ? undefined : this.#choices.at(choice);
  }

  /**
   * Chooses the object that has the number; of one that was chosen before, the new choice counts. Objects that come along
   * for the same reason are to be given the same choice, which is kept once.
   */
  set(object: number, { type, parentId }: Pick<SourceHeader, 'type' | 'parentId'>, choice: Choice): void {
    if (!this.has(object)) this.#size += 1;
    this.#choiceOf.set(object, this.#choices.of(choice));
    this.#types.set(object, type);
    this.#parents.set(object, parentId === null ? NONE : this.#numberOfFolder(parentId));
  }

  /** The numbers of all chosen objects, in the order in which their ids were met. */
  *all(): Generator<number, void, undefined> {
    for (let object = 0; object < this.#numbers.size; object += 1) if (this.has(object)) yield object;
  }

  /** The number of the folder of an object; undefined where it has none. */
  parentOf(object: number): number | undefined {
    const parent = this.#parents.get(object);
    return parent === NONE ? undefined : parent;
  }

  entryOf(object: number): SelectedEntry {
    const choice = this.find(object);
    const id = this.#numbers.idOf(object);
    if (!choice) throw new Error(`Object ${id} was not chosen.`);
    return { id, choice };
  }

  countOf(role: EntryRole): number {
    let count = 0;
    for (const object of this.all()) if (this.find(object)?.role === role) count += 1;
    return count;
  }

  /** Folders first, each before what is in it; then everything else by type and id. The order is part of the bytes. */
  inPackageOrder(): Int32Array {
    const folders: number[] = [];
    const others: number[] = [];
    for (const object of this.all()) (this.#types.get(object) === FOLDER_TYPE ? folders : others).push(object);
    const depths = new Map(folders.map((folder) => [folder, this.#depthOf(folder)]));
    const depthOf = (folder: number): number => depths.get(folder) ?? 0;
    folders.sort((a, b) => depthOf(a) - depthOf(b) || this.#numbers.compare(a, b));
    others.sort((a, b) => this.#types.get(a) - this.#types.get(b) || this.#numbers.compare(a, b));
    const order = new Int32Array(folders.length + others.length);
    order.set(folders);
    order.set(others, folders.length);
    return order;
  }

  /** Gives the memory back; from then on nothing can be asked. */
  release(): void {
    for (const table of [this.#choiceOf, this.#types, this.#parents]) table.release();
  }

  /** How many chosen objects lie one in another above an object; a circle is cut where it closes. */
  #depthOf(object: number): number {
    let depth = 0;
    const path = new Set<number>();
    for (let at = object; !path.has(at); depth += 1) {
      const parent = this.parentOf(at);
      if (parent === undefined) break;
      path.add(at);
      if (!this.has(parent)) break;
      at = parent;
    }
    return depth;
  }

  /** Most objects lie in the folder of the one before. */
  #numberOfFolder(id: string): number {
    if (this.#lastFolder?.id !== id) this.#lastFolder = { id, number: this.#numbers.of(id) };
    return this.#lastFolder.number;
  }
}
