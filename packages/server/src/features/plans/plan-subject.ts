import type { PlanResult } from '@longshore/contracts';
import type { PlanSubject, ScopeRevisions } from './plan-job.ts';
import type { PlanRow } from './plans.repository.ts';

/** What is kept of a plan that was made. */
export interface StoredResult {
  readonly result: PlanResult;
  readonly scope: string;
  readonly revisions: ScopeRevisions;
}

export const subjectOf = (row: PlanRow): PlanSubject => JSON.parse(row.subject) as PlanSubject;

export const storedResultOf = (row: PlanRow): StoredResult | null =>
  row.result === null ? null : (JSON.parse(row.result) as StoredResult);
