import { AppError, ISERVER_CODES } from '@longshore/contracts';
import { effectiveRights, findObjectType, projectOf, RIGHTS } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { PRIVILEGE, type Caller } from '../../platform/http/access.ts';
import { aclRepository } from './acls.repository.ts';
import { objectReader } from './objects.repository.ts';

/** Who looks at objects, as far as rights on objects go. */
export interface Accessor {
  readonly userId: string;
  readonly userName: string;
  readonly principalIds: readonly string[];
  /** Holds "Bypass all object security access checks" where the objects are. */
  readonly bypassesSecurity: boolean;
}

/** The caller as it stands towards the objects of a scope. */
export function accessorOf(caller: Caller, scope: string): Accessor {
  return {
    userId: caller.user.id,
    userName: caller.user.name,
    principalIds: caller.principalIds,
    bypassesSecurity: caller.hasPrivilege(PRIVILEGE.bypassObjectSecurity, projectOf(scope)),
  };
}

export const RIGHT_NAMES = {
  [RIGHTS.browse]: 'Browse',
  [RIGHTS.read]: 'Read',
  [RIGHTS.write]: 'Write',
  [RIGHTS.delete]: 'Delete',
  [RIGHTS.control]: 'Control',
} as const;
export type CheckedRight = keyof typeof RIGHT_NAMES;

/** Checks rights on stored objects. One for the whole server, since it remembers what it has evaluated. */
export interface ObjectAccess {
  /** Rights of the accessor on objects with these lists, by list id. */
  masks(db: Executor<MetadataTables>, accessor: Accessor, aclIds: Iterable<string>): Promise<Map<string, number>>;
  /** Tells of each of the rows whether the accessor may browse it. */
  visibility(
    db: Executor<MetadataTables>,
    accessor: Accessor,
    rows: readonly Pick<ObjectTable, 'acl_id'>[],
  ): Promise<(row: Pick<ObjectTable, 'acl_id'>) => boolean>;
  /** Ids of the lists whose objects the accessor may see in lists; null means every list. */
  browsable(accessor: Accessor): Promise<readonly string[] | null>;
  /** @throws AppError `noAccess` (403 ERR017) telling the right that is missing, and the object: by its name to those
   *  who may browse it, by its id to others. */
  require(
    db: Executor<MetadataTables>,
    accessor: Accessor,
    wanted: { readonly object: ObjectTable; readonly right: CheckedRight },
  ): Promise<void>;
}

/** Principals that are remembered at once; each costs one number per distinct list. */
const REMEMBERED_PRINCIPALS = 500;

/**
 * Evaluates each list once per set of principals. Lists are named by their content, so nothing that is remembered can
 * become wrong; a user whose groups have changed comes with another set of principals.
 * @param reader committed state: new lists are found by their position, which a rolled back transaction would reuse
 */
export function createObjectAccess(reader: Executor<MetadataTables>): ObjectAccess {
  const remembered = new RememberedMasks();
  const allLists = new AllLists(reader);

  const masks: ObjectAccess['masks'] = async (db, accessor, aclIds) => {
    const ids = [...new Set(aclIds)];
    if (accessor.bypassesSecurity) return new Map(ids.map((id) => [id, RIGHTS.full]));
    const known = remembered.of(accessor);
    const unknown = ids.filter((id) => !known.has(id));
    for (const acl of unknown.length === 0 ? [] : await aclRepository(db).load(unknown)) {
      known.set(acl.id, effectiveRights(acl.entries, accessor.principalIds, accessor));
    }
    return new Map(ids.map((id) => [id, known.get(id) ?? 0]));
  };

  return {
    masks,
    async visibility(db, accessor, rows) {
      const rights = await masks(
        db,
        accessor,
        rows.map((row) => row.acl_id),
      );
      return (row) => ((rights.get(row.acl_id) ?? 0) & RIGHTS.browse) !== 0;
    },
    async browsable(accessor) {
      if (accessor.bypassesSecurity) return null;
      const ids = await allLists.ids();
      const rights = await masks(reader, accessor, ids);
      const allowed = ids.filter((id) => ((rights.get(id) ?? 0) & RIGHTS.browse) !== 0);
      return allowed.length === ids.length ? null : allowed;
    },
    async require(db, accessor, { object, right }) {
      const rights = await masks(db, accessor, [object.acl_id]);
      const held = rights.get(object.acl_id) ?? 0;
      if ((held & right) === 0) throw await noAccess(db, accessor, { object, right, held });
    },
  };
}

/** Masks by list id for the principals that asked last. */
class RememberedMasks {
  readonly #byPrincipals = new Map<string, Map<string, number>>();

  of(accessor: Accessor): Map<string, number> {
    const key = `${accessor.userId} ${accessor.principalIds.toSorted().join(' ')}`;
    const known = this.#byPrincipals.get(key) ?? new Map<string, number>();
    this.#byPrincipals.delete(key);
    this.#byPrincipals.set(key, known);
    const [oldest] = this.#byPrincipals.keys();
    if (this.#byPrincipals.size > REMEMBERED_PRINCIPALS && oldest !== undefined) this.#byPrincipals.delete(oldest);
    return known;
  }
}

/**
 * The ids of all lists; asks the database only for those that are new. Lists are never removed. Where several
 * transactions add lists at a time, one may come to light after another with a later position: the count tells.
 */
class AllLists {
  readonly #reader: Executor<MetadataTables>;
  #ids: string[] = [];
  #position = 0;

  constructor(reader: Executor<MetadataTables>) {
    this.#reader = reader;
  }

  async ids(): Promise<readonly string[]> {
    const acls = aclRepository(this.#reader);
    const count = await acls.count();
    if (this.#ids.length < count) await this.#addAfter(this.#position);
    if (this.#ids.length < count) await this.#addAfter(0);
    return this.#ids;
  }

  async #addAfter(position: number): Promise<void> {
    const added = await aclRepository(this.#reader).listAfter(position);
    this.#ids = [...new Set([...this.#ids, ...added.map((acl) => acl.id)])];
    // They come in the order of their positions, which a function would not take all as its arguments.
    this.#position = Math.max(this.#position, added.at(-1)?.position ?? 0);
  }
}

/** The refusal in the words that clients know (spec/api.md 1.12). */
async function noAccess(
  db: Executor<MetadataTables>,
  accessor: Accessor,
  { object, right, held }: { readonly object: ObjectTable; readonly right: CheckedRight; readonly held: number },
): Promise<AppError> {
  const project = (await objectReader(db).findProjectName(object.scope)) ?? 'Configuration';
  const type = findObjectType(object.type)?.name ?? `type ${object.type}`;
  // Whoever may not browse an object could otherwise learn the names of all by asking for their ids.
  const name = (held & RIGHTS.browse) === 0 ? object.id : object.name;
  return new AppError(
    'noAccess',
    `(User '${accessor.userName}' does not have ${RIGHT_NAMES[right]} access to the ${type} object '${name}' in Project '${project}' with ID '${object.scope}'.)`,
    {
      iServerCode: ISERVER_CODES.noObjectAccess,
      subErrors: [
        {
          message: `${RIGHT_NAMES[right]} access is missing.`,
          additionalProperties: { objectId: object.id, objectName: name },
        },
      ],
    },
  );
}
