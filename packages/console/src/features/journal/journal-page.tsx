import { useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ApiError } from '@longshore/client';
import type { Journal } from '@longshore/contracts';
import { Button, Empty, ErrorState, Loading, SelectField, Table, TextField, type Column } from '../../design/index.ts';
import { AtEnvironment, type Connection } from '../../environments/index.ts';
import { countText, dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { journalQueryOf, type JournalSearch } from './journal-search.ts';
import { kindText, resultText, type JournalEntry } from './entry-text.ts';
import './journal.css';

const t = texts.journal;
const PAGE = 100;
const FORBIDDEN = 403;

/** Who changed what, when, and with which package. */
export function JournalPage() {
  const search = useSearch({ from: '/journal' });
  return (
    <AtEnvironment at={search.at}>
      {(connection) => <JournalOf connection={connection} search={search} />}
    </AtEnvironment>
  );
}

function JournalOf({ connection, search }: { readonly connection: Connection; readonly search: JournalSearch }) {
  const navigate = useNavigate({ from: '/journal' });
  const change = (changes: JournalSearch) =>
    void navigate({ search: { ...search, offset: undefined, ...changes }, replace: true });
  const journal = useJournal(connection, search);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t.title}</h1>
          <p className="muted">{t.lead(connection.environment.name)}</p>
        </div>
      </div>
      <div className="journal-filters">
        <SelectField
          label={t.kind}
          choices={[
            { value: '', label: t.anyKind },
            ...Object.entries(t.kinds).map(([value, label]) => ({ value, label })),
          ]}
          value={search.kind ?? ''}
          onChange={(event) => change({ kind: event.target.value || undefined })}
        />
        <TextField
          label={t.object}
          hint={t.objectHint}
          type="search"
          value={search.objectId ?? ''}
          onChange={(event) => change({ objectId: event.target.value.trim() || undefined })}
        />
        <TextField
          label={t.migration}
          hint={t.migrationHint}
          type="search"
          value={search.migration ?? ''}
          onChange={(event) => change({ migration: event.target.value.trim() || undefined })}
        />
      </div>
      {journal.isPending ? <Loading lines={12} /> : null}
      {journal.error ? (
        <Refused connection={connection} error={journal.error} onRetry={() => void journal.refetch()} />
      ) : null}
      {journal.data ? (
        <Entries
          connection={connection}
          journal={journal.data}
          offset={search.offset ?? 0}
          onOffset={(offset) => change({ offset: offset === 0 ? undefined : offset })}
        />
      ) : null}
    </div>
  );
}

interface RefusedProps {
  readonly connection: Connection;
  readonly error: Error;
  readonly onRetry: () => void;
}

/** Who may not read the journal is told so; trying again would not help. */
const Refused = ({ connection, error, onRetry }: RefusedProps) =>
  error instanceof ApiError && error.status === FORBIDDEN ? (
    <Empty title={t.forbidden(connection.environment.name)}>{t.forbiddenHint}</Empty>
  ) : (
    <ErrorState error={error} onRetry={onRetry} />
  );

function useJournal({ environment, client }: Connection, search: JournalSearch) {
  return useQuery({
    queryKey: ['journal', environment.url, journalQueryOf(search)],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => client.journal.list({ ...journalQueryOf(search), limit: PAGE, signal }),
  });
}

interface EntriesProps {
  readonly connection: Connection;
  readonly journal: Journal;
  readonly offset: number;
  readonly onOffset: (offset: number) => void;
}

function Entries({ connection, journal, offset, onOffset }: EntriesProps) {
  const [opened, setOpened] = useState<JournalEntry | null>(null);
  const { data, total } = journal;
  if (data.length === 0) return <Empty title={t.empty}>{t.emptyHint}</Empty>;
  return (
    <>
      <Table label={t.table} columns={columnsOf(setOpened)} rows={data} rowKey={({ id }) => String(id)} />
      <div className="row spread">
        <span className="small muted">
          {t.page(countText(offset + 1), countText(offset + data.length), countText(total))}
        </span>
        <div className="row">
          <Button
            refusal={offset === 0 ? t.page('1', countText(data.length), countText(total)) : null}
            onClick={() => onOffset(Math.max(0, offset - PAGE))}
          >
            {t.newer}
          </Button>
          <Button
            refusal={
              offset + data.length >= total
                ? t.page(countText(offset + 1), countText(offset + data.length), countText(total))
                : null
            }
            onClick={() => onOffset(offset + PAGE)}
          >
            {t.older}
          </Button>
        </div>
      </div>
      {opened ? <EntryDialog connection={connection} entry={opened} onClose={() => setOpened(null)} /> : null}
    </>
  );
}

const columnsOf = (onOpen: (entry: JournalEntry) => void): readonly Column<JournalEntry>[] => [
  { id: 'date', header: t.columns.date, width: '11rem', cell: ({ date }) => dateText(date) },
  { id: 'kind', header: t.columns.kind, width: '10rem', cell: ({ kind }) => kindText(kind) },
  { id: 'user', header: t.columns.user, width: '11rem', cell: ({ user }) => user.name ?? user.id },
  { id: 'package', header: t.columns.package, width: '12rem', cell: (entry) => <PackageLink entry={entry} /> },
  {
    id: 'result',
    header: t.columns.result,
    cell: ({ summary, comment = '' }) => <span title={comment}>{resultText(summary) || comment}</span>,
  },
  {
    id: 'changes',
    header: t.columns.changes,
    width: '6rem',
    align: 'end',
    cell: ({ changes }) => countText(changes),
  },
  {
    id: 'details',
    header: t.columns.details,
    width: '7rem',
    cell: (entry) =>
      entry.changes === 0 ? null : (
        <Button
          variant="quiet"
          aria-label={t.showOf(kindText(entry.kind), dateText(entry.date))}
          onClick={() => onOpen(entry)}
        >
          {t.show}
        </Button>
      ),
  },
];

function PackageLink({ entry: { packageId, importId } }: { readonly entry: JournalEntry }) {
  if (packageId === undefined) return null;
  if (importId === undefined) return <code>{packageId}</code>;
  return (
    <Link to="/migrations/$id" params={{ id: `${packageId}:${importId}` }} title={packageId}>
      <code>{packageId.slice(0, 8)}…</code>
    </Link>
  );
}
