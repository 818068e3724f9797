import type { Plan, PlanDifference, PlanIssue, PlanList, PlanObject } from '@longshore/contracts';
import type { Outcome } from '@longshore/domain';
import type { ProjectCallOptions } from './migrations.ts';
import { poll, type Backoff, type Sleep } from './polling.ts';
import type { Migration } from './records.ts';
import type { CountedPage, Transport } from './transport.ts';

interface PageQuery {
  readonly offset?: number | undefined;
  /** Up to 1000; the server takes 100 when absent. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlanObjectsOptions extends PageQuery {
  readonly outcomes?: readonly Outcome[] | undefined;
  /** Part of the name or of the path, or an id. */
  readonly q?: string | undefined;
  readonly type?: number | undefined;
}

export interface PlanIssuesOptions extends PageQuery {
  readonly severity?: 'blocking' | 'warning' | undefined;
}

export interface PlanWaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with every state that was read. */
  readonly onPoll?: (plan: Plan) => void;
  readonly backoff?: Backoff;
}

/** What an import would do, made on the target (docs/plans.md). */
export interface PlansApi {
  /** Begins to plan; `record` is what the source gave with `show: 'all'`, approved or not. */
  create(record: Migration, options?: ProjectCallOptions): Promise<Plan>;
  /** Begins to plan the import of a file that was uploaded to this environment. */
  createForFile(fileId: string, options?: ProjectCallOptions): Promise<Plan>;
  get(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Plan>;
  /** Those that are kept, the newest first; of one migration or package when its id is given. */
  list(options?: {
    readonly packageId?: string | undefined;
    readonly migrationId?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<PlanList>;
  /** Deletions first. */
  objects(id: string, options?: PlanObjectsOptions): Promise<CountedPage<PlanObject>>;
  /** Blocking ones first. */
  issues(id: string, options?: PlanIssuesOptions): Promise<CountedPage<PlanIssue>>;
  difference(
    id: string,
    objectId: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<PlanDifference>;
  /** Ends a plan that waits or is being made: it has failed then. @throws ApiError 400 when it has ended by itself */
  cancel(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  delete(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Polls until the plan is made or has failed; a failed plan is a plan too, not an error. */
  waitFor(id: string, options?: PlanWaitOptions): Promise<Plan>;
}

export function createPlansApi(transport: Transport, sleep: Sleep): PlansApi {
  const get: PlansApi['get'] = (id, { signal } = {}) => transport.json({ method: 'GET', path: planPath(id), signal });
  return {
    create: (json, { projectId, signal } = {}) =>
      transport.json({ method: 'POST', path: '/longshore/plans', json, projectId, signal, kind: 'long' }),
    createForFile: (fileId, { projectId, signal } = {}) =>
      transport.json({
        method: 'POST',
        path: `/longshore/files/${encodeURIComponent(fileId)}/plans`,
        projectId,
        signal,
        kind: 'long',
      }),
    get,
    list: ({ migrationId, packageId, signal } = {}) =>
      transport.json({ method: 'GET', path: '/longshore/plans', query: { migrationId, packageId }, signal }),
    objects: (id, { outcomes, q, type, offset, limit, signal } = {}) =>
      transport.page({
        method: 'GET',
        path: `${planPath(id)}/objects`,
        query: { outcome: outcomes, q, type, offset, limit },
        signal,
      }),
    issues: (id, { severity, offset, limit, signal } = {}) =>
      transport.page({ method: 'GET', path: `${planPath(id)}/issues`, query: { severity, offset, limit }, signal }),
    difference: (id, objectId, { signal } = {}) =>
      transport.json({
        method: 'GET',
        path: `${planPath(id)}/objects/${encodeURIComponent(objectId)}/difference`,
        signal,
      }),
    cancel: (id, { signal } = {}) => transport.done({ method: 'POST', path: `${planPath(id)}/cancel`, signal }),
    delete: (id, { signal } = {}) => transport.done({ method: 'DELETE', path: planPath(id), signal }),
    waitFor: (id, { signal, onPoll, backoff } = {}) =>
      poll({
        read: () => get(id, { signal }),
        isDone: (plan) => plan.status !== 'planning',
        onPoll,
        signal,
        backoff,
        sleep,
      }),
  };
}

const planPath = (id: string): string => `/longshore/plans/${encodeURIComponent(id)}`;
