import { Link, useParams } from '@tanstack/react-router';
import { Badge, Empty, ErrorState, Loading } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import { ActionDialogs, ActionsCard, NextActions } from './actions-card.tsx';
import { ContentTable } from './content-table.tsx';
import { RulesCard, SourceCard, TargetCard } from './facts-cards.tsx';
import { ImportResult } from './import-result.tsx';
import type { ActionScene } from './model/migration-actions.ts';
import { packageSide } from './model/migration-row.ts';
import { statusOf } from './model/migration-status.ts';
import { factsOf } from './model/row-facts.ts';
import { Findings, Phases, ProgressCard } from './progress-card.tsx';
import { StatusBadge } from './status-badge.tsx';
import { useActions } from './use-actions.ts';
import { useContent, useMigration } from './use-migration.ts';
import './migrations.css';

const t = texts.migration;

export function MigrationPage() {
  const { id } = useParams({ from: '/migrations/$id' });
  const { isLoading, scene, errors } = useMigration(id);
  if (scene) return <MigrationDetail key={id} scene={scene} />;
  if (isLoading) return <Loading lines={12} />;
  if (errors.length > 0) return <ErrorState error={errors[0]} />;
  return (
    <Empty
      title={t.missing}
      action={
        <Link className="button" to="/migrations">
          {t.back}
        </Link>
      }
    >
      {t.missingHint}
    </Empty>
  );
}

function MigrationDetail({ scene }: { readonly scene: ActionScene }) {
  const { row } = scene;
  const status = statusOf(row);
  const { record, environment } = packageSide(row);
  const { packageInfo } = record;
  const actions = useActions(scene);
  const content = useContent(scene);
  const isMerge = packageInfo.purpose === 'project_merge';
  return (
    <div className="page">
      <Head scene={scene} actions={actions} />
      <Phases row={row} />
      <ProgressCard status={status} objects={content.data?.content?.length} />
      <Findings row={row} />
      <div className="detail">
        <div className="stack">
          <div className="detail-cards">
            <SourceCard row={row} />
            <TargetCard row={row} />
          </div>
          <ImportResult scene={scene} />
          {content.error ? <ErrorState error={content.error} onRetry={() => void content.refetch()} /> : null}
          {content.data ? <RulesCard content={content.data} /> : null}
          {isMerge ? <p className="muted">{t.mergeContent}</p> : null}
          {content.data && !isMerge ? (
            <ContentTable content={content.data} at={environment.url} projectId={packageInfo.project?.id} />
          ) : null}
        </div>
        <ActionsCard scene={scene} actions={actions} />
      </div>
      <ActionDialogs scene={scene} actions={actions} />
    </div>
  );
}

function Head({ scene, actions }: { readonly scene: ActionScene; readonly actions: ReturnType<typeof useActions> }) {
  const facts = factsOf(scene.row);
  return (
    <div className="page-head">
      <div>
        <Link to="/migrations" className="small">
          ← {t.back}
        </Link>
        <h1>{facts.name === '' ? facts.id : facts.name}</h1>
        <div className="row">
          <StatusBadge status={facts.status} />
          <Badge tone="plain">{texts.migrations.kind[facts.kind]}</Badge>
          {facts.certification === 'certified' ? (
            <Badge tone="good">{texts.migrations.certification.certified}</Badge>
          ) : null}
          <code className="small muted">{facts.id}</code>
        </div>
      </div>
      <div className="row">
        {scene.row.source ? (
          <Link className="button" to="/plan/$migrationId" params={{ migrationId: facts.id }} title={t.planHint}>
            {t.plan}
          </Link>
        ) : null}
        <NextActions scene={scene} actions={actions} />
      </div>
    </div>
  );
}
