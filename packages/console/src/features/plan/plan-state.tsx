import { useState } from 'react';
import type { Plan } from '@longshore/contracts';
import { Button, Dialog, Notice, Progress } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
import { dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { PlanFindings } from './plan-findings.tsx';
import { PlanObjects } from './plan-objects.tsx';
import { useCancelPlan } from './use-plan.ts';

const t = texts.plan;

/** How a plan is: being made, failed, or what it found. */
export function PlanState({ plan, connection }: { readonly plan: Plan; readonly connection: Connection }) {
  if (plan.status === 'planning') {
    return <Planning plan={plan} connection={connection} />;
  }
  if (plan.status === 'failed') {
    return (
      <Notice tone="bad">
        <h2>{t.failed}</h2>
        <p className="pre">{plan.message}</p>
      </Notice>
    );
  }
  return (
    <>
      {plan.targetChanged ? <Notice tone="warn">{t.changed}</Notice> : null}
      <PlanFindings connection={connection} plan={plan} />
      <PlanObjects key={plan.id} connection={connection} plan={plan} />
      <p className="small muted">{t.madeAt(dateText(plan.lastUpdatedDate), plan.creator.name)}</p>
    </>
  );
}

function Planning({ plan, connection }: { readonly plan: Plan; readonly connection: Connection }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useCancelPlan(connection, plan.id);
  return (
    <section className="card stack">
      <h2>{t.planning}</h2>
      <div aria-live="polite">
        <Progress value={plan.progress} label={t.planning} />
      </div>
      <div>
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t.cancel}
        </Button>
      </div>
      {isAsking ? (
        <Dialog
          title={t.cancel}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t.keep}</Button>
              <Button
                variant="danger"
                busy={cancel.isPending}
                onClick={() => cancel.mutate(undefined, { onSettled: () => setAsking(false) })}
              >
                {t.cancel}
              </Button>
            </>
          }
        >
          <p>{t.cancelText(connection.environment.name)}</p>
        </Dialog>
      ) : null}
    </section>
  );
}
