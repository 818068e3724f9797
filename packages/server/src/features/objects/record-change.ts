import type { JournalChange } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { journalWriter, type JournalEntry, type JournalRecord } from '../journal/journal.repository.ts';
import { objectWriter } from './object-writer.repository.ts';

/** Ends a unit of work that changed objects: journals it and moves the revision of every scope that it touched. */
export async function recordChange(tx: Executor<MetadataTables>, record: JournalRecord): Promise<void> {
  await journalWriter(tx).record(record);
  for (const scope of new Set(record.entries.map((entry) => entry.scope))) await objectWriter(tx).bumpRevision(scope);
}

/** What the journal says of an object that was created, changed, moved or deleted. */
export function journalEntry(
  change: JournalChange,
  before: ObjectTable | null,
  after: ObjectTable | null,
): JournalEntry[] {
  const object = after ?? before;
  if (object === null) return [];
  return [
    {
      scope: object.scope,
      objectId: object.id,
      type: object.type,
      name: object.name,
      change,
      versionBefore: before?.version ?? null,
      versionAfter: after?.version ?? null,
    },
  ];
}
