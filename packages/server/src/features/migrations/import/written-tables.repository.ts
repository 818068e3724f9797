import { analyzeTables } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** From so many objects on; a smaller import changes little of what is known of the tables. */
const LEAST_OBJECTS = 5_000;

/** Columns by which statements join and choose. */
const WRITTEN = ['object', 'object_body (scope, id)', 'object_reference'];

/** The tables of the target, after the commit of an import. */
export function writtenTables(db: Executor<MetadataTables>) {
  return {
    /**
     * Tells the planner of PostgreSQL what a large import has added. It finds out by itself within a minute or so; until
     * then it would take the project for as small as it was, and an undo would look at every object for every folder.
     * Outside of the transaction, which would keep other imports from it. The import is committed whatever becomes of
     * this.
     */
    async refreshStatistics(counts: Readonly<Record<string, number>>): Promise<void> {
      const written = (counts['create'] ?? 0) + (counts['duplicate'] ?? 0);
      if (written >= LEAST_OBJECTS) await analyzeTables(db, WRITTEN).catch(() => undefined);
    },
  };
}
