import { OUTCOMES, compareIssues, describeIssue, describeSuppressedUndo, type Issue } from '@longshore/domain';
import type { Connection, Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { PlanIssueTable, PlanObjectTable } from '../../platform/db/plan-tables.ts';
import { rolledBack } from '../../platform/db/rolled-back.ts';
import { JobCancelled } from '../../platform/jobs/job-cancellation.ts';
import { applyPlan } from '../migrations/import/apply.repository.ts';
import { stageImport, type ImportParts, type ImportRun } from '../migrations/import/import-package.service.ts';
import { FolderPaths } from './folder-paths.ts';
import type { MadePlan, PlanJob } from './plan-job.ts';
import { plannedObjects, type PlannedRow } from './planned-objects.repository.ts';
import { planRows } from './plan-rows.repository.ts';
import { planRepository } from './plans.repository.ts';
import { loadPlanRevisions } from './plan-revisions.ts';

export interface MakePlanParts extends ImportParts {
  /** Where the plan is written; another database than the one that it is about. */
  readonly library: Connection<LibraryTables>;
}

/** Share of the progress bar when everything is decided; the rest is writing it down. */
const DECIDED = 70;
const BATCH = 1_000;

/**
 * Plans an import as the import itself does, against one snapshot of the target that is never written, and writes down
 * what would be done with each object. Rows go to the plan's own database in batches.
 * @throws AppError `invalid` when the package cannot be used, or the target is locked; JobCancelled when the plan has been
 *   ended by others
 */
export async function makePlan({ planId, order }: PlanJob, parts: MakePlanParts): Promise<MadePlan> {
  const run = await stageImport(order, parts, 'all');
  return rolledBack(parts.db, async (tx) => {
    await run.targetProject(tx);
    const plan = await run.plan(tx);
    const total = await writeObjects(planId, tx, run, parts);
    const issueCounts = await writeIssues(planId, plan.issues, parts);
    const { undoSuppressedBy } = plan;
    return {
      scope: run.scope,
      revisions: await loadPlanRevisions(tx, [run.scope, order.projectId]),
      counts: { ...NO_OUTCOMES, ...(await applyPlan(tx, run.scope).countOutcomes()) },
      total,
      issueCounts,
      blocked: issueCounts.blocking > 0,
      notes: [...plan.notes],
      undo: undoSuppressedBy > 0 ? { possible: false, reason: describeSuppressedUndo(undoSuppressedBy) } : POSSIBLE,
      updatesSchema: plan.schemaProjectId !== null,
    };
  });
}

const POSSIBLE = { possible: true };
const NO_OUTCOMES = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<
  (typeof OUTCOMES)[number],
  number
>;

async function writeObjects(
  planId: string,
  tx: Executor<MetadataTables>,
  run: ImportRun,
  parts: MakePlanParts,
): Promise<number> {
  const objects = plannedObjects(tx, run.scope);
  const before = new FolderPaths('before', objects);
  const after = new FolderPaths('after', objects);
  const total = await objects.prepare();
  for (let position = 0; position < total; position += BATCH) {
    const rows = await objects.loadRows(position, BATCH);
    const pathBefore = await before.of(rows.map((row) => row.parent_before));
    const pathAfter = await after.of(rows.map((row) => row.folder));
    const paths = { pathBefore, pathAfter };
    await whilePlanning(planId, parts, (plan) => plan.addObjects(rows.map((row) => objectRow(planId, row, paths))));
    parts.onProgress(DECIDED + ((100 - DECIDED) * (position + rows.length)) / total);
  }
  return total;
}

/** Rows are added only to a plan that is still to be made: nobody would take those away that come later. */
async function whilePlanning(
  planId: string,
  { library }: MakePlanParts,
  write: (rows: ReturnType<typeof planRows>) => Promise<void>,
): Promise<void> {
  await library.transaction(async (tx) => {
    if (!(await planRepository(tx).isPlanning(planId))) throw new JobCancelled();
    await write(planRows(tx));
  });
}

interface Paths {
  readonly pathBefore: (id: string | null) => string;
  readonly pathAfter: (id: string | null) => string;
}

function objectRow(planId: string, { folder, ...row }: PlannedRow, { pathBefore, pathAfter }: Paths): PlanObjectTable {
  const isThere = row.name_before !== null;
  return {
    ...row,
    plan_id: planId,
    path_before: isThere ? pathBefore(row.parent_before) : null,
    path: row.outcome === 'delete' ? pathBefore(row.parent_before) : pathAfter(folder),
  };
}

async function writeIssues(
  planId: string,
  issues: readonly Issue[],
  parts: MakePlanParts,
): Promise<{ blocking: number; warning: number }> {
  const rows = issues.toSorted(compareIssues).map((issue, position): PlanIssueTable => {
    const { severity, type, object } = issue;
    const about = { object_id: object.id, object_type: object.type, object_name: object.name };
    return { plan_id: planId, position, severity, type, message: describeIssue(issue), ...about };
  });
  for (let start = 0; start < rows.length; start += BATCH) {
    await whilePlanning(planId, parts, (plan) => plan.addIssues(rows.slice(start, start + BATCH)));
  }
  const blocking = rows.filter((row) => row.severity === 'blocking').length;
  return { blocking, warning: rows.length - blocking };
}
