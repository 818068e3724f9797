import { useState, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button, CheckField, Dialog, ErrorState, Notice, SelectField } from '../../design/index.ts';
import { IMPORT_PRIVILEGES, privilegeRefusal, useEnvironments, type Connection } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import type { ChosenTarget } from './carry-out.ts';
import type { ActionScene } from './model/migration-actions.ts';
import { packageSide } from './model/migration-row.ts';

const t = texts.migration.target;

export type TargetAction = 'request' | 'validate' | 'migrate' | 'reuse';

interface TargetDialogProps {
  readonly action: TargetAction;
  readonly scene: ActionScene;
  readonly busy: boolean;
  readonly onChoose: (chosen: ChosenTarget | null) => void;
  readonly onClose: () => void;
}

/** Where a package is to go. Only connected environments can be chosen. */
export function TargetDialog({ action, scene, busy, onChoose, onClose }: TargetDialogProps) {
  const choice = useTarget(scene, action);
  const { connection, project, projects, isLocked } = choice;
  const [undoPackage, setUndoPackage] = useState<ChosenTarget['undoPackage']>('generate');
  const chosen = connection ? { connection, ...(project ? { project } : {}), undoPackage } : null;
  const isReady = chosen !== null && (!choice.needsProject || project !== undefined);
  return (
    <Dialog
      title={texts.migration.action[action]}
      onClose={onClose}
      actions={
        <>
          {action === 'request' ? <Button onClick={() => onChoose(null)}>{t.later}</Button> : null}
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button
            variant="primary"
            busy={busy}
            refusal={isReady ? targetRefusal(action, chosen) : t.connectHint}
            onClick={() => onChoose(chosen)}
          >
            {texts.migration.action[action]}
          </Button>
        </>
      }
    >
      <TargetFields choice={choice} />
      {isReady && targetRefusal(action, chosen) ? <Notice tone="warn">{targetRefusal(action, chosen)}</Notice> : null}
      {isLocked ? <p className="muted small">{t.fixed}</p> : null}
      {projects.error ? <ErrorState error={projects.error} /> : null}
      {action === 'migrate' ? (
        <>
          <Steps scene={scene} />
          <CheckField
            label={t.undo}
            hint={t.undoHint}
            checked={undoPackage === 'generate'}
            onChange={(event) => setUndoPackage(event.target.checked ? 'generate' : 'none')}
          />
        </>
      ) : null}
      {connection?.environment.production ? (
        <Notice tone="warn">{t.production(connection.environment.name)}</Notice>
      ) : null}
    </Dialog>
  );
}

/** Who imports or tries an import needs rights on the target too; a request is for others to judge. */
const targetRefusal = (action: TargetAction, { connection, project }: ChosenTarget): string | null =>
  action === 'migrate' || action === 'validate' ? privilegeRefusal(connection, IMPORT_PRIVILEGES, [project?.id]) : null;

type TargetChoice = ReturnType<typeof useTarget>;

function TargetFields({ choice }: { readonly choice: TargetChoice }): ReactNode {
  const { connections, connection, project, projects, needsProject, isLocked } = choice;
  return (
    <>
      <SelectField
        label={t.environment}
        hint={t.connectHint}
        disabled={isLocked}
        choices={connections.map(({ environment }) => ({ value: environment.url, label: environment.name }))}
        value={connection?.environment.url ?? ''}
        onChange={(event) => choice.setUrl(event.target.value)}
      />
      {needsProject ? (
        <SelectField
          label={t.project}
          disabled={isLocked && project !== undefined}
          choices={(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={project?.id ?? ''}
          onChange={(event) => choice.setProjectId(event.target.value)}
        />
      ) : null}
    </>
  );
}

/** The target of the record at first; without one, another environment than the source, and the project of the same id. */
function useTarget(scene: ActionScene, action: TargetAction) {
  const { connections } = useEnvironments();
  const { record } = packageSide(scene.row);
  const { packageInfo, importInfo } = record;
  const first = scene.target ?? otherThan(scene.source, connections);
  const [url, setUrl] = useState(first?.environment.url ?? '');
  const [projectId, setProjectId] = useState<string | undefined>(importInfo.project?.id);
  const connection = connections.find(({ environment }) => environment.url === url) ?? null;
  const needsProject = packageInfo.type !== 'configuration';
  const projects = useQuery({
    queryKey: ['projects', url],
    enabled: connection !== null && needsProject,
    queryFn: async ({ signal }) => (await connection?.client.projects.list({ signal })) ?? [],
  });
  const found = findOrFirst(projects.data ?? [], projectId ?? packageInfo.project?.id);
  return {
    connections,
    connection,
    needsProject,
    projects,
    project: found && needsProject ? { id: found.id, name: found.name } : undefined,
    isLocked: packageInfo.status === 'locked' && action === 'migrate',
    setUrl,
    setProjectId,
  };
}

const findOrFirst = <One extends { readonly id: string }>(all: readonly One[], id: string | undefined) =>
  all.find((one) => one.id === id) ?? all[0];

const otherThan = (source: Connection | null, connections: readonly Connection[]): Connection | undefined =>
  connections.find((one) => one !== source) ?? connections[0];

/** Says which steps a manager takes along when the package is not approved yet. */
function Steps({ scene }: { readonly scene: ActionScene }) {
  const { packageInfo, importInfo } = packageSide(scene.row).record;
  if (packageInfo.status === 'locked') return null;
  const { request, approve, migrate } = texts.migration.action;
  const steps = importInfo.importRequestStatus === 'requested' ? [approve, migrate] : [request, approve, migrate];
  return <Notice tone="info">{t.steps(steps.join(' → '))}</Notice>;
}
