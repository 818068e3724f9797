import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MigrationJob } from './migration-jobs.ts';
import type { MigrationKey } from './migration-records.ts';

/** What is kept of a job that a record waits for: enough to settle the record without it. */
export interface PendingWork extends MigrationKey {
  /**
   * Number of the newest journal transaction of this import when the job was asked for, 0 when there was none: only
   * a newer one can be this job's.
   */
  readonly journalBefore: number;
}

/** The jobs under way, and their progress on the records. Made from the reader, or from a unit of work. */
export function jobRepository(db: Executor<LibraryTables>) {
  return {
    async addJob(job: MigrationJob, journalBefore: number, now: number): Promise<void> {
      const { kind, packageId, importId } = job;
      const payload = JSON.stringify({ journalBefore });
      const row = { kind, package_id: packageId, import_id: importId, payload, created_at: now, started_at: null };
      await db.insertInto('job').values(row).execute();
    },

    async removeJob(key: MigrationKey): Promise<void> {
      await db
        .deleteFrom('job')
        .where('package_id', '=', key.packageId)
        .where('import_id', '=', key.importId)
        .execute();
    },

    async loadJobs(): Promise<PendingWork[]> {
      const rows = await db.selectFrom('job').selectAll().orderBy('id').execute();
      return rows.map((row) => {
        const { journalBefore } = JSON.parse(row.payload) as { journalBefore: number };
        return { packageId: row.package_id, importId: row.import_id, journalBefore };
      });
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
