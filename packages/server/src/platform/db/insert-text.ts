/** Where rows go. */
export interface InsertTarget {
  readonly table: string;
  readonly columns: readonly string[];
  /** What follows `ON CONFLICT`; without it, a key that is there is an error. */
  readonly onConflict?: string;
}

export type Cell = string | number | null;

/** Adds rows given as arrays in the order of the columns. */
export type InsertRows = (into: InsertTarget, rows: readonly (readonly Cell[])[]) => Promise<void>;

const known = new Map<string, string>();

/** The statement that inserts so many rows at once. */
export function insertText(into: InsertTarget, rows: number): string {
  const key = `${into.table}(${into.columns.join()})${rows} ${into.onConflict ?? ''}`;
  let text = known.get(key);
  if (text === undefined) {
    const row = `(${into.columns.map(() => '?').join(',')})`;
    text = `INSERT INTO ${into.table} (${into.columns.join(',')}) VALUES ${Array<string>(rows).fill(row).join(',')}`;
    if (into.onConflict !== undefined) text += ` ON CONFLICT ${into.onConflict}`;
    known.set(key, text);
  }
  return text;
}
