import { Button } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import { CancelDialog, DeleteDialog } from './action-dialogs.tsx';
import { refusalOf, type ActionId, type ActionScene } from './model/migration-actions.ts';
import { importSide, packageSide } from './model/migration-row.ts';
import { refusalText } from './refusal-text.ts';
import { TargetDialog } from './target-dialog.tsx';
import type { Actions } from './use-actions.ts';

const t = texts.migration;

const GROUPS: readonly { readonly title: string; readonly actions: readonly ActionId[] }[] = [
  { title: t.groups.import, actions: ['request', 'withdraw', 'approve', 'reject', 'validate', 'migrate'] },
  { title: t.groups.undo, actions: ['requestUndo', 'rejectUndo', 'undo'] },
  { title: t.groups.running, actions: ['cancel'] },
  {
    title: t.groups.certification,
    actions: ['requestCertification', 'revertCertification', 'certify', 'rejectCertification', 'decertify'],
  },
  {
    title: t.groups.package,
    actions: ['edit', 'reuse', 'downloadPackage', 'downloadUndo', 'deleteSource', 'deleteTarget'],
  },
];

/** What stands at the top of the page, because it leads on: the first that can be taken is the main one. */
export const NEXT_ACTIONS: readonly ActionId[] = [
  'cancel',
  'approve',
  'migrate',
  'undo',
  'request',
  'requestUndo',
  'reject',
];

const DANGER: readonly ActionId[] = [
  'reject',
  'rejectUndo',
  'undo',
  'cancel',
  'rejectCertification',
  'deleteSource',
  'deleteTarget',
];

interface ActionsProps {
  readonly scene: ActionScene;
  readonly actions: Actions;
}

/** Every action; those that cannot be taken stand below with the reason. */
export const ActionsCard = ({ scene, actions }: ActionsProps) => (
  <section className="card stack" aria-labelledby="actions-title">
    <h2 id="actions-title">{t.actions}</h2>
    {GROUPS.map(({ title, actions: ids }) => (
      <ActionGroup key={title} title={title} ids={ids} scene={scene} actions={actions} />
    ))}
  </section>
);

interface GroupProps extends ActionsProps {
  readonly title: string;
  readonly ids: readonly ActionId[];
}

function ActionGroup({ title, ids, scene, actions }: GroupProps) {
  const judged = ids.map((id) => ({ id, refusal: refusalOf(id, scene) }));
  const refused = judged.filter(({ refusal }) => refusal !== null);
  return (
    <div className="action-group">
      <h3 className="muted small">{title}</h3>
      {judged.map(({ id, refusal }) =>
        refusal ? null : (
          <Button
            key={id}
            variant={DANGER.includes(id) ? 'danger' : 'plain'}
            busy={actions.busy === id}
            onClick={() => actions.start(id)}
          >
            {t.action[id]}
          </Button>
        ),
      )}
      {refused.length > 0 ? (
        <details className="small">
          <summary>{t.notNow(refused.length)}</summary>
          <dl>
            {refused.map(({ id, refusal }) => (
              <div key={id}>
                <dt>{t.action[id]}</dt>
                <dd className="muted">{refusal ? refusalText(refusal) : ''}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </div>
  );
}

/** The next steps that can be taken now, at most three. */
export function NextActions({ scene, actions }: ActionsProps) {
  const possible = NEXT_ACTIONS.filter((id) => refusalOf(id, scene) === null).slice(0, MOST_NEXT);
  return possible.map((id, index) => (
    <Button key={id} variant={variantOf(id, index)} busy={actions.busy === id} onClick={() => actions.start(id)}>
      {t.action[id]}
    </Button>
  ));
}

const variantOf = (id: ActionId, index: number): 'danger' | 'primary' | 'plain' => {
  if (id === 'cancel') return 'danger';
  return index === 0 ? 'primary' : 'plain';
};

const MOST_NEXT = 3;

export function ActionDialogs({ scene, actions }: ActionsProps) {
  const { asking, close, confirm } = actions;
  const busy = actions.busy !== null;
  if (asking === 'request' || asking === 'validate' || asking === 'migrate' || asking === 'reuse') {
    return <TargetDialog action={asking} scene={scene} busy={busy} onChoose={confirm} onClose={close} />;
  }
  if (asking === 'cancel')
    return <CancelDialog scene={scene} busy={busy} onConfirm={() => confirm()} onClose={close} />;
  if (asking !== 'deleteSource' && asking !== 'deleteTarget') return null;
  const side = asking === 'deleteSource' ? packageSide(scene.row) : importSide(scene.row);
  return (
    <DeleteDialog
      name={side.record.packageInfo.name ?? ''}
      environment={side.environment}
      busy={busy}
      onConfirm={() => confirm()}
      onClose={close}
    />
  );
}
