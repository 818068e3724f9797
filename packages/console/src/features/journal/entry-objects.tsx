import { useDeferredValue, useState } from 'react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { JournalChange, JournalObject } from '@longshore/contracts';
import {
  Badge,
  Button,
  Counts,
  Empty,
  ErrorState,
  Loading,
  Table,
  TextField,
  type Column,
} from '../../design/index.ts';
import { ObjectLink, type Connection } from '../../environments/index.ts';
import { countText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { CHANGE_TONES, changeCounts, changeText, untouchedOf, versionText } from './changes.ts';
import { resultText, type JournalEntry } from './entry-text.ts';
import './journal.css';

const t = texts.journal;
const PAGE = 500;

interface EntryObjectsProps {
  readonly connection: Connection;
  readonly entry: JournalEntry;
  /** What the table is, for screen readers. */
  readonly label: string;
}

/** What one entry of the journal did to each object: counts that filter and add up, a search, and the objects. */
export function EntryObjects({ connection, entry, label }: EntryObjectsProps) {
  const [change, setChange] = useState<JournalChange | null>(null);
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const objects = useEntryObjects(connection, entry, { change, q });
  if (objects.error) return <ErrorState error={objects.error} onRetry={() => void objects.refetch()} />;
  if (objects.isPending) return <Loading />;
  const [first] = objects.data.pages;
  if (!first) return null;
  if (entry.changes === 0) return <NoObjects entry={entry} />;
  const rows = objects.data.pages.flatMap((page) => page.data);
  const untouched = untouchedOf(entry.summary) ?? 0;
  return (
    <>
      <Counts
        label={t.counts}
        counts={changeCounts(entry.kind, first.counts)}
        total={entry.changes}
        chosen={change}
        onChoose={setChange}
      />
      <div className="row spread">
        <p className="small muted">{untouched > 0 ? t.untouched(untouched, countText(untouched)) : ''}</p>
        <div className="entry-search">
          <TextField label={t.search} type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </div>
      </div>
      {rows.length === 0 ? (
        <Empty title={t.noMatch}>{t.noMatchHint}</Empty>
      ) : (
        <Table
          label={label}
          columns={columnsOf(connection.environment.url, entry.kind)}
          rows={rows}
          rowKey={({ id, projectId = '' }) => `${projectId} ${id}`}
          height="28rem"
        />
      )}
      <div className="row spread small muted">
        <span>{t.shown(countText(rows.length), countText(first.total))}</span>
        {objects.hasNextPage ? (
          <Button busy={objects.isFetchingNextPage} onClick={() => void objects.fetchNextPage()}>
            {t.more(countText(Math.min(PAGE, first.total - rows.length)))}
          </Button>
        ) : null}
      </div>
    </>
  );
}

interface ObjectsFilter {
  readonly change: JournalChange | null;
  readonly q: string;
}

/** What an entry did never changes, so it is read once; more of it on demand. */
function useEntryObjects({ environment, client }: Connection, entry: JournalEntry, { change, q }: ObjectsFilter) {
  return useInfiniteQuery({
    queryKey: ['journal-objects', environment.url, entry.id, change, q],
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      client.journal.objects(entry.id, {
        change: change ?? undefined,
        q: q === '' ? undefined : q,
        offset: pageParam,
        limit: PAGE,
        signal,
      }),
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, page) => sum + page.data.length, 0);
      return last.data.length === 0 || read >= last.total ? undefined : read;
    },
  });
}

/** Nothing had to be done; or the journal was purged, and keeps the numbers only. */
function NoObjects({ entry }: Pick<EntryObjectsProps, 'entry'>) {
  const numbers = resultText(entry.summary);
  return numbers === '' ? <p className="muted">{t.nothingChanged}</p> : <p className="muted">{t.purged(numbers)}</p>;
}

const columnsOf = (at: string, kind: string): readonly Column<JournalObject>[] => [
  {
    id: 'change',
    header: t.columns.change,
    width: '10rem',
    cell: ({ change }) => (
      <Badge tone={CHANGE_TONES[change]}>
        <span aria-hidden="true">{t.signs[change]}</span> {changeText(kind, change)}
      </Badge>
    ),
  },
  {
    id: 'name',
    header: t.columns.name,
    // What was deleted has no page any more.
    cell: ({ change, projectId, ...object }) => (
      <ObjectLink at={at} projectId={change === 'delete' ? undefined : projectId} object={object} />
    ),
  },
  { id: 'type', header: t.columns.type, width: '10rem', cell: ({ type }) => typeText(type) },
  {
    id: 'before',
    header: t.columns.before,
    width: '9rem',
    cell: ({ versionBefore }) => <Version version={versionBefore} />,
  },
  {
    id: 'after',
    header: t.columns.after,
    width: '9rem',
    cell: ({ versionAfter }) => <Version version={versionAfter} />,
  },
];

const Version = ({ version }: { readonly version: string | undefined }) =>
  version === undefined ? (
    <span className="muted">{versionText(version)}</span>
  ) : (
    <code title={version}>{versionText(version)}</code>
  );
