import { sql } from 'kysely';
import type { MetadataObject } from '@longshore/domain';
import { textList } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { aclRepository } from '../objects/acls.repository.ts';
import { toObjectRecord } from '../objects/object-rows.ts';
import { changesetObjects, REMOVED } from './changesets.repository.ts';
import { nameKey, type ModeledObject, type ModelStore } from './model-store.ts';
import { storedModels } from './stored-models.repository.ts';

/** The objects of a project as a changeset leaves them; what is put waits for the commit. */
export function changesetModels(
  db: Executor<MetadataTables>,
  changeset: { readonly id: string; readonly project_id: string },
): ModelStore {
  const stored = storedModels(db, changeset.project_id);
  const staged = () => db.selectFrom('changeset_object').where('changeset_id', '=', changeset.id);
  return {
    projectId: changeset.project_id,

    async find(id) {
      const row = await staged().select('object').where('object_id', '=', id).executeTakeFirst();
      if (row === undefined) return stored.find(id);
      const object = JSON.parse(row.object) as MetadataObject | null;
      return object === null ? undefined : toModeled(object);
    },

    async findNamesake(row) {
      const inChangeset = await staged()
        .select(['object_id as id', 'name'])
        .where('type', '=', row.type)
        .where('parent_id', row.parent_id === null ? 'is' : '=', row.parent_id)
        .where(sql<boolean>`name = ${row.name} COLLATE NOCASE`)
        .where('object_id', '!=', row.id)
        .where('object', '!=', REMOVED)
        .executeTakeFirst();
      return inChangeset ?? findStoredNamesake(db, changeset.id, row);
    },

    async loadIdsByName(type, names) {
      const rows = await staged()
        .select(['object_id', 'name'])
        .where('type', '=', type)
        .where('object', '!=', REMOVED)
        .orderBy('object_id', 'desc')
        .execute();
      const wanted = new Set(names.map(nameKey));
      const found = new Map(await stored.loadIdsByName(type, names));
      for (const row of rows) if (wanted.has(nameKey(row.name))) found.set(nameKey(row.name), row.object_id);
      return found;
    },

    async loadTypes(ids) {
      const types = new Map(await stored.loadTypes(ids));
      for (const [id, type] of await loadStagedTypes(db, changeset.id, ids)) {
        if (type === null) types.delete(id);
        else types.set(id, type);
      }
      return types;
    },

    async put(after, before) {
      const modeled = toModeled(after);
      // Rights on a staged object are looked up by its list, so the list has to be known.
      await aclRepository(db).intern({ id: modeled.row.acl_id, entries: toObjectRecord(after).aclEntries });
      const baseVersion = before?.row.version ?? null;
      await stage(db, changeset.id, { row: modeled.row, object: JSON.stringify(after), baseVersion });
      return modeled;
    },

    remove: ({ row }) => stageRemoval(db, changeset.id, row),
  };
}

/** Types of staged objects; null of one that is to be deleted. */
async function loadStagedTypes(
  db: Executor<MetadataTables>,
  changesetId: string,
  ids: readonly string[],
): Promise<[id: string, type: number | null][]> {
  const rows = await db
    .selectFrom('changeset_object')
    .select(['object_id', 'type', sql<number>`object = ${REMOVED}`.as('removed')])
    .where('changeset_id', '=', changesetId)
    .where('object_id', 'in', textList(ids))
    .execute();
  return rows.map((row) => [row.object_id, row.removed === 1 ? null : row.type]);
}

function toModeled(object: MetadataObject): ModeledObject {
  return { row: toObjectRecord(object).row, object };
}

interface Staging {
  readonly row: ModeledObject['row'];
  /** JSON of the object as it will be. */
  readonly object: string;
  readonly baseVersion: string | null;
}

/** An object that the changeset has changed already keeps the version on which its first change was based. */
async function stage(
  db: Executor<MetadataTables>,
  changesetId: string,
  { row, object, baseVersion }: Staging,
): Promise<void> {
  const now = { type: row.type, parent_id: row.parent_id, name: row.name, object };
  await db
    .insertInto('changeset_object')
    .values({
      changeset_id: changesetId,
      object_id: row.id,
      position: await changesetObjects(db, changesetId).count(),
      base_version: baseVersion,
      ...now,
    })
    .onConflict((conflict) => conflict.columns(['changeset_id', 'object_id']).doUpdateSet(now))
    .execute();
}

async function stageRemoval(
  db: Executor<MetadataTables>,
  changesetId: string,
  row: ModeledObject['row'],
): Promise<void> {
  await stage(db, changesetId, { row, object: REMOVED, baseVersion: row.version });
  // What was created in this changeset is as if it had never been.
  await db
    .deleteFrom('changeset_object')
    .where('changeset_id', '=', changesetId)
    .where('object_id', '=', row.id)
    .where('base_version', 'is', null)
    .execute();
}

/** Stored objects that the changeset has renamed or moved away do not count. */
function findStoredNamesake(
  db: Executor<MetadataTables>,
  changesetId: string,
  row: ModeledObject['row'],
): Promise<{ id: string; name: string } | undefined> {
  return db
    .selectFrom('object')
    .select(['id', 'name'])
    .where('scope', '=', row.scope)
    .where('parent_id', row.parent_id === null ? 'is' : '=', row.parent_id)
    .where('type', '=', row.type)
    .where(sql<boolean>`name = ${row.name} COLLATE NOCASE`)
    .where('id', '!=', row.id)
    .where('id', 'not in', (eb) =>
      eb.selectFrom('changeset_object').select('object_id').where('changeset_id', '=', changesetId),
    )
    .limit(1)
    .executeTakeFirst();
}
