import { useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApiError } from '@longshore/client';
import { ErrorState, Loading, SelectField } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
import { dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { EntryObjects } from './entry-objects.tsx';
import { kindText, type JournalEntry } from './entry-text.ts';

const t = texts.journal.ofImport;
const FORBIDDEN = 403;
/** An import can be reversed and done again; so many times are offered. */
const MOST_ENTRIES = 50;

interface ImportEntriesProps {
  /** The target, whose journal tells. */
  readonly connection: Connection;
  /** `packageId:importId`. */
  readonly migrationId: string;
  /** Changes when something may have been done; then the journal is read again. */
  readonly state: string;
}

/** What a migration did to each object of its target: its import, and its undo if there was one, the newest first. */
export function ImportEntries({ connection, migrationId, state }: ImportEntriesProps) {
  const { environment, client } = connection;
  const [chosenId, setChosenId] = useState<number | null>(null);
  const entries = useQuery({
    queryKey: ['journal-of-import', environment.url, migrationId, state],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => client.journal.list({ importId: migrationId.split(':')[1], limit: MOST_ENTRIES, signal }),
  });
  if (entries.error instanceof ApiError && entries.error.status === FORBIDDEN) {
    return <p className="muted">{t.forbidden(environment.name)}</p>;
  }
  if (entries.error) return <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />;
  if (entries.isPending) return <Loading />;
  const { data } = entries.data;
  const entry = data.find(({ id }) => id === chosenId) ?? data[0];
  if (!entry) return <p className="muted">{t.none}</p>;
  return (
    <>
      <div className="row spread">
        {data.length > 1 ? (
          <SelectField
            label={t.which}
            choices={data.map((one) => ({ value: String(one.id), label: entryLabel(one) }))}
            value={String(entry.id)}
            onChange={({ target }) => setChosenId(Number(target.value))}
          />
        ) : (
          <p className="muted">{t.by(entryLabel(entry), entry.user.name ?? entry.user.id)}</p>
        )}
        <Link to="/journal" search={{ migration: migrationId, at: environment.url }}>
          {t.inJournal}
        </Link>
      </div>
      <EntryObjects key={entry.id} connection={connection} entry={entry} label={t.table} />
    </>
  );
}

const entryLabel = ({ kind, date }: JournalEntry): string => `${kindText(kind)}, ${dateText(date)}`;
