import { projectOf, type StoredObject, type StoredScalars } from '@longshore/domain';
import type { SnapshotReader } from '../../platform/db/database.ts';
import type { ObjectBodyTable, ObjectTable } from '../../platform/db/metadata-schema.ts';

export interface DumpedProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** An object without its body, of which it has the hash. */
export type DumpedHeader = StoredScalars & { readonly acl: string; readonly bodyHash: string };

type HeaderRow = ObjectTable & { readonly entries: string };
type DumpRow = HeaderRow & Omit<ObjectBodyTable, 'scope' | 'id'>;

/** Objects that are read at once: bounds what is held in memory. */
const OBJECTS_AT_ONCE = 100;
const HEADERS_AT_ONCE = 1000;

const OBJECTS = `
  SELECT o.*, b.definition, b.translations, b.uses, a.entries
  FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id JOIN acl a ON a.id = o.acl_id
  WHERE o.scope = ? AND o.id IN (SELECT value FROM json_each(?))`;

/**
 * Reads whole scopes from one snapshot. The keys are sorted first and the objects fetched in batches: sorting whole
 * objects would write every definition to a temporary file.
 */
export function dumpReader(snapshot: SnapshotReader) {
  return {
    async listProjects(): Promise<DumpedProject[]> {
      const text = 'SELECT id, name, description FROM project ORDER BY id';
      return (await Array.fromAsync(snapshot.batches<DumpedProject>(text, [], HEADERS_AT_ONCE))).flat();
    },

    /** The objects of a scope in batches, ordered by type and id. */
    async *objectBatches(scope: string): AsyncGenerator<StoredObject[]> {
      const keys = 'SELECT id FROM object WHERE scope = ? ORDER BY type, id';
      for await (const batch of snapshot.batches<{ id: string }>(keys, [scope], OBJECTS_AT_ONCE)) {
        yield await loadObjects(
          snapshot,
          scope,
          batch.map(({ id }) => id),
        );
      }
    },

    /** The objects of a scope without their bodies in batches, in no order. */
    async *headerBatches(scope: string): AsyncGenerator<DumpedHeader[]> {
      const text = 'SELECT o.*, a.entries FROM object o JOIN acl a ON a.id = o.acl_id WHERE o.scope = ?';
      for await (const rows of snapshot.batches<HeaderRow>(text, [scope], HEADERS_AT_ONCE)) {
        yield rows.map(toDumpedHeader);
      }
    },

    close: (): Promise<void> => snapshot.close(),
  };
}

export type DumpReader = ReturnType<typeof dumpReader>;

/** In the order of the ids. */
async function loadObjects(snapshot: SnapshotReader, scope: string, ids: readonly string[]): Promise<StoredObject[]> {
  const rows = new Map<string, DumpRow>();
  for await (const batch of snapshot.batches<DumpRow>(OBJECTS, [scope, JSON.stringify(ids)], ids.length)) {
    for (const row of batch) rows.set(row.id, row);
  }
  return ids.map((id) => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`The body or the access control list of ${id} is missing.`);
    return toStoredObject(row);
  });
}

function toDumpedHeader(row: HeaderRow): DumpedHeader {
  return {
    projectId: projectOf(row.scope),
    id: row.id,
    type: row.type,
    subtype: row.subtype,
    name: row.name,
    description: row.description,
    abbreviation: row.abbreviation,
    parentId: row.parent_id,
    ownerId: row.owner_id,
    version: row.version,
    dateCreated: row.date_created,
    dateModified: row.date_modified,
    hidden: row.hidden === 1,
    acl: row.entries,
    bodyHash: row.body_hash,
  };
}

function toStoredObject(row: DumpRow): StoredObject {
  const { definition, translations, uses } = row;
  return { ...toDumpedHeader(row), definition, translations, uses };
}
