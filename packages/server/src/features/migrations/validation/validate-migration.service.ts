import type { ValidateMigrationBody } from '@longshore/contracts';
import { wireDate } from '../../../platform/clock.ts';
import { requirePrivileges, type Caller } from '../../../platform/http/access.ts';
import { IMPORT_PRIVILEGES, toJobCaller } from '../migration-caller.ts';
import type { MigrationDeps } from '../migration-deps.ts';
import type { ValidateJob } from '../migration-jobs.ts';
import { jobRepository } from '../migration-jobs.repository.ts';
import { migrationRepository } from '../migrations.repository.ts';
import type { MigrationKey } from '../migration-records.ts';
import { requireOperation, stateOf, stateRefusal } from '../record-state.ts';
import { statusFileRepository } from '../status-files/status-files.repository.ts';
import { writeStatusFile } from '../status-files/status-files.ts';
import { submitJob } from '../submit-job.ts';
import { findTargetProject, requirePackageFile, targetProjectId } from '../trigger-import.service.ts';
import { BEGUN, validationReport } from './validation-report.ts';
import { readValidationRequest, type ValidationRequest } from './validation-request.ts';

export interface ValidateMigration {
  readonly migrationId: string;
  readonly body: ValidateMigrationBody;
  /** Of the project header; null when there is none. */
  readonly projectId: string | null;
  readonly caller: Caller;
}

/**
 * Use case, on the target: try an import without keeping anything of it (spec/api.md 2.7.7). No record is made here;
 * the source learns of the course and the result from the status file in the shared store.
 * @throws AppError `invalid`, `missing`, `missingPrivilege`, `storageMisconfigured`
 */
export async function validateMigration(deps: MigrationDeps, input: ValidateMigration): Promise<void> {
  const { platform, files } = deps;
  const request = readValidationRequest(input.migrationId, input.body);
  const projectId = targetProjectId(request, input.projectId);
  requirePrivileges(input.caller, IMPORT_PRIVILEGES, projectId);
  await files.check();
  await findTargetProject(deps, projectId);
  await requirePackageFile(deps, request);
  const job = validateJob(deps, request, { caller: input.caller, projectId });
  const begun = validationReport(job, BEGUN, wireDate(platform.clock.now()));
  await platform.library.write(async (tx) => {
    await requireNotRunning(jobRepository(tx), job);
    await requireNotMigrated(migrationRepository(tx), job);
    await statusFileRepository(tx).dropDue(begun.path);
    await jobRepository(tx).addJob(job, 0, platform.clock.now());
    await deps.runner.enqueue(tx, job);
  });
  try {
    await writeStatusFile(files, begun.path, begun.content);
  } catch (error) {
    await platform.library.write((tx) => jobRepository(tx).removeJob(job));
    throw error;
  }
  await submitJob(deps, job);
}

async function requireNotRunning(jobs: ReturnType<typeof jobRepository>, job: ValidateJob): Promise<void> {
  if (!(await jobs.hasJob(job))) return;
  throw stateRefusal({
    field: 'validation.status',
    value: 'validating',
    why: 'Wait until the validation is finished.',
  });
}

/**
 * Validation comes before migration. Where the package was built its record is known here and is checked like that of
 * any operation; a copy is here only because the import was started, and then there is nothing to foresee any more.
 */
async function requireNotMigrated(records: ReturnType<typeof migrationRepository>, key: MigrationKey): Promise<void> {
  const found = await records.findMigration(key);
  if (!found || found.package.deleted) return;
  if (found.package.replicated) throw stateRefusal({ field: 'importInfo.status', value: found.import.status });
  // That the source is waiting for the result is as it should be.
  const { validationStatus: _, ...state } = stateOf(found);
  requireOperation('validate', state);
}

function validateJob(
  deps: MigrationDeps,
  request: ValidationRequest,
  { caller, projectId }: { readonly caller: Caller; readonly projectId: string | null },
): ValidateJob {
  return {
    kind: 'validate',
    ...request.key,
    storagePath: request.storagePath,
    storageSize: request.storageSize,
    type: request.type,
    caller: toJobCaller(caller, projectId),
    projectId,
    nameClash: deps.options.nameClash,
    run: deps.platform.ids.objectId(),
    ...(request.environmentId === undefined ? {} : { environmentId: request.environmentId }),
  };
}
