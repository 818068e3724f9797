import { CONFIGURATION_SCOPE, FOLDER_TYPE } from '@longshore/domain';
import { sql } from 'kysely';
import { numberList } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { HEADER_COLUMNS, type SourceHeader } from './package-source.repository.ts';

/** Reads a project whole, for a merge. All calls must be made from one transaction: a package is a snapshot. */
export function projectSource(db: Executor<MetadataTables>, scope: string) {
  return {
    /** All folders. */
    async loadFolders(): Promise<SourceHeader[]> {
      const { rows } = await sql<SourceHeader>`
        SELECT ${HEADER_COLUMNS} FROM object o WHERE o.scope = ${scope} AND o.type = ${FOLDER_TYPE}`.execute(db);
      return rows;
    },

    /** Objects that are no folders, in the order of ids, after the given one. */
    async loadPage(afterId: string, limit: number): Promise<SourceHeader[]> {
      const { rows } = await sql<SourceHeader>`
        SELECT ${HEADER_COLUMNS} FROM object o
        WHERE o.scope = ${scope} AND o.id > ${afterId} AND o.type <> ${FOLDER_TYPE}
        ORDER BY o.id LIMIT ${limit}`.execute(db);
      return rows;
    },

    async countBySubtype(): Promise<{ type: number; subtype: number; count: number }[]> {
      const { rows } = await sql<{ type: number; subtype: number; count: number }>`
        SELECT type, subtype, count(*) AS count FROM object WHERE scope = ${scope} GROUP BY type, subtype`.execute(db);
      return rows;
    },

    async loadOfSubtypes(subtypes: readonly number[]): Promise<SourceHeader[]> {
      const { rows } = await sql<SourceHeader>`
        SELECT ${HEADER_COLUMNS} FROM object o
        WHERE o.scope = ${scope} AND o.subtype IN ${numberList(subtypes)}
        ORDER BY o.id`.execute(db);
      return rows;
    },

    /** What objects of the scope use although neither the scope nor the configuration has it. */
    async loadDangling(): Promise<{ id: string; type: number | null }[]> {
      const { rows } = await sql<{ id: string; type: number | null }>`
        SELECT r.to_id AS id, max(r.to_type) AS type FROM object_reference r
        WHERE r.scope = ${scope} AND NOT EXISTS (
          SELECT 1 FROM object o WHERE o.scope IN (${scope}, ${CONFIGURATION_SCOPE}) AND o.id = r.to_id)
        GROUP BY r.to_id ORDER BY r.to_id`.execute(db);
      return rows;
    },
  };
}

export type ProjectSource = ReturnType<typeof projectSource>;
