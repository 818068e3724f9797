import { textList } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

const TEMPORAL = 'temporal%';

/** What sessions hold in the metadata: locks and changesets. */
export function sessionHoldings(db: Executor<MetadataTables>) {
  return {
    /** Ids of the sessions that hold something. */
    async listHolders(): Promise<string[]> {
      const rows = await db
        .selectFrom('schema_lock')
        .select('session_id')
        .union(db.selectFrom('changeset').select('session_id'))
        .union(db.selectFrom('project_lock').select('session_id').where('lock_type', 'like', TEMPORAL))
        .execute();
      return rows.map((row) => row.session_id);
    },

    async removeOf(sessionIds: readonly string[]): Promise<void> {
      const ended = textList(sessionIds);
      const changesets = db.selectFrom('changeset').select('id').where('session_id', 'in', ended);
      await db.deleteFrom('changeset_object').where('changeset_id', 'in', changesets).execute();
      await db.deleteFrom('changeset').where('session_id', 'in', ended).execute();
      await db.deleteFrom('schema_lock').where('session_id', 'in', ended).execute();
      await db
        .deleteFrom('project_lock')
        .where('session_id', 'in', ended)
        .where('lock_type', 'like', TEMPORAL)
        .execute();
    },
  };
}

/** Which of these sessions exist and were last used after a moment (milliseconds). */
export async function listSessionsUsedAfter(
  db: Executor<LibraryTables>,
  sessionIds: readonly string[],
  moment: number,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('session')
    .select('id')
    .where('id', 'in', textList(sessionIds))
    .where('last_access_at', '>', moment)
    .execute();
  return new Set(rows.map((row) => row.id));
}
