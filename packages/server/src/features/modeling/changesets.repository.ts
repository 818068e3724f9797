import { sql } from 'kysely';
import type { MetadataObject } from '@longshore/domain';
import { textList } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { ChangesetTable, MetadataTables } from '../../platform/db/metadata-schema.ts';
import { toObjectRecord } from '../objects/object-rows.ts';
import { aclRepository } from '../objects/acls.repository.ts';
import { nameKey, type ModeledObject, type ModelStore } from './model-store.ts';
import { storedModels } from './stored-models.repository.ts';

/** Changesets that are open. */
export function changesets(db: Executor<MetadataTables>) {
  return {
    find: (id: string): Promise<ChangesetTable | undefined> =>
      db.selectFrom('changeset').selectAll().where('id', '=', id).executeTakeFirst(),

    async countOfSession(sessionId: string): Promise<number> {
      const row = await db
        .selectFrom('changeset')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('session_id', '=', sessionId)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    async insert(changeset: ChangesetTable): Promise<void> {
      await db.insertInto('changeset').values(changeset).execute();
    },

    async setModified(id: string, date: string): Promise<void> {
      await db.updateTable('changeset').set({ date_modified: date }).where('id', '=', id).execute();
    },

    async remove(id: string): Promise<void> {
      await db.deleteFrom('changeset').where('id', '=', id).execute();
    },
  };
}

/** An object of a changeset with the version that it replaces; null where it is new. */
export interface StagedObject {
  readonly object: MetadataObject;
  readonly baseVersion: string | null;
}

/** The objects that a changeset will write. */
export function changesetObjects(db: Executor<MetadataTables>, changesetId: string) {
  const staged = () => db.selectFrom('changeset_object').where('changeset_id', '=', changesetId);
  return {
    async count(): Promise<number> {
      const row = await staged()
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** In the order in which they were first changed. */
    async list(): Promise<StagedObject[]> {
      const rows = await staged().selectAll().orderBy('position').execute();
      return rows.map((row) => ({ object: JSON.parse(row.object) as MetadataObject, baseVersion: row.base_version }));
    },

    async clear(): Promise<void> {
      await db.deleteFrom('changeset_object').where('changeset_id', '=', changesetId).execute();
    },
  };
}

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
      return row === undefined ? stored.find(id) : toModeled(JSON.parse(row.object) as MetadataObject);
    },

    async findNamesake(row) {
      const inChangeset = await staged()
        .select(['object_id as id', 'name'])
        .where('type', '=', row.type)
        .where('parent_id', row.parent_id === null ? 'is' : '=', row.parent_id)
        .where(sql<boolean>`name = ${row.name} COLLATE NOCASE`)
        .where('object_id', '!=', row.id)
        .executeTakeFirst();
      return inChangeset ?? findStoredNamesake(db, changeset.id, row);
    },

    async loadIdsByName(type, names) {
      const rows = await staged()
        .select(['object_id', 'name'])
        .where('type', '=', type)
        .orderBy('object_id', 'desc')
        .execute();
      const wanted = new Set(names.map(nameKey));
      const found = new Map(await stored.loadIdsByName(type, names));
      for (const row of rows) if (wanted.has(nameKey(row.name))) found.set(nameKey(row.name), row.object_id);
      return found;
    },

    async loadTypes(ids) {
      const rows = await staged().select(['object_id', 'type']).where('object_id', 'in', textList(ids)).execute();
      return new Map([...(await stored.loadTypes(ids)), ...rows.map((row) => [row.object_id, row.type] as const)]);
    },

    async put(after, before) {
      const modeled = toModeled(after);
      // Rights on a staged object are looked up by its list, so the list has to be known.
      await aclRepository(db).intern({ id: modeled.row.acl_id, entries: toObjectRecord(after).aclEntries });
      await stage(db, changeset.id, { after: modeled, baseVersion: before?.row.version ?? null });
      return modeled;
    },
  };
}

function toModeled(object: MetadataObject): ModeledObject {
  return { row: toObjectRecord(object).row, object };
}

/** An object that the changeset has changed already keeps the version on which its first change was based. */
async function stage(
  db: Executor<MetadataTables>,
  changesetId: string,
  { after, baseVersion }: { readonly after: ModeledObject; readonly baseVersion: string | null },
): Promise<void> {
  const { row, object } = after;
  const now = { type: row.type, parent_id: row.parent_id, name: row.name, object: JSON.stringify(object) };
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
