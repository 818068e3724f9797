import type { Executor } from '../../../platform/db/database.ts';
import { rolledBack } from '../../../platform/db/rolled-back.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { ValidateJob, ValidateResult } from '../migration-jobs.ts';
import { applyPlan } from './apply.repository.ts';
import { planMessage, refuseBlocked, stageImport, type ImportParts, type ImportRun } from './import-package.service.ts';

/** Share of the progress bar when everything is written; the rest is taking it back. */
const APPLIED = 95;

/**
 * Does what an import would do, by the same code and under the same lock, and rolls it back (spec/api.md 2.7.7): no
 * undo package, no journal, not a byte of the target is another afterwards.
 * @throws AppError `invalid` with all that would stop the import.
 */
export async function validatePackage(job: ValidateJob, parts: ImportParts): Promise<ValidateResult> {
  const run = await stageImport(job, parts, 'undecided');
  return rolledBack(parts.db, (tx) => rehearse(tx, run, parts), run.scope);
}

async function rehearse(tx: Executor<MetadataTables>, run: ImportRun, parts: ImportParts): Promise<ValidateResult> {
  await run.targetProject(tx);
  const plan = await run.plan(tx);
  refuseBlocked(plan.issues, 'An import of this package would be stopped.');
  await plan.apply();
  const counts = await applyPlan(tx, run.scope).countOutcomes();
  parts.onProgress(APPLIED);
  return { message: planMessage(plan), counts };
}
