import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { Badge, Button, Empty, ErrorState, Loading, Table, type Column } from '../../design/index.ts';
import { useCurrent } from '../../environments/index.ts';
import { dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { GroupDialog } from './group-dialog.tsx';
import { GROUP_TONES, groupWord, sidesOf, type GroupRow } from './model/group-row.ts';
import { useGroups } from './use-groups.ts';

const t = texts.groups;

export function GroupsPage() {
  const connection = useCurrent();
  const { rows, isLoading, errors } = useGroups();
  const [isMaking, setMaking] = useState(false);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t.title}</h1>
          <p className="muted">{t.lead}</p>
        </div>
        <Button variant="primary" onClick={() => setMaking(true)}>
          {t.create}
        </Button>
      </div>
      {errors.length > 0 ? <ErrorState error={errors[0]} /> : null}
      {isLoading ? <Loading /> : null}
      {!isLoading && rows.length === 0 ? <Empty title={t.empty}>{t.emptyHint}</Empty> : null}
      {rows.length > 0 ? <Table label={t.table} columns={COLUMNS} rows={rows} rowKey={({ id }) => id} /> : null}
      {isMaking ? <GroupDialog connection={connection} onClose={() => setMaking(false)} /> : null}
    </div>
  );
}

const COLUMNS: readonly Column<GroupRow>[] = [
  {
    id: 'name',
    header: t.columns.name,
    cell: (row) => (
      <Link to="/groups/$id" params={{ id: row.id }}>
        {sidesOf(row).made.group.name}
      </Link>
    ),
  },
  { id: 'status', header: t.columns.status, width: '11rem', cell: (row) => <GroupBadge row={row} /> },
  {
    id: 'members',
    header: t.columns.members,
    width: '7rem',
    align: 'end',
    cell: (row) => sidesOf(row).made.group.migrations.length,
  },
  {
    id: 'places',
    header: t.columns.places,
    width: '12rem',
    cell: (row) => {
      const { sourceEnvironment, targetEnvironment } = sidesOf(row).made.group;
      return `${sourceEnvironment.name ?? ''} → ${targetEnvironment.name ?? texts.migrations.noTarget}`;
    },
  },
  {
    id: 'created',
    header: t.columns.created,
    width: '12rem',
    cell: (row) => dateText(sidesOf(row).made.group.creationDate),
  },
];

export function GroupBadge({ row }: { readonly row: GroupRow }) {
  const word = groupWord(row);
  return <Badge tone={GROUP_TONES[word]}>{t.status[word]}</Badge>;
}
