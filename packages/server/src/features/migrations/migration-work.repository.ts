import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MigrationJob } from './migration-jobs.ts';
import type { MigrationKey } from './migration-records.ts';

/** What is under way: the jobs that records wait for, their progress, and the files that nobody names any more. */
export interface PendingWork {
  readonly job: MigrationJob;
  /**
   * Number of the newest journal transaction of this import when the job was asked for, 0 when there was none: only
   * a newer one can be this job's.
   */
  readonly journalBefore: number;
}

/** Rows of `job` and `file_removal`. Made from the reader, or from the executor of a unit of work. */
export function workRepository(db: Executor<LibraryTables>) {
  return {
    async addJob(work: PendingWork, now: number): Promise<void> {
      const { kind, packageId, importId } = work.job;
      const row = { kind, package_id: packageId, import_id: importId, payload: JSON.stringify(work), created_at: now };
      await db.insertInto('job').values({ ...row, started_at: null }).execute();
    },

    async removeJob(key: MigrationKey): Promise<void> {
      await db
        .deleteFrom('job')
        .where('package_id', '=', key.packageId)
        .where('import_id', '=', key.importId)
        .execute();
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

    /** Lets go of files: they are removed after the commit. */
    async releaseFiles(paths: readonly string[]): Promise<void> {
      for (const path of paths) {
        await db.insertInto('file_removal').values({ path }).onConflict((conflict) => conflict.doNothing()).execute();
      }
    },

    /** Takes a path back: from now on it belongs to a record again, or its file is gone. */
    async keepFile(path: string): Promise<void> {
      await db.deleteFrom('file_removal').where('path', '=', path).execute();
    },

    async isReleased(path: string): Promise<boolean> {
      const row = await db.selectFrom('file_removal').select('path').where('path', '=', path).executeTakeFirst();
      return row !== undefined;
    },

    async loadReleasedFiles(): Promise<string[]> {
      const rows = await db.selectFrom('file_removal').select('path').execute();
      return rows.map((row) => row.path);
    },
  };
}
