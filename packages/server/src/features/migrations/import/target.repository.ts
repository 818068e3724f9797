import { CONFIGURATION_SCOPE } from '@longshore/domain';
import { queryCells, queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { BODY_KEY, PLACE_KEY, type IdentityKeys } from './identity-keys.ts';

/** What a plan asks of the target besides the objects of the package. */
export function targetFacts(db: Executor<MetadataTables>, scope: string) {
  return {
    async findProjectName(projectId: string): Promise<string | undefined> {
      const rows = await queryText<{ name: string }, MetadataTables>(db, `SELECT name FROM project WHERE id = ?`, [
        projectId,
      ]);
      return rows[0]?.name;
    },

    /** Keys of the access control lists of folders, by folder id. */
    async loadFolderAcls(folderIds: readonly string[]): Promise<Map<string, string>> {
      const rows = await queryText<{ id: string; aclId: string }, MetadataTables>(
        db,
        `SELECT id, acl_id AS "aclId" FROM object
         WHERE scope = ? AND type = 8 AND id IN (SELECT value FROM json_each(?))`,
        [scope, JSON.stringify(folderIds)],
      );
      return new Map(rows.map((row) => [row.id, row.aclId]));
    },

    /** The keys of the target's objects with the given ids, by id. */
    async loadIdentityKeys(ids: readonly string[]): Promise<Map<string, IdentityKeys>> {
      const rows = (await queryCells(
        db,
        `SELECT id, ${BODY_KEY} AS body, ${PLACE_KEY} AS place
         FROM object WHERE scope = ? AND id IN (SELECT value FROM json_each(?))`,
        [scope, JSON.stringify(ids)],
      )) as unknown as readonly (readonly [id: string, body: string, place: string])[];
      return new Map(rows.map(([id, body, place]) => [id, { body, place }]));
    },

    async loadAcls(aclIds: readonly string[]): Promise<Map<string, string>> {
      const rows = await queryText<{ id: string; entries: string }, MetadataTables>(
        db,
        `SELECT id, entries FROM acl WHERE id IN (SELECT value FROM json_each(?))`,
        [JSON.stringify(aclIds)],
      );
      return new Map(rows.map((row) => [row.id, row.entries]));
    },

    /** Users and groups of this environment among the given ids. */
    async loadPrincipals(ids: readonly string[]): Promise<Set<string>> {
      const rows = await queryText<{ id: string }, MetadataTables>(
        db,
        `SELECT id FROM object WHERE scope = ? AND type = 34 AND id IN (SELECT value FROM json_each(?))`,
        [CONFIGURATION_SCOPE, JSON.stringify(ids)],
      );
      return new Set(rows.map((row) => row.id));
    },

    /** Users and groups of this environment whom access control lists of the package are about. */
    async loadTrustees(): Promise<string[]> {
      const rows = await queryText<{ id: string }, MetadataTables>(
        db,
        `SELECT id FROM object WHERE scope = ? AND type = 34 AND id IN (SELECT id FROM temp.staged_trustee)`,
        [CONFIGURATION_SCOPE],
      );
      return rows.map((row) => row.id);
    },
  };
}
