import { sql } from 'kysely';
import type { Executor, SnapshotReader } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { IndexedRow, PlacedRow } from './index-block.ts';
import type { IndexState } from './object-index.ts';

/** What was written to a scope since a state of it, as the journal tells. */
export interface JournaledChanges {
  /** Transactions that changed objects of the scope. */
  readonly transactions: number;
  readonly ids: ReadonlySet<string>;
}

/** What tells whether an index is up to date, and whether one is worth it. */
export function indexedScope(db: Executor<MetadataTables>) {
  return {
    async revision(scope: string): Promise<number> {
      const row = await db
        .selectFrom('scope_revision')
        .select('revision')
        .where('scope', '=', scope)
        .executeTakeFirst();
      return row?.revision ?? 0;
    },

    async hasAtLeast(scope: string, objects: number): Promise<boolean> {
      if (objects < 1) return true;
      const { rows } =
        await sql`SELECT 1 AS found FROM object WHERE scope = ${scope} LIMIT 1 OFFSET ${objects - 1}`.execute(db);
      return rows.length > 0;
    },
  };
}

const ROWS_PER_BATCH = 512;

/** Reads what an index is made of from one state of the database. */
export function indexScan(snapshot: SnapshotReader, scope: string) {
  const first = async <Row>(text: string, values: readonly (string | number)[]): Promise<Row | undefined> => {
    for await (const [row] of snapshot.batches<Row>(text, values, 1)) return row;
    return undefined;
  };
  return {
    async state(): Promise<IndexState> {
      const revision = await first<{ revision: number }>('SELECT revision FROM scope_revision WHERE scope = ?', [
        scope,
      ]);
      const journal = await first<{ position: number }>(
        'SELECT COALESCE(max(id), 0) AS position FROM journal_transaction',
        [],
      );
      return { revision: revision?.revision ?? 0, position: journal?.position ?? 0 };
    },

    /** Undefined when the journal has more than `most` entries since; those of other scopes count, too. */
    async changesAfter(position: number, most: number): Promise<JournaledChanges | undefined> {
      const transactions = new Set<number>();
      const ids = new Set<string>();
      let entries = 0;
      const text = `SELECT transaction_id, scope, object_id FROM journal_entry WHERE transaction_id > ?
        ORDER BY transaction_id LIMIT ?`;
      const values = [position, most + 1];
      type Row = MetadataTables['journal_entry'];
      for await (const rows of snapshot.batches<Row>(text, values, ROWS_PER_BATCH)) {
        entries += rows.length;
        for (const row of rows) {
          if (row.scope !== scope) continue;
          transactions.add(row.transaction_id);
          ids.add(row.object_id);
        }
      }
      return entries > most ? undefined : { transactions: transactions.size, ids };
    },

    /** Those of the objects that are there, from the last to the first, each with the one behind it. */
    async placed(ids: ReadonlySet<string>): Promise<PlacedRow[]> {
      const text = `SELECT ${COLUMNS}, (SELECT n.id FROM object n WHERE n.scope = o.scope AND (n.name, n.id) > (o.name, o.id)
          ORDER BY n.name, n.id LIMIT 1) AS "nextId"
        FROM object o WHERE o.scope = ? AND o.id IN (SELECT value FROM json_each(?)) ORDER BY o.name DESC, o.id DESC`;
      const placed: PlacedRow[] = [];
      const values = [scope, JSON.stringify([...ids])];
      type Row = IndexedRow & { readonly nextId: string | null };
      for await (const rows of snapshot.batches<Row>(text, values, ROWS_PER_BATCH)) {
        placed.push(...rows.map(({ nextId, ...row }) => ({ row, nextId })));
      }
      return placed;
    },

    /** All objects in the order of lists, as many at a time as are asked for. */
    rows: (size: number): AsyncIterable<IndexedRow[]> =>
      snapshot.batches<IndexedRow>(
        `SELECT ${COLUMNS} FROM object o WHERE o.scope = ? ORDER BY o.name, o.id`,
        [scope],
        size,
      ),
  };
}

const COLUMNS = 'o.name, o.id, o.type, o.subtype, o.hidden, o.acl_id, o.owner_id';
