import { CONFIGURATION_SCOPE } from '@longshore/domain';
import { queryCells, queryText } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';

/** What tells whether the target has the identical object. */
export type VersionCells = readonly [
  id: string,
  version: string,
  bodyHash: string,
  type: number,
  subtype: number,
  parentId: string | null,
  contactsHash: string | null,
];

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

    /** What the target has of the objects with the given ids, by id. */
    async loadVersions(ids: readonly string[]): Promise<Map<string, VersionCells>> {
      const rows = (await queryCells(
        db,
        `SELECT id, version, body_hash, type, subtype, parent_id, contacts_hash
         FROM object WHERE scope = ? AND id IN (SELECT value FROM json_each(?))`,
        [scope, JSON.stringify(ids)],
      )) as unknown as readonly VersionCells[];
      return new Map(rows.map((cells) => [cells[0], cells]));
    },

    /** Moves with every write to the scope. */
    async loadRevision(): Promise<number> {
      const rows = await queryText<{ revision: number }, MetadataTables>(
        db,
        `SELECT revision FROM scope_revision WHERE scope = ?`,
        [scope],
      );
      return rows[0]?.revision ?? 0;
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
  };
}
