import { wireDate } from '../../../platform/clock.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { ConfirmJob, JobOutcome, ReportedJob, ValidateJob } from '../migration-jobs.ts';
import { jobRepository } from '../migration-jobs.repository.ts';
import { statusFileRepository } from '../status-files/status-files.repository.ts';
import { bringStatusFiles } from '../status-files/status-files.ts';
import { endedState, failedState, INTERRUPTED, validationReport } from './validation-report.ts';

interface EndedValidation {
  readonly job: ValidateJob;
  readonly outcome: JobOutcome;
  readonly confirm?: ConfirmJob | undefined;
}

/**
 * Tells the source how a validation ended. The validation counts as running until its file is in the store, so that
 * the next one cannot be overtaken by it; a file that the store does not take now is brought there later.
 * @throws LeaseLost
 */
export async function endValidation(
  platform: Platform,
  files: FileStore,
  { job, outcome, confirm }: EndedValidation,
): Promise<void> {
  const report = validationReport(job, endedState(outcome), wireDate(platform.clock.now()));
  await platform.library.write(async (tx) => {
    await confirm?.(tx);
    await statusFileRepository(tx).addDue(report);
  });
  await bringStatusFiles(platform, files);
  await platform.library.write(async (tx) => {
    await confirm?.(tx);
    await jobRepository(tx).removeJob(job);
  });
}

type LibraryTransaction = Parameters<Parameters<Platform['library']['write']>[0]>[0];

/** At start: what was running has changed nothing and has failed, unless it had ended and only its file was missing. */
export async function settleValidation(tx: LibraryTransaction, job: ReportedJob, now: string): Promise<void> {
  const report = validationReport(job, failedState(INTERRUPTED), now);
  const due = statusFileRepository(tx);
  if (!(await due.isDue(report.path))) await due.addDue(report);
}
