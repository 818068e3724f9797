import { insertRows, type InsertTarget } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { newRows, UNLESS_THERE, type KeyedRow } from './new-rows.ts';

/** Adds the rows whose `id` is not in the table yet; `known` as for `newRows`. */
export async function addNew(
  db: Executor<MetadataTables>,
  into: Omit<InsertTarget, 'onConflict'>,
  rows: Iterable<KeyedRow>,
  known: Set<string>,
): Promise<void> {
  await insertRows(db, { ...into, onConflict: UNLESS_THERE }, newRows(rows, known));
}
