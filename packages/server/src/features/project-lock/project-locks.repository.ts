import { putRow } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ProjectLockTable } from '../../platform/db/metadata-schema.ts';

/** The locks on projects and on the configuration, at most one a scope. */
export function projectLocks(db: Executor<MetadataTables>) {
  return {
    find: (scope: string): Promise<ProjectLockTable | undefined> =>
      db.selectFrom('project_lock').selectAll().where('scope', '=', scope).executeTakeFirst(),

    async put(lock: ProjectLockTable): Promise<void> {
      await putRow(db, { table: 'project_lock', key: ['scope'] }, lock);
    },

    async remove(scope: string): Promise<void> {
      await db.deleteFrom('project_lock').where('scope', '=', scope).execute();
    },
  };
}
