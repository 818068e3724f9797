import { sql } from 'kysely';
import { putRow } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { ObjectRecord } from './object-rows.ts';

export interface ObjectKey {
  readonly scope: string;
  readonly id: string;
}

/** Writes whole objects. Made from the executor of a unit of work; decides nothing. */
export function objectWriter(db: Executor<MetadataTables>) {
  return {
    /** Inserts or overwrites an object with its body, access control list and references. */
    async put(record: ObjectRecord): Promise<void> {
      const { row, body, references } = record;
      await db
        .insertInto('acl')
        .values({ id: row.acl_id, entries: record.aclEntries })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await putRow(db, { table: 'object', key: ['scope', 'id'] }, row);
      await putRow(db, { table: 'object_body', key: ['scope', 'id'] }, body);
      await db.deleteFrom('object_reference').where('scope', '=', row.scope).where('from_id', '=', row.id).execute();
      if (references.length === 0) return;
      const edges = references.map((r) => ({ scope: row.scope, from_id: row.id, to_id: r.id, to_type: r.type }));
      for (const chunk of chunksOf(edges, MAX_EDGES_PER_STATEMENT)) {
        await db.insertInto('object_reference').values(chunk).execute();
      }
    },

    /** Overwrites the hot columns of an object whose body stays as it is; its list must be interned already. */
    async putRow(row: ObjectTable): Promise<void> {
      await putRow(db, { table: 'object', key: ['scope', 'id'] }, row);
    },

    async remove(key: ObjectKey): Promise<void> {
      await db.deleteFrom('object').where('scope', '=', key.scope).where('id', '=', key.id).execute();
      await db.deleteFrom('object_body').where('scope', '=', key.scope).where('id', '=', key.id).execute();
      await db.deleteFrom('object_reference').where('scope', '=', key.scope).where('from_id', '=', key.id).execute();
    },

    /**
     * Every unit of work that writes to a scope ends with this; caches compare the number. Where the journal has entries of
     * the scope for it, these must name every object that was written: indexes of names read no others (ADR 22).
     */
    async bumpRevision(scope: string): Promise<void> {
      await sql`INSERT INTO scope_revision (scope, revision) VALUES (${scope}, 1)
        ON CONFLICT (scope) DO UPDATE SET revision = scope_revision.revision + 1`.execute(db);
    },
  };
}

/** Four columns an edge, far below the 32,766 variables that SQLite allows in a statement. */
const MAX_EDGES_PER_STATEMENT = 500;

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
