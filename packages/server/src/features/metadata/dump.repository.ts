import type { DatabaseSync } from 'node:sqlite';
import { projectOf, type StoredObject } from '@longshore/domain';
import type { ObjectBodyTable, ObjectTable } from '../../platform/db/metadata-schema.ts';

export interface DumpedProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** An object in stored form, with the hash over its body. */
export interface DumpedObject extends StoredObject {
  readonly bodyHash: string;
}

type DumpRow = ObjectTable & Omit<ObjectBodyTable, 'scope' | 'id'> & { readonly entries: string };

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
  return {
    listProjects: () =>
      db.prepare('SELECT id, name, description FROM project ORDER BY id').all() as unknown as DumpedProject[],

    /** The objects of a scope, ordered by type and id. */
    *iterateObjects(scope: string): Generator<DumpedObject> {
      for (const key of keys.iterate(scope)) {
        const row = object.get(scope, key['id'] as string) as unknown as DumpRow | undefined;
        if (row === undefined)
          throw new Error(`The body or the access control list of ${String(key['id'])} is missing.`);
        yield toDumpedObject(row);
      }
    },

    close: (): void => db.close(),
  };
}

export type DumpReader = ReturnType<typeof dumpReader>;

function toDumpedObject(row: DumpRow): DumpedObject {
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
    definition: row.definition,
    translations: row.translations,
    uses: row.uses,
    bodyHash: row.body_hash,
  };
}
