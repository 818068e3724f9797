import type { ObjectTable } from '../../platform/db/metadata-schema.ts';

/** What searches ask of an object besides its name. */
export type ObjectKind = Pick<ObjectTable, 'type' | 'subtype' | 'hidden' | 'acl_id' | 'owner_id'>;

/** Which kinds a search allows; a condition that is absent filters nothing. */
export interface KindFilter {
  /** Lists whose objects may be shown; null shows all. */
  readonly aclIds: readonly string[] | null;
  /** Types and subtypes, mixed: a number of 256 or more is a subtype. */
  readonly types?: readonly number[] | undefined;
  readonly hidden?: boolean | undefined;
  readonly ownerId?: string | undefined;
}

/** Bytes that a kind takes, its texts and its place in the map among them. */
const KIND_BYTES = 400;

/**
 * Numbers kinds in the order in which they are met. Objects have few: a project of a million has some hundreds, so that
 * a search decides about each kind once, and about an object by one look.
 */
export class ObjectKinds {
  readonly #kinds: ObjectKind[] = [];
  readonly #numbers = new Map<string, number>();

  get bytes(): number {
    return this.#kinds.length * KIND_BYTES;
  }

  numberOf({ type, subtype, hidden, acl_id, owner_id }: ObjectKind): number {
    const key = `${type} ${subtype} ${hidden} ${acl_id} ${owner_id}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#kinds.push({ type, subtype, hidden, acl_id, owner_id }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** For each kind by its number, 1 when it is allowed. */
  allowed({ aclIds, types, hidden, ownerId }: KindFilter): Uint8Array {
    const lists = aclIds === null ? null : new Set(aclIds);
    const numbers = types === undefined ? null : new Set(types);
    const isAllowed = (kind: ObjectKind): boolean =>
      (lists === null || lists.has(kind.acl_id)) &&
      (numbers === null || isOfTypes(kind, numbers)) &&
      (hidden === undefined || (kind.hidden === 1) === hidden) &&
      (ownerId === undefined || kind.owner_id === ownerId);
    return Uint8Array.from(this.#kinds, (kind) => Number(isAllowed(kind)));
  }
}

const FIRST_SUBTYPE = 256;

const isOfTypes = ({ type, subtype }: ObjectKind, numbers: ReadonlySet<number>): boolean =>
  (type < FIRST_SUBTYPE && numbers.has(type)) || (subtype >= FIRST_SUBTYPE && numbers.has(subtype));
