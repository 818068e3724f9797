import { AppError, JOURNAL_CHANGES, type JournalChange, type JournalObject } from '@longshore/contracts';
import type { JournalObjects, JournalObjectsQuery } from '@longshore/contracts';
import { projectOf } from '@longshore/domain';
import type { JournalEntryTable } from '../../platform/db/metadata-schema.ts';
import type { Platform } from '../../platform/platform.ts';
import { journalObjects } from './journal-objects.repository.ts';

export type ListJournalObjects = (transactionId: number, query: JournalObjectsQuery) => Promise<JournalObjects>;

/**
 * What one transaction of the journal did to each object. The counts are those of the whole transaction, so that they
 * add up to its number of objects whatever is filtered.
 * @throws AppError `notFound` when there is no such transaction
 */
export function createListJournalObjects({ metadata }: Pick<Platform, 'metadata'>): ListJournalObjects {
  return async (transactionId, { change, q, offset, limit }) => {
    const objects = journalObjects(metadata.reader);
    if (!(await objects.hasTransaction(transactionId))) {
      throw new AppError('notFound', `There is no entry ${transactionId} in the journal.`);
    }
    const filter = { transactionId, change, q: q?.trim() };
    const [counted, total, rows] = [
      await objects.countChanges(transactionId),
      await objects.countObjects(filter),
      await objects.listObjects(filter, { offset, limit }),
    ];
    const counts = Object.fromEntries(JOURNAL_CHANGES.map((each) => [each, counted.get(each) ?? 0]));
    return { total, counts: counts as Record<JournalChange, number>, data: rows.map(toObject) };
  };
}

function toObject(row: JournalEntryTable): JournalObject {
  const projectId = projectOf(row.scope);
  return {
    id: row.object_id,
    type: row.type,
    name: row.name,
    change: row.change as JournalChange,
    ...(projectId === null ? {} : { projectId }),
    ...(row.version_before === null ? {} : { versionBefore: row.version_before }),
    ...(row.version_after === null ? {} : { versionAfter: row.version_after }),
  };
}
