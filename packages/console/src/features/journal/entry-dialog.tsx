import { Dialog } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
import { dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { EntryObjects } from './entry-objects.tsx';
import { kindText, type JournalEntry } from './entry-text.ts';

interface EntryDialogProps {
  readonly connection: Connection;
  readonly entry: JournalEntry;
  readonly onClose: () => void;
}

/** The objects that one entry of the journal is about. */
export function EntryDialog({ connection, entry, onClose }: EntryDialogProps) {
  const title = texts.journal.details(kindText(entry.kind), dateText(entry.date));
  return (
    <Dialog title={title} width="wide" onClose={onClose}>
      <EntryObjects connection={connection} entry={entry} label={title} />
    </Dialog>
  );
}
