import type { JobKey, JobOutcome } from './migration-jobs.ts';

const WORK = {
  create: 'The creation of the package',
  import: 'The import',
  undo: 'The undo',
  validate: 'The validation',
} as const;

/** How a job ends that somebody has cancelled; what it had done was taken back. */
export function cancelledOutcome({ kind }: Pick<JobKey, 'kind'>, by: string): JobOutcome {
  return { kind: 'failed', message: `${WORK[kind]} was cancelled by ${by}. Nothing was changed.` };
}
