import type { MigrationJob } from './migration-jobs.ts';
import type { MigrationRecord } from './migration-records.ts';

/** Progress of the running jobs, in memory: status polls look here before they look at the record. */
export interface JobProgress {
  set(job: MigrationJob, progress: number): void;
  clear(job: MigrationJob): void;
  /** The record with the progress of the job that works on it. */
  applyTo(record: MigrationRecord): MigrationRecord;
}

const NO_PROGRESS: ReadonlySet<MigrationJob['kind']> = new Set(['undo', 'validate']);

export function createJobProgress(): JobProgress {
  const byId = new Map<string, number>();
  return {
    // An undo leaves the progress of its import as it is (spec/api.md 3.2); a validation has no record here.
    set: (job, progress) => void (NO_PROGRESS.has(job.kind) || byId.set(subjectOf(job), progress)),
    clear: (job) => void byId.delete(subjectOf(job)),
    applyTo(record) {
      const ofPackage = record.package.status === 'creating' ? byId.get(record.package.id) : undefined;
      const ofImport = record.import.status === 'importing' ? byId.get(record.import.id) : undefined;
      return {
        package: ofPackage === undefined ? record.package : { ...record.package, progress: ofPackage },
        import: ofImport === undefined ? record.import : { ...record.import, progress: ofImport },
      };
    },
  };
}

/** A package is built once at a time, and so is an import; ids of both are unique. */
function subjectOf(job: MigrationJob): string {
  return job.kind === 'create' ? job.packageId : job.importId;
}
