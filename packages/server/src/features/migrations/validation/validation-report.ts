import type { ValidationFile } from '@longshore/contracts';
import { validationPath, type StorePath } from '../../../platform/files/store-path.ts';
import type { JobOutcome, ReportedJob } from '../migration-jobs.ts';

/** How far a validation is, or how it ended. */
export type ReportedState = Pick<ValidationFile, 'status' | 'progress' | 'message'>;

export const BEGUN: ReportedState = { status: 'validating', progress: 0, message: '' };

const LOST =
  'The validation was interrupted because its worker ended. The target is unchanged; start the validation again.';
export const INTERRUPTED =
  'The validation was interrupted by a restart of the server. The target is unchanged; start the validation again.';

export function failedState(message: string): ReportedState {
  return { status: 'validation_failed', progress: 0, message };
}

export function endedState(outcome: JobOutcome): ReportedState {
  if (outcome.kind === 'validate') return { status: 'validated', progress: 100, message: outcome.result.message };
  return failedState(outcome.kind === 'failed' ? outcome.message : LOST);
}

/** The path and the text of the status file of a job (docs/status-files.md). */
export function validationReport(
  job: ReportedJob,
  state: ReportedState,
  now: string,
): { readonly path: StorePath; readonly content: string } {
  const file: ValidationFile = {
    ...state,
    lastUpdatedDate: now,
    run: job.run,
    storagePath: job.storagePath,
    ...(job.environmentId === undefined ? {} : { environmentId: job.environmentId }),
    ...(job.projectId === null ? {} : { projectId: job.projectId }),
  };
  return { path: validationPath(job.packageId, job.importId), content: `${JSON.stringify(file)}\n` };
}
