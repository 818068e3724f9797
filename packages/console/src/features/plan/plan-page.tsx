import { Link, useParams } from '@tanstack/react-router';
import { Button, Empty, ErrorState, Loading, Notice, SelectField } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import { packageSide, useMigration, type ActionScene } from '../migrations/index.ts';
import { PlanState } from './plan-state.tsx';
import { usePlan, usePlanTarget, type PlanTarget } from './use-plan.ts';
import './plan.css';

const t = texts.plan;

/** What an import would do, before it is done. */
export function PlanPage() {
  const { migrationId } = useParams({ from: '/plan/$migrationId' });
  const { isLoading, scene, errors } = useMigration(migrationId);
  if (scene) return <PlanOf key={migrationId} scene={scene} />;
  if (isLoading) return <Loading lines={12} />;
  if (errors.length > 0) return <ErrorState error={errors[0]} />;
  return <Empty title={texts.migration.missing}>{texts.migration.missingHint}</Empty>;
}

function PlanOf({ scene }: { readonly scene: ActionScene }) {
  const target = usePlanTarget(scene);
  const { packageInfo } = packageSide(scene.row).record;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <Link to="/migrations/$id" params={{ id: scene.row.id }} className="small">
            ← {t.back}
          </Link>
          <h1>
            {t.title}: {packageInfo.name ?? packageInfo.id}
          </h1>
          <p className="muted">{t.lead}</p>
        </div>
        <Link className="button" to="/migrations/$id" params={{ id: scene.row.id }}>
          {t.toMigrate}
        </Link>
      </div>
      {scene.source ? (
        <PlanOnTarget scene={scene} target={target} />
      ) : (
        <Empty title={t.sourceMissing}>{t.sourceMissingHint}</Empty>
      )}
    </div>
  );
}

function PlanOnTarget({ scene, target }: { readonly scene: ActionScene; readonly target: PlanTarget }) {
  const { plan, list, start } = usePlan(scene, target);
  const { connection, refusal } = target;
  if (refusal !== null) {
    return (
      <>
        <TargetBar target={target} label={t.run} busy={false} onPlan={() => start.mutate()} />
        <Notice tone="warn">{refusal}</Notice>
      </>
    );
  }
  return (
    <>
      <TargetBar target={target} label={plan ? t.again : t.run} busy={start.isPending} onPlan={() => start.mutate()} />
      {start.error ? <ErrorState error={start.error} /> : null}
      {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && connection ? <Loading /> : null}
      {list.data && !plan ? <Empty title={t.none}>{t.noneHint}</Empty> : null}
      {plan && connection ? <PlanState plan={plan} connection={connection} /> : null}
    </>
  );
}

interface TargetBarProps {
  readonly target: PlanTarget;
  readonly label: string;
  readonly busy: boolean;
  readonly onPlan: () => void;
}

function TargetBar({ target, label, busy, onPlan }: TargetBarProps) {
  const { connections, connection, needsProject, projects, project } = target;
  const isReady = connection !== null && (!needsProject || project !== undefined);
  return (
    <section className="card plan-target">
      <SelectField
        label={t.target}
        hint={t.targetHint}
        choices={connections.map(({ environment }) => ({ value: environment.url, label: environment.name }))}
        value={connection?.environment.url ?? ''}
        onChange={(event) => target.setUrl(event.target.value)}
      />
      {needsProject ? (
        <SelectField
          label={t.project}
          choices={(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={project?.id ?? ''}
          onChange={(event) => target.setProjectId(event.target.value)}
        />
      ) : null}
      <Button variant="primary" busy={busy} refusal={isReady ? target.refusal : t.targetHint} onClick={onPlan}>
        {label}
      </Button>
      {projects.error ? <ErrorState error={projects.error} /> : null}
    </section>
  );
}
