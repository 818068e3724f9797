import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { JobKey } from './migration-jobs.ts';

/** Who wants which job to end, for the process that works on it. Made from the reader, or from a unit of work. */
export function jobCancellations(db: Executor<LibraryTables>) {
  return {
    /** The first to cancel a job is the one who is named. @returns false when there is no such job */
    async cancel({ kind, packageId, importId }: JobKey, by: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('job')
        .set((eb) => ({ cancelled_by: eb.fn.coalesce('cancelled_by', eb.val(by)) }))
        .where('kind', '=', kind)
        .where('package_id', '=', packageId)
        .where('import_id', '=', importId)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** Name of the user who cancelled a job; null for nobody. */
    async findCanceller({ kind, packageId, importId }: JobKey): Promise<string | null> {
      const row = await db
        .selectFrom('job')
        .select('cancelled_by')
        .where('kind', '=', kind)
        .where('package_id', '=', packageId)
        .where('import_id', '=', importId)
        .executeTakeFirst();
      return row?.cancelled_by ?? null;
    },
  };
}
