import { ValueNumbers } from '../../objects/value-numbers.ts';
import type { IdNumbers } from '../id-numbers.ts';
import { NumberTable } from '../number-table.ts';
import type { JudgedHeader } from './package-source.repository.ts';
import type { ScopeRows } from './scope-rows.repository.ts';

const NONE = -1;

/** What all objects of a scope are judged by, in sixteen bytes each. Objects are named by their numbers. */
export class KeptHeaders {
  readonly #numbers: IdNumbers;
  readonly #types = new NumberTable(NONE);
  readonly #subtypes = new NumberTable(NONE);
  readonly #parents = new NumberTable(NONE);
  /** Few access control lists are distinct. */
  readonly #acls = new NumberTable(NONE);
  readonly #aclIds = new ValueNumbers<string>();

  private constructor(numbers: IdNumbers) {
    this.#numbers = numbers;
  }

  /** Reads a whole scope, which is three times as fast as looking up each of its objects. */
  static async read(rows: Pick<ScopeRows, 'headers'>, numbers: IdNumbers): Promise<KeptHeaders> {
    const kept = new KeptHeaders(numbers);
    for await (const headers of rows.headers()) for (const header of headers) kept.#add(header);
    return kept;
  }

  get aclIds(): readonly string[] {
    return this.#aclIds.values;
  }

  find(object: number): JudgedHeader | undefined {
    const type = this.#types.get(object);
    if (type === NONE) return undefined;
    const parent = this.#parents.get(object);
    return {
      id: this.#numbers.idOf(object),
      type,
      subtype: this.#subtypes.get(object),
      parentId: parent === NONE ? null : this.#numbers.idOf(parent),
      aclId: this.#aclIds.at(this.#acls.get(object)) ?? '',
    };
  }

  /** Gives the memory back; from then on nothing can be asked. */
  release(): void {
    for (const table of [this.#types, this.#subtypes, this.#parents, this.#acls]) table.release();
  }

  #add({ id, type, subtype, parentId, aclId }: JudgedHeader): void {
    const object = this.#numbers.of(id);
    this.#types.set(object, type);
    this.#subtypes.set(object, subtype);
    this.#parents.set(object, parentId === null ? NONE : this.#numbers.of(parentId));
    this.#acls.set(object, this.#aclIds.of(aclId));
  }
}
