import { sql } from 'kysely';
import { queryCells, queryCellsWithin, textList, type Cell } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyBytes, BYTES_AT_ONCE } from '../body-bytes.ts';

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

/** A reference as its row has it: there are more of them than of anything else, so that they are not made objects. */
export type Edge = readonly [fromId: string, toId: string, toType: number | null];

/** What a closure judges an object by. */
export type JudgedHeader = Omit<SourceHeader, 'name'>;

/** The columns of a `SourceHeader`, from `object` as `o`. */
export const HEADER_COLUMNS = sql`o.id, o.type, o.subtype, o.name, o.parent_id AS "parentId", o.acl_id AS "aclId"`;

/** In the order of `HEADER_COLUMNS`. */
function headerOf([id, type, subtype, name, parentId, aclId]: readonly Cell[]): SourceHeader {
  return { id, type, subtype, name, parentId, aclId } as SourceHeader;
}

/** What follows the columns of a header in `OBJECTS`. */
function objectOf(row: readonly Cell[]): Omit<SourceObject, 'acl'> {
  const [description, abbreviation, ownerId, version, dateCreated, dateModified, hidden] = row.slice(6);
  const [bodyHash, contactsHash, definition, translations, uses] = row.slice(13);
  return {
    ...headerOf(row),
    description,
    abbreviation,
    ownerId,
    version,
    dateCreated,
    dateModified,
    hidden,
    bodyHash,
    contactsHash,
    definition,
    translations,
    uses,
  } as Omit<SourceObject, 'acl'>;
}

export const edgesOf = (rows: readonly (readonly Cell[])[]): readonly Edge[] =>
  rows as readonly (readonly unknown[])[] as readonly Edge[];

/** A list of texts, bound as one value. */
const LISTED = `IN (SELECT value FROM json_each(?))`;

// Rows that there are very many of are read as arrays; see `queryCells`.
const HEADERS = `SELECT o.id, o.type, o.subtype, o.name, o.parent_id, o.acl_id
  FROM object o WHERE o.scope = ? AND o.id ${LISTED}`;
const REFERENCES = `SELECT from_id, to_id, to_type FROM object_reference
  WHERE scope = ? AND from_id ${LISTED} ORDER BY from_id, to_id`;
const BODY_BYTES = `SELECT b.id, ${bodyBytes('b')} AS bytes FROM object_body b WHERE b.scope = ? AND b.id ${LISTED}`;
const OBJECTS = `SELECT o.id, o.type, o.subtype, o.name, o.parent_id, o.acl_id, o.description, o.abbreviation, o.owner_id,
    o.version, o.date_created, o.date_modified, o.hidden, o.body_hash, o.contacts_hash, b.definition, b.translations, b.uses
  FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id
  WHERE o.scope = ? AND o.id ${LISTED}`;

/** Reads the source of a package. All calls must be made from one transaction: a package is a snapshot. */
export function packageSource(db: Executor<MetadataTables>, scope: string) {
  /** Texts of access control lists by key. */
  const loadAcls = async (aclIds: readonly string[]): Promise<Map<string, string>> => {
    const { rows } = await sql<{ id: string; entries: string }>`
      SELECT id, entries FROM acl WHERE id IN ${textList(aclIds)}`.execute(db);
    return new Map(rows.map((row) => [row.id, row.entries]));
  };
  const acl = aclCache(loadAcls);
  /** Few access control lists are distinct, so that each is read once. */
  const objectsOf = async (cells: readonly (readonly Cell[])[]): Promise<Map<string, SourceObject>> => {
    const rows = cells.map(objectOf);
    const acls = await acl.load(rows.map((row) => row.aclId));
    return new Map(rows.map((row) => [row.id, withAcl(row, acls)]));
  };
  /** Bytes of bodies by the ids of their objects. */
  const loadBodyBytes = async (ids: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const rows = await queryCells(db, BODY_BYTES, [scope, JSON.stringify(ids)]);
    return new Map(rows.map(([id, bytes]) => [id as string, Number(bytes)]));
  };
  return {
    /** Headers by id; ids that do not exist are missing from the map. */
    async loadHeaders(ids: readonly string[]): Promise<Map<string, SourceHeader>> {
      const rows = await queryCells(db, HEADERS, [scope, JSON.stringify(ids)]);
      return new Map(rows.map((row) => [row[0] as string, headerOf(row)]));
    },

    /** What lies directly in the given folders, by id. */
    async loadChildren(folderIds: readonly string[]): Promise<SourceHeader[]> {
      const { rows } = await sql<SourceHeader>`
        SELECT ${HEADER_COLUMNS} FROM object o
        WHERE o.scope = ${scope} AND o.parent_id IN ${textList(folderIds)} ORDER BY o.id`.execute(db);
      return rows;
    },

    /** Edges that go out from the given objects, ordered by user and target. */
    async loadReferences(ids: readonly string[]): Promise<readonly Edge[]> {
      return edgesOf(await queryCells(db, REFERENCES, [scope, JSON.stringify(ids)]));
    },

    /** Which of the ids exist in another scope (configuration objects that project objects need). */
    async findExisting(otherScope: string, ids: readonly string[]): Promise<Set<string>> {
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM object WHERE scope = ${otherScope} AND id IN ${textList(ids)}`.execute(db);
      return new Set(rows.map((row) => row.id));
    },

    loadAcls,

    loadBodyBytes,

    /** Whole objects by id. */
    async loadObjects(ids: readonly string[]): Promise<Map<string, SourceObject>> {
      return objectsOf(await queryCells(db, OBJECTS, [scope, JSON.stringify(ids)]));
    },

    /** The same, or null when they do not fit into memory together. */
    async loadFittingObjects(ids: readonly string[]): Promise<Map<string, SourceObject> | null> {
      const query = { text: OBJECTS, values: [scope, JSON.stringify(ids)] };
      const rows = await queryCellsWithin(db, query, BYTES_AT_ONCE);
      if (rows) return objectsOf(rows);
      // PostgreSQL is asked first; SQLite says so only of what is too much.
      const bytes = await loadBodyBytes(ids);
      const all = [...bytes.values()].reduce((sum, size) => sum + size, 0);
      return all > BYTES_AT_ONCE ? null : objectsOf(await queryCells(db, OBJECTS, query.values));
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
