import type { DatabaseSync } from 'node:sqlite';
import { projectOf, type StoredObject, type StoredScalars } from '@longshore/domain';
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

/**
 * Reads whole scopes from one snapshot. The keys are sorted first and the objects fetched one by one: sorting whole
 * objects would write every definition to a temporary file.
 * @param db a read connection of its own
 */
export function dumpReader(db: DatabaseSync) {
  db.exec('BEGIN');
  const keys = db.prepare('SELECT id FROM object WHERE scope = ? ORDER BY type, id');
  const object = db.prepare(
    `SELECT o.*, b.definition, b.translations, b.uses, a.entries
     FROM object o JOIN object_body b ON b.scope = o.scope AND b.id = o.id JOIN acl a ON a.id = o.acl_id
     WHERE o.scope = ? AND o.id = ?`,
  );
  const headers = db.prepare('SELECT o.*, a.entries FROM object o JOIN acl a ON a.id = o.acl_id WHERE o.scope = ?');
  return {
    listProjects: () =>
      db.prepare('SELECT id, name, description FROM project ORDER BY id').all() as unknown as DumpedProject[],

    /** The objects of a scope, ordered by type and id. */
    *iterateObjects(scope: string): Generator<StoredObject> {
      for (const key of keys.iterate(scope)) {
        const row = object.get(scope, key['id'] as string) as unknown as DumpRow | undefined;
        if (row === undefined)
          throw new Error(`The body or the access control list of ${String(key['id'])} is missing.`);
        yield toStoredObject(row);
      }
    },

    /** The objects of a scope without their bodies, in no order. */
    *iterateHeaders(scope: string): Generator<DumpedHeader> {
      for (const row of headers.iterate(scope)) yield toDumpedHeader(row as unknown as HeaderRow);
    },

    close: (): void => db.close(),
  };
}

export type DumpReader = ReturnType<typeof dumpReader>;

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
