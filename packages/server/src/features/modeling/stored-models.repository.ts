import { sql } from 'kysely';
import { CONFIGURATION_SCOPE, type MetadataObject } from '@longshore/domain';
import { textList } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { folderTree } from '../objects/folder-tree.repository.ts';
import { toMetadataObject, toObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { nameKey, type ModeledObject, type ModelStore } from './model-store.ts';

/** The stored objects of a project; what is put is written at once. */
export function storedModels(db: Executor<MetadataTables>, projectId: string): ModelStore {
  const reader = objectReader(db);
  return {
    projectId,

    async find(id) {
      const row = await reader.findRow({ scope: projectId, id });
      return row === undefined ? undefined : loadModel(db, row);
    },

    findNamesake: (row) => folderTree(db).findNamesake(row),

    async loadIdsByName(type, names) {
      const wanted = names.map(nameKey);
      const rows = await db
        .selectFrom('object')
        .select(['id', 'name'])
        .where('scope', '=', projectId)
        .where('type', '=', type)
        // The database lowers no letters beyond ASCII, so names in their own spelling are looked for as well.
        .where(sql<boolean>`(name IN ${textList(names)} OR lower(name) IN ${textList(wanted)})`)
        .orderBy('id', 'desc')
        .execute();
      return new Map(rows.map((row) => [nameKey(row.name), row.id]));
    },

    async loadTypes(ids) {
      const rows = await db
        .selectFrom('object')
        .select(['id', 'type'])
        .where('scope', 'in', [projectId, CONFIGURATION_SCOPE])
        .where('id', 'in', textList(ids))
        // The project's own object wins over one of the configuration with the same id.
        .orderBy(sql`scope = ${projectId}`)
        .execute();
      return new Map(rows.map((row) => [row.id, row.type]));
    },

    async put(after) {
      const record = toObjectRecord(after);
      await objectWriter(db).put(record);
      return { row: record.row, object: after };
    },

    remove: ({ row }) => objectWriter(db).remove(row),
  };
}

/** A row with the rest of its object. */
export async function loadModel(db: Executor<MetadataTables>, row: ObjectTable): Promise<ModeledObject | undefined> {
  const reader = objectReader(db);
  const body = await reader.findBody(row);
  const acl = await reader.findAcl(row.acl_id);
  if (body === undefined) return undefined;
  const object: MetadataObject = toMetadataObject(row, body, acl?.entries ?? '[]');
  return { row, object };
}
