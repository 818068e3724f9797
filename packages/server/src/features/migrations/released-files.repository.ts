import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { jobRepository } from './migration-jobs.repository.ts';

/** The list of files of the shared store that no record names any more. Made from the reader, or from a unit of work. */
export function releasedFilesRepository(db: Executor<LibraryTables>) {
  return {
    /** Lets go of files: they are removed after the commit. */
    async releaseFiles(paths: readonly string[]): Promise<void> {
      for (const path of paths) {
        await db
          .insertInto('file_removal')
          .values({ path })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },

    /** Takes a path back: from now on it belongs to a record again, or its file is gone. */
    async keepFile(path: string): Promise<void> {
      await db.deleteFrom('file_removal').where('path', '=', path).execute();
    },

    /** Whether a record has a file, or a job is under way that may write it. */
    async isNamed(path: string): Promise<boolean> {
      const rows = await Promise.all([
        db.selectFrom('package').select('id').where('storage_path', '=', path).executeTakeFirst(),
        db.selectFrom('migration_import').select('id').where('undo_path', '=', path).executeTakeFirst(),
        db.selectFrom('package_holder').select('guid').where('storage_path', '=', path).executeTakeFirst(),
        db.selectFrom('holder_import').select('guid').where('undo_path', '=', path).executeTakeFirst(),
      ]);
      if (rows.some((row) => row !== undefined)) return true;
      return (await jobRepository(db).loadJobs()).some((job) => job.path === path);
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
