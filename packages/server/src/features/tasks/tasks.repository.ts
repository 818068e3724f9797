import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables, ModelTaskTable } from '../../platform/db/library-schema.ts';

/** Tasks that clients started without waiting for them. */
export function modelTasks(db: Executor<LibraryTables>) {
  return {
    find: (id: string): Promise<ModelTaskTable | undefined> =>
      db.selectFrom('model_task').selectAll().where('id', '=', id).executeTakeFirst(),

    async insert(task: ModelTaskTable): Promise<void> {
      await db.insertInto('model_task').values(task).execute();
    },

    /** A task that has ended stays as it is. */
    async end(id: string, result: Pick<ModelTaskTable, 'ended_at' | 'status' | 'errors'>): Promise<void> {
      await db.updateTable('model_task').set(result).where('id', '=', id).where('status', '=', 'running').execute();
    },

    /** Ends every task that is still running, whoever started it. */
    async endRunning(result: Pick<ModelTaskTable, 'ended_at' | 'status' | 'errors'>): Promise<void> {
      await db.updateTable('model_task').set(result).where('status', '=', 'running').execute();
    },

    async removeEndedBefore(moment: number): Promise<void> {
      await db.deleteFrom('model_task').where('ended_at', '<', moment).execute();
    },
  };
}
