import { insertRows, type InsertTarget } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

/** Bounds what is remembered of keys that are in a table already; one that was forgotten is only tried again. */
const MOST_KNOWN = 50_000;

/**
 * Adds the rows whose first cell, the `id`, is not in the table yet. `known` are ids that are in the table; it grows by
 * those that were added.
 */
export async function addNew(
  db: Executor<MetadataTables>,
  into: Omit<InsertTarget, 'onConflict'>,
  rows: Iterable<readonly [id: string, ...others: string[]]>,
  known: Set<string>,
): Promise<void> {
  const added: (readonly string[])[] = [];
  for (const row of rows) {
    const [id] = row;
    if (known.has(id)) continue;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(id);
    added.push(row);
  }
  await insertRows(db, { ...into, onConflict: '(id) DO NOTHING' }, added);
}
