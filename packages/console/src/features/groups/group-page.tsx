import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { MigrationGroup } from '@longshore/contracts';
import { Button, Empty, ErrorState, Loading, Table, useToasts, type Column } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import { DeleteDialog } from '../migrations/index.ts';
import { carryOutGroup } from './carry-out-group.ts';
import { GroupBadge } from './groups-page.tsx';
import { GroupDialog } from './group-dialog.tsx';
import {
  GROUP_ACTIONS,
  groupPrivilegeRefusal,
  groupRefusal,
  groupWord,
  sidesOf,
  type GroupAction,
  type GroupScene,
} from './model/group-row.ts';
import { useGroup } from './use-groups.ts';

const t = texts.groups;
const DANGER: readonly GroupAction[] = ['reject', 'rejectUndo', 'undo', 'deleteSource', 'deleteTarget'];

export function GroupPage() {
  const { id } = useParams({ from: '/groups/$id' });
  const { scene, isPending, error } = useGroup(id);
  if (scene) return <GroupDetail scene={scene} />;
  if (isPending) return <Loading />;
  if (error) return <ErrorState error={error} />;
  return (
    <Empty
      title={t.missing}
      action={
        <Link className="button" to="/groups">
          {t.back}
        </Link>
      }
    />
  );
}

function GroupDetail({ scene }: { readonly scene: GroupScene }) {
  const { made, moved } = sidesOf(scene.row);
  return (
    <div className="page">
      <div>
        <Link to="/groups" className="small">
          ← {t.back}
        </Link>
        <h1>{made.group.name}</h1>
        <div className="row">
          <GroupBadge row={scene.row} />
          <span className="muted">
            {made.group.sourceEnvironment.name} → {made.group.targetEnvironment.name ?? texts.migrations.noTarget}
          </span>
          <code className="small muted">{scene.row.id}</code>
        </div>
      </div>
      <GroupActions scene={scene} />
      <h2>{t.members}</h2>
      <Table label={t.members} columns={COLUMNS} rows={moved.group.migrations} rowKey={({ id }) => id} />
    </div>
  );
}

type Member = MigrationGroup['migrations'][number];

const COLUMNS: readonly Column<Member>[] = [
  {
    id: 'project',
    header: t.member.project,
    // What can be done with a member alone is on its page: a plan, and the end of what runs.
    cell: ({ id, packageInfo }) => (
      <Link to="/migrations/$id" params={{ id }}>
        {packageInfo.project.name ?? t.configuration}
      </Link>
    ),
  },
  {
    id: 'package',
    header: t.member.package,
    width: '9rem',
    cell: ({ packageInfo }) => packageInfo.status.replaceAll('_', ' '),
  },
  {
    id: 'import',
    header: t.member.import,
    width: '9rem',
    cell: ({ importInfo }) => importInfo.status.replaceAll('_', ' '),
  },
  {
    id: 'progress',
    header: t.member.progress,
    width: '7rem',
    align: 'end',
    cell: ({ packageInfo, importInfo }) =>
      `${Math.round(importInfo.status === 'pending' ? packageInfo.progress : importInfo.progress)} %`,
  },
  {
    id: 'message',
    header: t.member.message,
    width: '45%',
    cell: ({ packageInfo, importInfo }) => {
      const message = importInfo.message === '' ? packageInfo.message : importInfo.message;
      return <span title={message}>{message}</span>;
    },
  },
];

/** What is asked about before it is done. */
type Asking = 'edit' | 'deleteSource' | 'deleteTarget';
const isAsking = (action: GroupAction): action is Asking =>
  action === 'edit' || action === 'deleteSource' || action === 'deleteTarget';

/** The actions of a group; one that cannot be taken says why. */
function GroupActions({ scene }: { readonly scene: GroupScene }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { made, moved } = sidesOf(scene.row);
  const run = useMutation({
    mutationFn: (action: Exclude<GroupAction, 'edit'>) => carryOutGroup(action, scene),
    onSuccess: (_, action) => {
      setAsking(null);
      toasts.done(t.done(t.action[action]));
    },
    onError: (error) => toasts.failed(error),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <div className="row">
      {GROUP_ACTIONS.map((action) => (
        <Button
          key={action}
          variant={DANGER.includes(action) ? 'danger' : 'plain'}
          refusal={refusalText(action, scene)}
          busy={run.isPending && run.variables === action}
          onClick={() => (isAsking(action) ? setAsking(action) : run.mutate(action))}
        >
          {t.action[action]}
        </Button>
      ))}
      {asking === 'edit' && scene.row.source && scene.source ? (
        <GroupDialog connection={scene.source} edited={scene.row.source.group} onClose={() => setAsking(null)} />
      ) : null}
      {asking === 'deleteSource' || asking === 'deleteTarget' ? (
        <DeleteDialog
          name={made.group.name}
          environment={asking === 'deleteSource' ? made.environment : moved.environment}
          busy={run.isPending}
          onConfirm={() => run.mutate(asking)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}

function refusalText(action: GroupAction, scene: GroupScene): string | null {
  const { row, target } = scene;
  const refusal = groupRefusal(action, row);
  if (refusal === 'noSource') return t.notConnected('source');
  if (refusal === 'noTarget') return t.noTarget;
  if (refusal !== null) return t.state(t.status[groupWord(row)]);
  if (action === 'import' && !target) return t.notConnected('target');
  return groupPrivilegeRefusal(action, scene);
}
