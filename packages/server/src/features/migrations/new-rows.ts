/** Bounds what is remembered of keys that are in a table already; one that was forgotten is only tried again. */
const MOST_KNOWN = 50_000;

/** Rows that begin with a key. */
export type KeyedRow = readonly [id: string, ...others: string[]];

/** The rows whose first cell is not known yet. `known` are ids that are in the table; it grows by those of the new rows. */
export function newRows(rows: Iterable<KeyedRow>, known: Set<string>): KeyedRow[] {
  const added: KeyedRow[] = [];
  for (const row of rows) {
    const [id] = row;
    if (known.has(id)) continue;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(id);
    added.push(row);
  }
  return added;
}

/** A row that was forgotten meets the one that is there. */
export const UNLESS_THERE = '(id) DO NOTHING';
