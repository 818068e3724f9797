import { AppError } from '@longshore/contracts';
import { PRIVILEGE, requirePrivileges, type Caller, type Privilege } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES } from './migration-caller.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { CancelAnswer } from './migration-jobs.ts';
import { findJobs, type PendingWork } from './migration-jobs.repository.ts';
import { migrationNotFound, requireMigrationKey } from './migration-key.ts';
import type { MigrationRecord } from './migration-records.ts';
import { migrationRepository } from './migrations.repository.ts';
import { requireRecordAccess } from './record-access.ts';
import { stateRefusal } from './record-state.ts';

export interface CancelMigration {
  readonly migrationId: string;
  readonly caller: Caller;
}

type CancelDeps = Pick<MigrationDeps, 'platform' | 'runner'>;

/**
 * Use case: end what this environment does for a migration, whether it waits or runs; nothing of it is kept. The
 * record tells when it has ended, as after any failure.
 * @throws AppError `notFound`, `missingPrivilege`; `invalid` when nothing is under way, `busy` when it is too late
 */
export async function cancelMigration({ platform, runner }: CancelDeps, input: CancelMigration): Promise<void> {
  const key = requireMigrationKey(input.migrationId);
  const { reader } = platform.library;
  // The record comes first: what it says is under way has a job, unless it has ended since.
  const record = await migrationRepository(reader).findMigration(key);
  const jobs = await findJobs(reader, key);
  if (jobs.length === 0) throw nothingToCancel(record, input);
  for (const job of jobs) requireJobRights(input.caller, job, record);
  const answers: CancelAnswer[] = [];
  for (const job of jobs) answers.push(await runner.cancel(job, input.caller.user.name));
  if (!answers.includes('asked')) throw new AppError('busy', TOO_LATE);
}

const TOO_LATE =
  'It is too late to cancel: what was asked for is being completed at this moment. Read the migration again to see how it ended.';

/** Whoever may start a job may cancel it (spec/api.md 2.0). @throws AppError `missingPrivilege` */
function requireJobRights(caller: Caller, job: PendingWork, record: MigrationRecord | undefined): void {
  requirePrivileges(caller, privilegesFor(job, record), projectOf(job, record));
}

function privilegesFor({ kind }: PendingWork, record: MigrationRecord | undefined): readonly Privilege[] {
  if (kind !== 'create' || record?.package.purpose === 'project_merge') return IMPORT_PRIVILEGES;
  return [PRIVILEGE.createPackage];
}

/** The project in which the job works; null for a configuration package. A validation has no record on the target. */
function projectOf({ kind, validation }: PendingWork, record: MigrationRecord | undefined): string | null {
  if (kind === 'validate') return validation?.projectId ?? null;
  if (record === undefined || record.package.type === 'configuration') return null;
  return (kind === 'create' ? record.package.project?.id : record.import.project?.id) ?? null;
}

function nothingToCancel(record: MigrationRecord | undefined, { migrationId, caller }: CancelMigration): AppError {
  if (!record || record.package.deleted) return migrationNotFound(migrationId);
  requireRecordAccess(caller, record);
  const { package: pkg, import: imp } = record;
  const why = 'Nothing of this migration waits or runs here. A validation is cancelled on its target.';
  return pkg.replicated || imp.status !== 'pending'
    ? stateRefusal({ field: 'importInfo.status', value: imp.status, why })
    : stateRefusal({ field: 'packageInfo.status', value: pkg.status, why });
}
