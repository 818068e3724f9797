import { useState } from 'react';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Plan } from '@longshore/contracts';
import type { Outcome } from '@longshore/domain';
import { useToasts } from '../../design/index.ts';
import { IMPORT_PRIVILEGES, privilegeRefusal, useEnvironments, type Connection } from '../../environments/index.ts';
import { packageSide, type ActionScene } from '../migrations/index.ts';

const BUSY_MS = 500;
const IDLE_MS = 15_000;
const PAGE = 500;

/** Where the package is to go: at first where its record says, else another environment than the source. */
export function usePlanTarget({ row, source, target }: ActionScene) {
  const { connections } = useEnvironments();
  const { packageInfo, importInfo } = packageSide(row).record;
  const [url, setUrl] = useState(() => firstUrl(target, source, connections));
  const [projectId, setProjectId] = useState(importInfo.project?.id ?? packageInfo.project?.id);
  const connection = connections.find(({ environment }) => environment.url === url) ?? null;
  const needsProject = packageInfo.type !== 'configuration';
  const projects = useQuery({
    queryKey: ['projects', url],
    enabled: connection !== null && needsProject,
    queryFn: async ({ signal }) => (await connection?.client.projects.list({ signal })) ?? [],
  });
  const known = projects.data ?? [];
  const project = known.find(({ id }) => id === projectId) ?? known[0];
  // The projects come first: privileges may count in one of them only.
  const isKnown = !needsProject || project !== undefined;
  const refusal = planRefusal(isKnown ? connection : null, needsProject ? project?.id : undefined);
  return { connections, connection, needsProject, projects, project, isKnown, refusal, setUrl, setProjectId };
}

const firstUrl = (target: Connection | null, source: Connection | null, all: readonly Connection[]): string =>
  (target ?? all.find((one) => one !== source) ?? all[0])?.environment.url ?? '';

const planRefusal = (connection: Connection | null, projectId: string | undefined): string | null =>
  connection && privilegeRefusal(connection, IMPORT_PRIVILEGES, [projectId]);

export type PlanTarget = ReturnType<typeof usePlanTarget>;

/** When the plans are read again, the newest first. */
export const planInterval = (plans: readonly Plan[] | undefined): number =>
  plans?.[0]?.status === 'planning' ? BUSY_MS : IDLE_MS;

/** Ends a plan that is being made; what it is then is read again. */
export function useCancelPlan(connection: Connection, planId: string) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: () => connection.client.plans.cancel(planId),
    onError: (error) => toasts.failed(error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['plans', connection.environment.url] }),
  });
}

/** The newest plan of the migration on the target, read again while it is made; and how to make another. */
export function usePlan(
  { row, source }: ActionScene,
  { connection, project, needsProject, isKnown, refusal }: PlanTarget,
) {
  const queries = useQueryClient();
  const url = connection?.environment.url ?? '';
  const projectId = needsProject ? project?.id : undefined;
  const key = ['plans', url, row.id];
  const list = useQuery({
    queryKey: key,
    enabled: connection !== null && isKnown && refusal === null,
    queryFn: async ({ signal }) => (await connection?.client.plans.list({ migrationId: row.id, signal }))?.data ?? [],
    refetchInterval: ({ state }) => planInterval(state.data),
  });
  const start = useMutation({
    mutationFn: async () => {
      if (!source || !connection) return;
      const record = await source.client.migrations.get(row.id, { show: 'all' });
      // The body says where it goes; the record may name another target, or none yet.
      const importInfo = { ...record.importInfo, project: project ? { id: project.id, name: project.name } : {} };
      await connection.client.plans.create({ ...record, importInfo }, { projectId });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  const plan = list.data?.find((one) => !needsProject || one.project?.id === projectId) ?? null;
  return { plan, list, start };
}

export interface ObjectsFilter {
  readonly outcome: Outcome | null;
  readonly q: string;
}

/** Objects of a plan, more of them on demand; what is shown stays until something else has been read. */
export function usePlanObjects(connection: Connection, plan: Plan, { outcome, q }: ObjectsFilter) {
  return useInfiniteQuery({
    queryKey: ['plan-objects', connection.environment.url, plan.id, outcome, q],
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      connection.client.plans.objects(plan.id, {
        ...(outcome === null ? {} : { outcomes: [outcome] }),
        ...(q === '' ? {} : { q }),
        offset: pageParam,
        limit: PAGE,
        signal,
      }),
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length === 0 || read >= last.total ? undefined : read;
    },
  });
}

/** So many issues are shown; the rest is counted. */
export const MOST_ISSUES = 200;

export function usePlanIssues(connection: Connection, plan: Plan, severity: 'blocking' | 'warning') {
  return useQuery({
    queryKey: ['plan-issues', connection.environment.url, plan.id, severity],
    staleTime: Infinity,
    enabled: (plan.result?.issueCounts[severity] ?? 0) > 0,
    queryFn: ({ signal }) => connection.client.plans.issues(plan.id, { severity, limit: MOST_ISSUES, signal }),
  });
}

export function useDifference(connection: Connection, planId: string, objectId: string) {
  return useQuery({
    queryKey: ['plan-difference', connection.environment.url, planId, objectId],
    queryFn: ({ signal }) => connection.client.plans.difference(planId, objectId, { signal }),
  });
}
