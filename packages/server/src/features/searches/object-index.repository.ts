import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Executor, SnapshotReader } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { isBefore, type IndexedRow, type ObjectPlace, type PlacedRow } from './index-block.ts';
import type { IndexState } from './object-index.ts';

/** What was written to a scope since a state of it, as the journal tells. */
export interface JournaledChanges {
  /** Transactions that changed objects of the scope. */
  readonly transactions: number;
  readonly ids: ReadonlySet<string>;
}

/** Whether a scope has so many objects that an index of them is worth it. */
export async function hasAtLeast(db: Executor<MetadataTables>, scope: string, objects: number): Promise<boolean> {
  if (objects < 1) return true;
  const { rows } =
    await sql`SELECT 1 AS found FROM object WHERE scope = ${scope} LIMIT 1 OFFSET ${objects - 1}`.execute(db);
  return rows.length > 0;
}

const ROWS_PER_BATCH = 512;

/** Which state of the database a snapshot shows. */
export async function indexedState(snapshot: SnapshotReader, scope: string): Promise<IndexState> {
  const text = 'SELECT revision FROM scope_revision WHERE scope = ?';
  const revision = await firstRow<{ revision: number }>(snapshot, text, [scope]);
  const last = 'SELECT COALESCE(max(id), 0) AS position FROM journal_transaction';
  const journal = await firstRow<{ position: number }>(snapshot, last, []);
  return { revision: revision?.revision ?? 0, position: journal?.position ?? 0 };
}

async function firstRow<Row>(
  snapshot: SnapshotReader,
  text: string,
  values: readonly (string | number)[],
): Promise<Row | undefined> {
  for await (const [row] of snapshot.batches<Row>(text, values, 1)) return row;
  return undefined;
}

/** Reads what has changed since an index was made. */
export function indexChanges(snapshot: SnapshotReader, scope: string) {
  return {
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

    /**
     * Those of the objects that are there, from the last to the first, each with the one behind it. They are looked up some
     * at a time, between which other requests get their turns. The join is written so that SQLite looks up these objects;
     * for their order it would go through all.
     */
    async placed(ids: ReadonlySet<string>): Promise<PlacedRow[]> {
      const text = `SELECT ${COLUMNS}, (SELECT n.id FROM object n WHERE n.scope = o.scope AND (n.name, n.id) > (o.name, o.id)
          ORDER BY n.name, n.id LIMIT 1) AS "nextId"
        FROM (SELECT value FROM json_each(?)) changed CROSS JOIN object o ON o.scope = ? AND o.id = changed.value`;
      const placed: PlacedRow[] = [];
      const wanted = [...ids];
      type Row = IndexedRow & { readonly nextId: string | null };
      for (let at = 0; at < wanted.length; at += ROWS_PER_BATCH) {
        const values = [JSON.stringify(wanted.slice(at, at + ROWS_PER_BATCH)), scope];
        for await (const rows of snapshot.batches<Row>(text, values, ROWS_PER_BATCH)) {
          for (const { nextId, ...row } of rows) placed.push({ row, nextId });
        }
        await setImmediate();
      }
      return placed.toSorted((one, other) => (isBefore(one.row, other.row) ? 1 : -1));
    },

    /** Names of objects by their ids. */
    async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const text = 'SELECT id, name FROM object WHERE scope = ? AND id IN (SELECT value FROM json_each(?))';
      const names = new Map<string, string>();
      for await (const rows of snapshot.batches<ObjectPlace>(text, [scope, JSON.stringify(ids)], ROWS_PER_BATCH)) {
        for (const { id, name } of rows) names.set(id, name);
      }
      return names;
    },
  };
}

/** Reads all that an index is made of from one state of the database. */
export function indexScan(snapshot: SnapshotReader, scope: string) {
  return {
    /** All objects in the order of lists, as many at a time as are asked for. */
    rows: (size: number): AsyncIterable<OrderedCells[]> =>
      snapshot.cells(`SELECT ${COLUMNS} FROM object o WHERE o.scope = ? ORDER BY o.name, o.id`, [scope], size),

    /**
     * The highest number of a row, where it is cheaper to read the kinds in the order of the table and the names from their
     * index than to look up each object by its name: a third, when the scope has most of the objects. Null where not.
     */
    async lastRow(): Promise<number | null> {
      if (!snapshot.numbersRows) return null;
      const max = await firstRow<{ last: number | null }>(snapshot, 'SELECT max(rowid) AS last FROM object', []);
      const last = max?.last ?? 0;
      const looked = Array.from({ length: SAMPLES }, (_, at) => 1 + Math.floor((at * last) / SAMPLES));
      const text = `SELECT count(*) AS n FROM object NOT INDEXED
        WHERE rowid IN (SELECT value FROM json_each(?)) AND scope = ?`;
      const own = await firstRow<{ n: number }>(snapshot, text, [JSON.stringify(looked), scope]);
      return (own?.n ?? 0) < SAMPLES * LEAST_SHARE ? null : last;
    },

    /** Kinds by the numbers of their rows, a piece of the table at a time. */
    async *kinds(lastRow: number): AsyncGenerator<NumberedKind[]> {
      const text = `SELECT rowid, type, subtype, hidden, acl_id, owner_id FROM object NOT INDEXED
        WHERE rowid > ? AND rowid <= ? AND scope = ?`;
      for (let row = 0; row < lastRow; row += ROWS_PER_BATCH) {
        yield* snapshot.cells<NumberedKind>(text, [row, row + ROWS_PER_BATCH, scope], ROWS_PER_BATCH);
        // Where others have all the rows, there is a turn for other requests as well.
        yield [];
      }
    },

    /** Names and ids in the order of lists, with the numbers of their rows. */
    names: (size: number): AsyncIterable<NumberedName[]> =>
      snapshot.cells('SELECT name, id, rowid FROM object WHERE scope = ? ORDER BY name, id', [scope], size),
  };
}

/** Name, id, type, subtype, hidden, access control list and owner. */
export type OrderedCells = readonly [string, string, number, number, number, string, string];
/** Number of the row, type, subtype, hidden, access control list and owner. */
export type NumberedKind = readonly [number, number, number, number, string, string];
/** Name, id and number of the row. */
export type NumberedName = readonly [string, string, number];

/** Rows that are looked at to tell the share of a scope. */
const SAMPLES = 64;
/** Share of all objects from which on a scope is read in the order of the table. */
const LEAST_SHARE = 1 / 4;

const COLUMNS = 'o.name, o.id, o.type, o.subtype, o.hidden, o.acl_id, o.owner_id';
