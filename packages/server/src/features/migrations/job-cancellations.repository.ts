import { queryText } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { JobCancelled } from '../../platform/jobs/job-cancellation.ts';
import type { CancelAnswer, JobKey } from './migration-jobs.ts';

/** Who wants which job to end, for the process that works on it. Made from the reader, or from a unit of work. */
export function jobCancellations(db: Executor<LibraryTables>) {
  const find = async ({ kind, packageId, importId }: JobKey) =>
    db
      .selectFrom('job')
      .select(['cancelled_by', 'closed'])
      .where('kind', '=', kind)
      .where('package_id', '=', packageId)
      .where('import_id', '=', importId)
      .executeTakeFirst();
  return {
    /**
     * The first to cancel a job is the one who is named. Waits for a commit of the job that is under way, and then
     * finds it closed.
     */
    async cancel(job: JobKey, by: string): Promise<CancelAnswer> {
      const { kind, packageId, importId } = job;
      const { numUpdatedRows } = await db
        .updateTable('job')
        .set((eb) => ({ cancelled_by: eb.fn.coalesce('cancelled_by', eb.val(by)) }))
        .where('kind', '=', kind)
        .where('package_id', '=', packageId)
        .where('import_id', '=', importId)
        .where('closed', '=', 0)
        .executeTakeFirst();
      if (numUpdatedRows > 0n) return 'asked';
      return (await find(job)) ? 'tooLate' : 'unknown';
    },

    /** Name of the user who cancelled a job; null for nobody. */
    async findCanceller(job: JobKey): Promise<string | null> {
      return (await find(job))?.cancelled_by ?? null;
    },
  };
}

const CLOSE = (table: string): string =>
  `UPDATE ${table} SET closed = 1 WHERE kind = ? AND package_id = ? AND import_id = ? RETURNING cancelled_by`;

/**
 * In the transaction that does what the job is about: from its commit on the job cannot be cancelled.
 * @param table the table of jobs, with its schema where it is not that of the connection
 * @throws JobCancelled
 */
export async function closeJob<Tables>(tx: Executor<Tables>, table: string, job: JobKey): Promise<void> {
  const rows = await queryText<{ readonly cancelled_by: string | null }, Tables>(tx, CLOSE(table), [
    job.kind,
    job.packageId,
    job.importId,
  ]);
  if (rows.some((row) => row.cancelled_by !== null)) throw new JobCancelled();
}
