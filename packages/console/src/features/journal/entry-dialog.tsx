import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ChangeJournalEntries } from '@longshore/contracts';
import { Dialog, ErrorState, Loading, Table, type Column } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
import { countText, dateText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { kindText, type JournalEntry } from './entry-text.ts';

const t = texts.journal;
/** So many objects are read; the rest is only counted. */
const MOST_ENTRIES = 2000;

type Change = ChangeJournalEntries['changeJournalEntries'][number];

interface EntryDialogProps {
  readonly connection: Connection;
  readonly entry: JournalEntry;
  readonly onClose: () => void;
}

/** The objects that one entry of the journal is about. */
export function EntryDialog({ connection, entry, onClose }: EntryDialogProps) {
  const changes = useQuery({
    queryKey: ['journal-entries', connection.environment.url, entry.id],
    staleTime: Infinity,
    queryFn: ({ signal }) => connection.client.journal.entries(entry.id, { limit: MOST_ENTRIES, signal }),
  });
  const title = t.details(kindText(entry.kind), dateText(entry.date));
  return (
    <Dialog title={title} width="wide" onClose={onClose}>
      {changes.isPending ? <Loading /> : null}
      {changes.error ? <ErrorState error={changes.error} onRetry={() => void changes.refetch()} /> : null}
      {changes.data ? (
        <>
          <Table
            label={title}
            columns={COLUMNS}
            rows={changes.data}
            rowKey={({ object, project }) => `${project?.id ?? ''} ${object.id}`}
            height="28rem"
          />
          {entry.changes > changes.data.length ? (
            <p className="small muted">{t.moreEntries(countText(changes.data.length))}</p>
          ) : null}
        </>
      ) : null}
    </Dialog>
  );
}

const COLUMNS: readonly Column<Change>[] = [
  {
    id: 'change',
    header: t.columns.change,
    width: '7rem',
    cell: ({ changeType }) => t.changes[changeType] ?? changeType,
  },
  {
    id: 'name',
    header: t.columns.name,
    cell: ({ object, project, changeType }) =>
      project === undefined || changeType === 'delete' ? (
        <span title={object.name}>{object.name}</span>
      ) : (
        <Link
          to="/objects/$projectId/$type/$id"
          params={{ projectId: project.id, type: String(object.type), id: object.id }}
        >
          {object.name}
        </Link>
      ),
  },
  { id: 'type', header: t.columns.type, width: '11rem', cell: ({ object }) => typeText(object.type) },
];
