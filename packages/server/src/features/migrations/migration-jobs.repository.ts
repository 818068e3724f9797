import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MigrationJob } from './migration-jobs.ts';

/** A job that a record waits for. */
export interface PendingWork {
  readonly job: MigrationJob;
  /**
   * Number of the newest journal transaction of this import when the job was asked for, 0 when there was none: only
   * a newer one can be this job's.
   */
  readonly journalBefore: number;
}

type JobKey = Pick<MigrationJob, 'kind' | 'packageId' | 'importId'>;

/** The jobs under way, and their progress on the records. Made from the reader, or from a unit of work. */
export function jobRepository(db: Executor<LibraryTables>) {
  return {
    async addJob(work: PendingWork, now: number): Promise<void> {
      const { kind, packageId, importId } = work.job;
      const row = { kind, package_id: packageId, import_id: importId, payload: JSON.stringify(work), created_at: now };
      await db
        .insertInto('job')
        .values({ ...row, started_at: null })
        .execute();
    },

    async removeJob({ kind, packageId, importId }: JobKey): Promise<void> {
      await db
        .deleteFrom('job')
        .where('kind', '=', kind)
        .where('package_id', '=', packageId)
        .where('import_id', '=', importId)
        .execute();
    },

    async hasJob({ kind, packageId, importId }: JobKey): Promise<boolean> {
      const row = await db
        .selectFrom('job')
        .select('id')
        .where('kind', '=', kind)
        .where('package_id', '=', packageId)
        .where('import_id', '=', importId)
        .executeTakeFirst();
      return row !== undefined;
    },

    async loadJobs(): Promise<PendingWork[]> {
      const rows = await db.selectFrom('job').select('payload').orderBy('id').execute();
      return rows.map((row) => JSON.parse(row.payload) as PendingWork);
    },

    async removeAllJobs(): Promise<void> {
      await db.deleteFrom('job').execute();
    },

    /** Only while the job runs: a value that comes late changes nothing. */
    async setProgress(job: MigrationJob, progress: number): Promise<void> {
      if (job.kind === 'create') {
        await db
          .updateTable('package')
          .set({ progress })
          .where('id', '=', job.packageId)
          .where('status', '=', 'creating')
          .execute();
      }
      if (job.kind === 'import') {
        await db
          .updateTable('migration_import')
          .set({ progress })
          .where('id', '=', job.importId)
          .where('status', '=', 'importing')
          .execute();
      }
    },
  };
}
