import { wireDate } from '../../platform/clock.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { MigrationRecord } from './migration-records.ts';
import { jobRepository, type PendingWork } from './migration-jobs.repository.ts';
import { migrationListRepository } from './migration-lists.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import {
  committedImport,
  endedUndo,
  failedCreation,
  failedImport,
  writeEnd,
  writeSettlement,
  type EndedJob,
  type Settlement,
} from './end-job.service.ts';
import { removeReleasedFiles } from './released-files.ts';
import { bringStatusFiles } from './status-files/status-files.ts';
import { settleValidation } from './validation/end-validation.service.ts';
import { targetFactsRepository, type CommittedJob } from './target-facts.repository.ts';

/** What a job writes into `summary` of its journal transaction: all that its record needs to be settled without it. */
export interface JobSummary {
  readonly undoPath?: string | null;
  readonly undoSize?: number | null;
  readonly message?: string;
}

/**
 * Use case, at start and before anything else: brings every record that a job was working on to rest. Jobs are not
 * resumed. What was committed is read from the journal, which an import writes in the transaction of its changes.
 */
export async function settleMigrations(deps: Pick<MigrationDeps, 'platform' | 'files'>): Promise<void> {
  const { platform } = deps;
  const now = wireDate(platform.clock.now());
  const reader = platform.library.reader;
  const running = await migrationListRepository(reader).loadRunning();
  const work = await jobRepository(reader).loadJobs();
  const settlements = await Promise.all(
    running.map(async (record) => ({ record, settlement: await settle(deps, { record, work, now, by: RESTART }) })),
  );
  await platform.library.write(async (tx) => {
    for (const { record, settlement } of settlements) await writeSettlement(tx, record, settlement);
    for (const { validation } of work) if (validation) await settleValidation(tx, validation, now);
    await jobRepository(tx).removeAllJobs();
  });
  for (const { record, settlement } of settlements) {
    const status = settlement.import?.status ?? settlement.package?.status;
    platform.log.warn({ packageId: record.package.id, importId: record.import.id, status }, 'Interrupted job settled');
  }
  await removeReleasedFiles(platform, deps.files);
  await bringStatusFiles(platform, deps.files);
}

/**
 * The same for one job whose worker thread died under it: it may have committed before it died, and then the record
 * must say so.
 * @throws LeaseLost
 */
export async function settleLostJob(
  deps: Pick<MigrationDeps, 'platform' | 'files'>,
  { job, steps }: Pick<EndedJob, 'job' | 'steps'>,
): Promise<void> {
  const { platform } = deps;
  const work = await jobRepository(platform.library.reader).loadJobs();
  const record = await migrationRepository(platform.library.reader).findMigration(job);
  const now = wireDate(platform.clock.now());
  const settlement = record && (await settle(deps, { record, work, now, by: 'a failure of the thread that ran it' }));
  await writeEnd(platform, { job, steps }, async (tx) => {
    if (record && settlement) await writeSettlement(tx, record, settlement);
  });
  await removeReleasedFiles(platform, deps.files);
}

const RESTART = 'a restart of the server';

interface Interrupted {
  readonly record: MigrationRecord;
  readonly work: readonly PendingWork[];
  readonly now: string;
  /** What interrupted the job, for the message. */
  readonly by: string;
}

async function settle(deps: Pick<MigrationDeps, 'platform'>, interrupted: Interrupted): Promise<Settlement> {
  const { record, now, by } = interrupted;
  if (record.package.status === 'creating') {
    const text = `The creation of the package was interrupted by ${by}. Create the package again.`;
    return failedCreation([record.package.storagePath, replacedPathOf(interrupted)], text, now);
  }
  const committed = await findCommitted(deps, interrupted);
  if (record.import.status === 'importing') return settleImport(interrupted, committed);
  if (committed?.kind === 'undo') return endedUndo('undo_success', summaryOf(committed).message ?? '', now);
  return endedUndo(
    'undo_failed',
    `The undo was interrupted by ${by}; the target is unchanged. Request and approve it again.`,
    now,
  );
}

/** The file of an edited package as it was before; only the job knows it. */
function replacedPathOf({ record, work }: Interrupted): string | undefined {
  return work.findLast((job) => job.kind === 'create' && job.packageId === record.package.id)?.replacedPath;
}

function settleImport(interrupted: Interrupted, committed: CommittedJob | undefined): Settlement {
  const { now, by } = interrupted;
  const path = workOf(interrupted)?.path;
  if (committed?.kind !== 'import') {
    const text = `The import was interrupted by ${by}; the target is unchanged. Start it again.`;
    return failedImport(path, text, now);
  }
  const { undoPath, undoSize, message } = summaryOf(committed);
  const undo = undoPath && typeof undoSize === 'number' ? { path: undoPath, size: undoSize } : null;
  return committedImport(path, { undo, message: message ?? '' }, now);
}

/** The newest committed job of the import, unless it was committed before the interrupted one was asked for. */
async function findCommitted(
  deps: Pick<MigrationDeps, 'platform'>,
  interrupted: Interrupted,
): Promise<CommittedJob | undefined> {
  const newest = await targetFactsRepository(deps.platform.metadata.reader).findNewestJob(interrupted.record.import.id);
  return newest && newest.number > (workOf(interrupted)?.journalBefore ?? 0) ? newest : undefined;
}

/** The job that was interrupted. */
const workOf = ({ record, work }: Interrupted): PendingWork | undefined =>
  work.findLast(({ kind, importId }) => kind !== 'validate' && importId === record.import.id);

function summaryOf(committed: CommittedJob): JobSummary {
  try {
    const value: unknown = JSON.parse(committed.summary);
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}
