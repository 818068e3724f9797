import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SharedFile } from '@longshore/contracts';
import { Button, ErrorState } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import { PlanState } from './plan-state.tsx';
import { planInterval } from './use-plan.ts';
import './plan.css';

const t = texts.plan;

interface FilePlanProps {
  readonly connection: Connection;
  readonly file: SharedFile;
  /** Where it would go; undefined for a package of the configuration. */
  readonly projectId: string | undefined;
  /** Why it cannot be planned; null when it can. */
  readonly refusal: string | null;
}

/** What the import of an uploaded file would do, before it is done. */
export function FilePlan({ connection, file, projectId, refusal }: FilePlanProps) {
  const queries = useQueryClient();
  const { packageId } = file.extraInfo;
  const key = ['plans', connection.environment.url, 'file', packageId];
  const list = useQuery({
    queryKey: key,
    enabled: refusal === null,
    queryFn: async ({ signal }) => (await connection.client.plans.list({ packageId, signal })).data,
    refetchInterval: ({ state }) => planInterval(state.data),
  });
  const start = useMutation({
    mutationFn: () => connection.client.plans.createForFile(file.id, { projectId }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  const plan = list.data?.find((one) => one.project?.id === projectId) ?? null;
  return (
    <>
      <section className="card stack">
        <p className="muted">{t.lead}</p>
        <div>
          <Button busy={start.isPending} refusal={refusal} onClick={() => start.mutate()}>
            {plan ? t.again : t.run}
          </Button>
        </div>
        {start.error ? <ErrorState error={start.error} /> : null}
        {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      </section>
      {plan ? <PlanState plan={plan} connection={connection} /> : null}
    </>
  );
}
