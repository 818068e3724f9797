import type { Executor } from '../../platform/db/database.ts';
import type { JobTable, LibraryTables } from '../../platform/db/library-schema.ts';
import { fileOf, jobKeyOf, type JobKey, type MigrationJob, type ReportedJob } from './migration-jobs.ts';
import type { MigrationKey } from './migration-records.ts';

/** What is kept of a job that a record waits for: enough to settle the record without it. */
export interface PendingWork extends JobKey {
  /**
   * Number of the newest journal transaction of this import when the job was asked for, 0 when there was none: only
   * a newer one can be this job's.
   */
  readonly journalBefore: number;
  /** The file that the job may write, and no other job ever does. */
  readonly path?: string;
  /** Of a package that is built anew: the file that goes with its end. */
  readonly replacedPath?: string;
  /** What the source has to hear about a validation. */
  readonly validation?: ReportedJob;
}

/** The jobs under way, and their progress on the records. Made from the reader, or from a unit of work. */
export function jobRepository(db: Executor<LibraryTables>) {
  return {
    async addJob(job: MigrationJob, journalBefore: number, now: number): Promise<void> {
      const { kind, packageId, importId } = jobKeyOf(job);
      const payload = JSON.stringify({ journalBefore, ...settlingPart(job) });
      const row = { kind, package_id: packageId, import_id: importId, payload, created_at: now };
      await db.insertInto('job').values(row).execute();
    },

    /** @returns false when there was none */
    async removeJob({ kind, packageId, importId }: JobKey): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('job')
        .where('kind', '=', kind)
        .where('package_id', '=', packageId)
        .where('import_id', '=', importId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
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
      const rows = await db.selectFrom('job').selectAll().orderBy('id').execute();
      return rows.map(toPendingWork);
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

/** The jobs of a migration that wait or run. */
export async function findJobs(
  db: Executor<LibraryTables>,
  { packageId, importId }: MigrationKey,
): Promise<PendingWork[]> {
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .where('package_id', '=', packageId)
    .where('import_id', '=', importId)
    .orderBy('id')
    .execute();
  return rows.map(toPendingWork);
}

function toPendingWork(row: Pick<JobTable, 'kind' | 'package_id' | 'import_id' | 'payload'>): PendingWork {
  const payload = JSON.parse(row.payload) as Omit<PendingWork, keyof JobKey>;
  return {
    kind: row.kind as MigrationJob['kind'],
    packageId: row.package_id,
    importId: row.import_id,
    ...payload,
  };
}

function settlingPart(job: MigrationJob): Partial<PendingWork> {
  const path = fileOf(job);
  if (job.kind !== 'validate') {
    const replacedPath = job.kind === 'create' ? job.replacedPath : undefined;
    return { ...(path === null ? {} : { path }), ...(replacedPath === undefined ? {} : { replacedPath }) };
  }
  const { packageId, importId, run, storagePath, environmentId, projectId } = job;
  const environment = environmentId === undefined ? {} : { environmentId };
  return { validation: { packageId, importId, run, storagePath, projectId, ...environment } };
}
