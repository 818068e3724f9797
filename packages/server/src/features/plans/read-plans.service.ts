import { AppError, wrongState, type Plan, type PlanIssue, type PlanList, type PlanObject } from '@longshore/contracts';
import { parseObjectId, type Outcome } from '@longshore/domain';
import { requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { IMPORT_PRIVILEGES } from '../migrations/migration-caller.ts';
import { parseMigrationId } from '../migrations/migration-key.ts';
import type { PlanDeps } from './plan-deps.ts';
import { toPlan, toPlanIssue, toPlanObject } from './plan-mapper.ts';
import { storedResultOf } from './plan-subject.ts';
import { planRows, type Page } from './plan-rows.repository.ts';
import { planRepository, type PlanRow } from './plans.repository.ts';
import { loadPlanRevisions } from './plan-revisions.ts';

type ReadDeps = Pick<PlanDeps, 'platform'>;

/** Largest page; -1 asks for it (spec/api.md 1.8). */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

export interface PageQuery {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

function pageOf(query: PageQuery): Page {
  const { offset = 0 } = query;
  const limit = query.limit === -1 ? MAX_LIMIT : (query.limit ?? DEFAULT_LIMIT);
  if (offset < 0) throw new AppError('invalid', `offset ${offset} must be 0 or more.`);
  if (limit < 0 || limit > MAX_LIMIT) {
    throw new AppError('invalid', `limit ${limit} must be 0 to ${MAX_LIMIT}, or -1 for ${MAX_LIMIT}.`);
  }
  return { offset, limit };
}

/**
 * A plan shows what a target holds, whatever the rights on single objects are, so that reading one needs what making
 * one needs, in its project.
 * @throws AppError `notFound`, `missingPrivilege`
 */
export async function findPlan({ platform }: Pick<PlanDeps, 'platform'>, id: string, caller: Caller): Promise<PlanRow> {
  const known = parseObjectId(id);
  const row = known === undefined ? undefined : await planRepository(platform.library.reader).findPlan(known);
  if (!row) {
    throw new AppError(
      'notFound',
      `There is no plan with the id ${id.slice(0, 100)}. Plans are kept for some hours, and go with their session: plan again.`,
    );
  }
  requirePrivileges(caller, IMPORT_PRIVILEGES, row.project_id);
  return row;
}

/** @throws AppError as `findPlan`; `invalid` for a plan that is not ready. */
export async function findReadyPlan(deps: Pick<PlanDeps, 'platform'>, id: string, caller: Caller): Promise<PlanRow> {
  const row = await findPlan(deps, id, caller);
  if (row.status !== 'planned') throw wrongState('status', row.status);
  return row;
}

async function show({ platform }: ReadDeps, row: PlanRow): Promise<Plan> {
  const stored = storedResultOf(row);
  const reader = platform.metadata.reader;
  const revisions = stored === null ? null : await loadPlanRevisions(reader, Object.keys(stored.revisions));
  return toPlan(row, revisions);
}

/** Use case: how a plan is, and what it found in numbers. */
export async function getPlan(deps: ReadDeps, id: string, caller: Caller): Promise<Plan> {
  return show(deps, await findPlan(deps, id, caller));
}

export interface ListPlansQuery {
  readonly migrationId?: string | undefined;
  readonly packageId?: string | undefined;
}

/** Use case: the plans that the caller may read, the newest first. */
export async function listPlans(deps: ReadDeps, query: ListPlansQuery, caller: Caller): Promise<PlanList> {
  const { migrationId, packageId } = query;
  const key = migrationId === undefined ? undefined : parseMigrationId(migrationId);
  if (migrationId !== undefined && !key) {
    throw new AppError('invalid', `migrationId '${migrationId}' is not <packageId>:<importId>.`);
  }
  const all = await planRepository(deps.platform.library.reader).loadPlans();
  const rows = all.filter(
    (row) =>
      (packageId === undefined || row.package_id === packageId.toUpperCase()) &&
      (key === undefined || (row.package_id === key.packageId && row.import_id === key.importId)) &&
      IMPORT_PRIVILEGES.every((privilege) => caller.hasPrivilege(privilege, row.project_id)),
  );
  const data: Plan[] = [];
  for (const row of rows) data.push(await show(deps, row));
  return { total: data.length, data };
}

export interface ObjectsQuery extends PageQuery {
  readonly outcome?: readonly Outcome[] | undefined;
  readonly q?: string | undefined;
  readonly type?: number | undefined;
}

/** Use case: what would be done with the objects, deletions first. */
export async function listPlanObjects(
  { platform }: ReadDeps,
  request: { readonly planId: string; readonly query: ObjectsQuery; readonly caller: Caller },
): Promise<{ total: number; objects: PlanObject[] }> {
  const row = await findReadyPlan({ platform }, request.planId, request.caller);
  const { outcome, q, type } = request.query;
  const page = pageOf(request.query);
  const filter = { planId: row.id, outcomes: outcome, q, type };
  const rows = planRows(platform.library.reader);
  const total = await rows.countObjects(filter);
  const objects = page.limit === 0 ? [] : await rows.listObjects(filter, page);
  return { total, objects: objects.map(toPlanObject) };
}

/** Use case: what stands in the way, and what is to be known; blocking issues first. */
export async function listPlanIssues(
  { platform }: ReadDeps,
  request: {
    readonly planId: string;
    readonly query: PageQuery & { readonly severity?: 'blocking' | 'warning' | undefined };
    readonly caller: Caller;
  },
): Promise<{ total: number; issues: PlanIssue[] }> {
  const row = await findReadyPlan({ platform }, request.planId, request.caller);
  const page = pageOf(request.query);
  const rows = planRows(platform.library.reader);
  const { severity } = request.query;
  const total = await rows.countIssues(row.id, severity);
  const issues = page.limit === 0 ? [] : await rows.listIssues(row.id, severity, page);
  return { total, issues: issues.map(toPlanIssue) };
}

/** Use case: throw a plan away. @throws AppError `notFound`, `missingPrivilege`, `invalid` while it is being made */
export async function deletePlan(
  { platform, keeper }: Pick<PlanDeps, 'platform' | 'keeper'>,
  id: string,
  caller: Caller,
): Promise<void> {
  const row = await findPlan({ platform }, id, caller);
  if (row.status === 'planning') throw wrongState('status', row.status);
  await keeper.remove(row.id);
}
