import { Link } from '@tanstack/react-router';
import type { Column } from '../../design/index.ts';
import { bytesText, dateText, shortDateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import type { RowFacts } from './model/row-facts.ts';
import { StatusBadge } from './status-badge.tsx';

const t = texts.migrations;

/** Columns of the migrations table; each is sorted by the value of the same name in `SORT_VALUES`. */
export const COLUMNS: readonly Column<RowFacts>[] = [
  { id: 'name', header: t.columns.name, sortable: true, cell: (facts) => <Name facts={facts} /> },
  {
    id: 'status',
    header: t.columns.status,
    width: '9.75rem',
    sortable: true,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  { id: 'kind', header: t.columns.kind, width: '8.25rem', sortable: true, cell: ({ kind }) => t.kind[kind] },
  { id: 'places', header: t.columns.places, width: '8.5rem', sortable: true, cell: placesText },
  { id: 'owner', header: t.columns.owner, width: '7.5rem', sortable: true, cell: ({ owner }) => owner },
  {
    id: 'created',
    header: t.columns.created,
    width: '7.5rem',
    sortable: true,
    cell: ({ created }) => <Time wire={created} />,
  },
  {
    id: 'updated',
    header: t.columns.updated,
    width: '7.5rem',
    sortable: true,
    cell: ({ updated }) => <Time wire={updated} />,
  },
  {
    id: 'size',
    header: t.columns.size,
    width: '4.75rem',
    align: 'end',
    sortable: true,
    cell: ({ size }) => bytesText(size),
  },
  {
    id: 'certification',
    header: t.columns.certification,
    width: '7rem',
    sortable: true,
    cell: ({ certification }) => (certification === null ? '' : t.certification[certification]),
  },
];

function Name({ facts }: { readonly facts: RowFacts }) {
  const { row, id, name, project } = facts;
  const title = name === '' ? id : name;
  return (
    <>
      {row.kind === 'file' ? (
        <Link to="/upload/$fileId" params={{ fileId: id }} title={title}>
          {title}
        </Link>
      ) : (
        <Link to="/migrations/$id" params={{ id }} title={title}>
          {title}
        </Link>
      )}
      {project === '' ? null : <span className="muted small"> · {project}</span>}
    </>
  );
}

function placesText({ source, target }: RowFacts): string {
  return `${source === '' ? t.fromFile : source} → ${target === '' ? t.noTarget : target}`;
}

const Time = ({ wire }: { readonly wire: string }) =>
  wire === '' ? null : (
    <time dateTime={wire} title={dateText(wire)}>
      {shortDateText(wire)}
    </time>
  );
