import type { JournalChange } from '@longshore/contracts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { journalEntry, recordChange } from '../objects/record-change.ts';
import type { ModelChange } from './check-model.ts';

export interface JournaledModels {
  readonly caller: Caller;
  /** Wire date. */
  readonly date: string;
  readonly comment?: string | undefined;
  readonly changes: readonly ModelChange[];
}

/** Journals what was modeled, as one transaction, and moves the revision of the project. */
export async function journalModels(tx: Executor<MetadataTables>, models: JournaledModels): Promise<void> {
  const { caller, date, comment, changes } = models;
  await recordChange(tx, {
    kind: 'model',
    user: { id: caller.user.id, name: caller.user.name },
    date,
    ...(comment === undefined ? {} : { comment }),
    entries: changes.flatMap(({ before, after }) =>
      journalEntry(kindOf(before, after), before?.row ?? null, after?.row ?? null),
    ),
  });
}

function kindOf(before: ModelChange['before'], after: ModelChange['after']): JournalChange {
  if (after === null) return 'delete';
  if (before === null) return 'create';
  return before.row.parent_id === after.row.parent_id ? 'update' : 'move';
}
