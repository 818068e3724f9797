import { queryCells, storedOrder, type Cell } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { edgesOf, type Edge, type JudgedHeader } from './package-source.repository.ts';

/** Rows that are in memory at a time. */
const ROWS_AT_ONCE = 1_000;

// The sign keeps SQLite from going by an index of scopes, which it then would have to look each row up from.
const headersAfter = (key: 'id' | 'rowid'): string => `
  SELECT ${key} AS "storedAt", id, type, subtype, parent_id, acl_id FROM object
  WHERE ${key === 'id' ? '' : '+'}scope = ? AND ${key} > ? ORDER BY ${key} LIMIT ?`;
const REFERENCES_AFTER = `SELECT from_id, to_id, to_type FROM object_reference
  WHERE scope = ? AND (from_id, to_id) > (?, ?) ORDER BY from_id, to_id LIMIT ?`;

/** Reads a scope as a whole, for packages that hold much of it. */
export function scopeRows(db: Executor<MetadataTables>, scope: string) {
  return {
    async countObjects(): Promise<number> {
      const [row] = await queryCells(db, `SELECT count(*) AS n FROM object WHERE scope = ?`, [scope]);
      return Number(row?.[0] ?? 0);
    },

    /** All headers, in the order in which they are stored. */
    async *headers(): AsyncGenerator<readonly JudgedHeader[]> {
      const key = storedOrder(db);
      let after: Cell = key === 'id' ? '' : -1;
      for (;;) {
        const rows: readonly (readonly Cell[])[] = await queryCells(db, headersAfter(key), [
          scope,
          after,
          ROWS_AT_ONCE,
        ]);
        yield rows.map(
          ([, id, type, subtype, parentId, aclId]) => ({ id, type, subtype, parentId, aclId }) as JudgedHeader,
        );
        if (rows.length < ROWS_AT_ONCE) return;
        after = rows.at(-1)?.[0] ?? null;
      }
    },

    /** All edges, ordered by user and target. */
    async *references(): AsyncGenerator<readonly Edge[]> {
      let after: readonly [string, string] = ['', ''];
      for (;;) {
        const edges = edgesOf(await queryCells(db, REFERENCES_AFTER, [scope, ...after, ROWS_AT_ONCE]));
        yield edges;
        const last = edges.at(-1);
        if (!last || edges.length < ROWS_AT_ONCE) return;
        after = [last[0], last[1]];
      }
    },
  };
}

export type ScopeRows = ReturnType<typeof scopeRows>;
