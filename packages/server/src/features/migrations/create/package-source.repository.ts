import { sql } from 'kysely';
import { textList } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** What the selection of a package looks at. */
export interface SourceHeader {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly parentId: string | null;
  readonly aclId: string;
}

/** Everything of one object that goes into a package, in stored form. */
export interface SourceObject extends SourceHeader {
  readonly description: string;
  readonly abbreviation: string;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly hidden: number;
  readonly bodyHash: string;
  readonly contactsHash: string | null;
  readonly acl: string;
  readonly definition: string;
  readonly translations: string;
  readonly uses: string;
}

export interface Edge {
  readonly fromId: string;
  readonly toId: string;
  readonly toType: number | null;
}

/** The columns of a `SourceHeader`, from `object` as `o`. */
export const HEADER_COLUMNS = sql`o.id, o.type, o.subtype, o.name, o.parent_id AS "parentId", o.acl_id AS "aclId"`;

/** How many distinct texts are remembered at most; beyond that a text is merely kept more than once. */
const MOST_SHARED = 100_000;

/**
 * Headers stay in memory until their package is written: as small as can be, which the rows of the driver are not, and
 * with the texts that repeat (folders, access control lists) kept once.
 */
function headerKeeper(): (row: SourceHeader) => SourceHeader {
  const shared = new Map<string, string>();
  const once = (text: string): string => {
    const known = shared.get(text);
    if (known !== undefined) return known;
    if (shared.size < MOST_SHARED) shared.set(text, text);
    return text;
  };
  return ({ id, type, subtype, name, parentId, aclId }) => ({
    id,
    type,
    subtype,
    name,
    parentId: parentId === null ? null : once(parentId),
    aclId: once(aclId),
  });
}

/** Reads the source of a package. All calls must be made from one transaction: a package is a snapshot. */
export function packageSource(db: Executor<MetadataTables>, scope: string) {
  const kept = headerKeeper();
  /** Texts of access control lists by key. */
  const loadAcls = async (aclIds: readonly string[]): Promise<Map<string, string>> => {
    const { rows } = await sql<{ id: string; entries: string }>`
      SELECT id, entries FROM acl WHERE id IN ${textList(aclIds)}`.execute(db);
    return new Map(rows.map((row) => [row.id, row.entries]));
  };
  const acl = aclCache(loadAcls);
  return {
    /** Headers by id; ids that do not exist are missing from the map. */
    async loadHeaders(ids: readonly string[]): Promise<Map<string, SourceHeader>> {
      const { rows } = await sql<SourceHeader>`
        SELECT ${HEADER_COLUMNS} FROM object o WHERE o.scope = ${scope} AND o.id IN ${textList(ids)}`.execute(db);
      return new Map(rows.map((row) => [row.id, kept(row)]));
    },

    /** What lies directly in the given folders, by id. */
    async loadChildren(folderIds: readonly string[]): Promise<SourceHeader[]> {
      const { rows } = await sql<SourceHeader>`
        SELECT ${HEADER_COLUMNS} FROM object o
        WHERE o.scope = ${scope} AND o.parent_id IN ${textList(folderIds)} ORDER BY o.id`.execute(db);
      return rows.map(kept);
    },

    /** Edges that go out from the given objects, ordered by user and target. */
    async loadReferences(ids: readonly string[]): Promise<Edge[]> {
      const { rows } = await sql<Edge>`
        SELECT from_id AS "fromId", to_id AS "toId", to_type AS "toType" FROM object_reference
        WHERE scope = ${scope} AND from_id IN ${textList(ids)} ORDER BY from_id, to_id`.execute(db);
      return rows;
    },

    /** Which of the ids exist in another scope (configuration objects that project objects need). */
    async findExisting(otherScope: string, ids: readonly string[]): Promise<Set<string>> {
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM object WHERE scope = ${otherScope} AND id IN ${textList(ids)}`.execute(db);
      return new Set(rows.map((row) => row.id));
    },

    loadAcls,

    /** Whole objects by id. Few access control lists are distinct, so that each is read once. */
    async loadObjects(ids: readonly string[]): Promise<Map<string, SourceObject>> {
      const { rows } = await sql<Omit<SourceObject, 'acl'>>`
        SELECT ${HEADER_COLUMNS}, o.description, o.abbreviation, o.owner_id AS "ownerId", o.version,
          o.date_created AS "dateCreated", o.date_modified AS "dateModified", o.hidden, o.body_hash AS "bodyHash",
          o.contacts_hash AS "contactsHash", b.definition, b.translations, b.uses
        FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id
        WHERE o.scope = ${scope} AND o.id IN ${textList(ids)}`.execute(db);
      const acls = await acl.load(rows.map((row) => row.aclId));
      return new Map(rows.map((row) => [row.id, withAcl(row, acls)]));
    },
  };
}

function withAcl(row: Omit<SourceObject, 'acl'>, acls: ReadonlyMap<string, string>): SourceObject {
  const acl = acls.get(row.aclId);
  if (acl === undefined) throw new Error(`The access control list of object ${row.id} is gone.`);
  return Object.assign(row, { acl });
}

/** Lists that are remembered at most; there may be as many as objects, each with a hundred entries. */
const MOST_ACLS = 2_000;

/** Texts of access control lists by key, those of the last batches remembered. */
function aclCache(load: (ids: readonly string[]) => Promise<Map<string, string>>) {
  const known = new Map<string, string>();
  return {
    async load(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const distinct = new Set(ids);
      if (known.size + distinct.size > MOST_ACLS) known.clear();
      const unknown = [...distinct].filter((id) => !known.has(id));
      if (unknown.length > 0) for (const [id, entries] of await load(unknown)) known.set(id, entries);
      return known;
    },
  };
}

export type PackageSource = ReturnType<typeof packageSource>;
