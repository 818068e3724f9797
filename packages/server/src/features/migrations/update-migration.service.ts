import type { ShortMigration, UpdateMigrationBody } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { Caller } from '../../platform/http/access.ts';
import { toJobCaller } from './migration-caller.ts';
import { refuseMember } from './group-member.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { UndoJob } from './migration-jobs.ts';
import { migrationNotFound, requireMigrationKey } from './migration-key.ts';
import { toShortMigration } from './migration-mapper.ts';
import type { MigrationKey, MigrationRecord } from './migration-records.ts';
import { jobRepository } from './migration-jobs.repository.ts';
import { migrationRepository } from './migrations.repository.ts';
import { requireRecordAccess } from './record-access.ts';
import { submitJob } from './submit-job.ts';
import { targetFactsRepository } from './target-facts.repository.ts';
import { decideUpdate } from './update-decision.ts';
import { refreshValidation } from './validation/refresh-validation.service.ts';
import { parseValidation } from './validation/stored-validation.ts';

export interface UpdateMigration {
  readonly migrationId: string;
  readonly body: UpdateMigrationBody;
  /** Of the project header; null when there is none. */
  readonly projectId: string | null;
  readonly caller: Caller;
}

export interface UpdatedMigration {
  readonly migration: ShortMigration;
  /** True when an undo is under way now. */
  readonly startedUndo: boolean;
}

/**
 * Use case: rename, set the target, move the import request or the undo request (spec/api.md 2.7.4). All that a body
 * asks for is done, or nothing of it.
 * @throws AppError `notFound`, `invalid`, `missing`, `missingPrivilege`
 */
export async function updateMigration(deps: MigrationDeps, request: UpdateMigration): Promise<UpdatedMigration> {
  const key = requireMigrationKey(request.migrationId);
  const { platform } = deps;
  await refreshBefore(deps, request.body, key);
  const newest = await targetFactsRepository(platform.metadata.reader).findNewestJob(key.importId);
  const { record, job } = await platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const before = await records.findMigration(key);
    if (!before || before.package.deleted) throw migrationNotFound(request.migrationId);
    requireRecordAccess(request.caller, before);
    await refuseMember(tx, before.package);
    const now = wireDate(platform.clock.now());
    const decision = decideUpdate(before, request, now);
    const after = decision.record;
    if (after.package !== before.package) await records.savePackage(after.package);
    if (after.import !== before.import) await records.saveImport(after.import);
    if (!decision.startsUndo) return { record: after, job: null };
    const job = undoJob(after, request.caller);
    await jobRepository(tx).addJob(job, newest?.number ?? 0, platform.clock.now());
    await deps.runner.enqueue(tx, job);
    return { record: after, job };
  });
  if (job) await submitJob(deps, job);
  const migration = toShortMigration(deps.progress.applyTo(record));
  return { migration: withValidation(migration, request.body, record), startedUndo: job !== null };
}

/** A validation that has ended meanwhile can be asked for again. */
async function refreshBefore(deps: MigrationDeps, body: UpdateMigrationBody, key: MigrationKey): Promise<void> {
  if (!body.validation?.status) return;
  const found = await migrationRepository(deps.platform.library.reader).findMigration(key);
  if (found) await refreshValidation(deps, found);
}

/** The answer of a PATCH that touched the validation shows it. */
function withValidation(short: ShortMigration, body: UpdateMigrationBody, record: MigrationRecord): ShortMigration {
  const validation = parseValidation(record.import.validation);
  if (!body.validation?.status || !validation) return short;
  return { ...short, validation: { status: validation.status, progress: validation.progress } };
}

/** The job that undoes an import; the privileges of its caller count in the target project. */
export function undoJob(record: MigrationRecord, caller: Caller): UndoJob {
  const projectId = record.package.type === 'configuration' ? null : (record.import.project?.id ?? null);
  return {
    kind: 'undo',
    packageId: record.package.id,
    importId: record.import.id,
    undoPath: record.import.undoPath,
    caller: toJobCaller(caller, projectId),
    projectId,
  };
}
