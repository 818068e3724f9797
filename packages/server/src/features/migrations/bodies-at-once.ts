import { queryCells, queryCellsWithin, queryText, type Cell } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { BYTES_AT_ONCE, fittingBodies } from './body-bytes.ts';

/** A query for the next rows in some order, with bodies in them. */
export interface BodiesQuery {
  /** SQL whose last parameter is how many rows are asked for. */
  readonly rows: string;
  /** SQL for the same parameters: how many bytes the bodies of each row have, as `bytes`. */
  readonly sizes: string;
  /** All parameters but the last. */
  readonly values: readonly Cell[];
}

/** At most `limit` rows, and fewer, but at least one, where more would not fit into memory together. */
export async function queryBodies(
  db: Executor<MetadataTables>,
  { rows, sizes, values }: BodiesQuery,
  limit: number,
): Promise<readonly (readonly Cell[])[]> {
  const found = await queryCellsWithin(db, { text: rows, values: [...values, limit] }, BYTES_AT_ONCE);
  if (found) return found;
  const bytes = await queryText<{ bytes: number }, MetadataTables>(db, sizes, [...values, limit]);
  return queryCells(db, rows, [...values, fittingBodies(bytes.map((row) => row.bytes))]);
}
