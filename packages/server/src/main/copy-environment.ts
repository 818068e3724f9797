import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { sql } from 'kysely';
import { insertRows, runText, type Cell } from '../platform/db/bulk.ts';
import { openDatabase, type Database, type Executor } from '../platform/db/database.ts';
import { isPostgres, postgresLocation, shownLocation } from '../platform/db/location.ts';
import { LIBRARY_MIGRATIONS } from '../platform/db/library-tables.ts';
import { METADATA_MIGRATIONS } from '../platform/db/metadata-tables.ts';

/** Where an environment's databases are: a data folder, or the address of a PostgreSQL database. */
export type EnvironmentPlace = string;

export interface CopyResult {
  readonly tables: number;
  readonly rows: number;
}

const PARTS = { metadata: METADATA_MIGRATIONS, library: LIBRARY_MIGRATIONS } as const;
type Part = keyof typeof PARTS;
type Tables = Record<string, Record<string, unknown>>;

const LOCK_PATIENCE_MS = 10_000;
const ROWS_AT_ONCE = 500;

/** Makes the tables of an environment, or brings them to the newest version. */
export async function migrateEnvironment(place: EnvironmentPlace): Promise<void> {
  for (const part of ['library', 'metadata'] as const) await (await open(place, part)).close();
  if (!isPostgres(place)) return;
  const { openJobQueues } = await import('../platform/jobs/job-queue.ts');
  const { pino } = await import('pino');
  const queues = await openJobQueues({ database: place, tables: 'migrate', log: pino({ level: 'silent' }) });
  await queues.close();
}

/**
 * Copies an environment, in which nobody works, to an empty place: objects, journal, credentials, sessions and records,
 * row by row. Files of the shared store stay where they are.
 * @throws Error saying why it cannot be
 */
export async function copyEnvironment(from: EnvironmentPlace, to: EnvironmentPlace): Promise<CopyResult> {
  if (from === to) throw new Error('The two places are the same.');
  const result = { tables: 0, rows: 0 };
  // The library last: a copy that breaks off has no user who could log in.
  for (const part of ['metadata', 'library'] as const) {
    const source = await open(from, part);
    const target = await open(to, part);
    try {
      if (part === 'library') await requireRest(source);
      else await requireThere(source, from);
      await requireEmpty(target, part);
      const copied = await copyTables(source, target);
      result.tables += copied.tables;
      result.rows += copied.rows;
    } finally {
      await source.close();
      await target.close();
    }
  }
  return result;
}

async function open(place: EnvironmentPlace, part: Part): Promise<Database<Tables>> {
  if (!isPostgres(place)) await mkdir(place, { recursive: true, mode: 0o700 });
  const location = isPostgres(place) ? postgresLocation(place, part) : join(place, `${part}.sqlite`);
  return openDatabase<Tables>({ location, migrations: PARTS[part], lockPatience: LOCK_PATIENCE_MS });
}

async function requireThere({ reader }: Database<Tables>, place: EnvironmentPlace): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM object LIMIT 1`.execute(reader);
  if (rows.length === 0) throw new Error(`There is no environment in ${shownLocation(place)}.`);
}

async function requireRest({ reader }: Database<Tables>): Promise<void> {
  const { rows } = await sql<{ jobs: number }>`SELECT count(*) AS jobs FROM job`.execute(reader);
  if ((rows[0]?.jobs ?? 0) === 0) return;
  throw new Error('Jobs are under way in the environment. Let them end, stop its servers, and copy it then.');
}

const HOLDS: Readonly<Record<Part, string>> = { metadata: 'object', library: 'setting' };

async function requireEmpty({ reader }: Database<Tables>, part: Part): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM ${sql.table(HOLDS[part])} LIMIT 1`.execute(reader);
  if (rows.length > 0)
    throw new Error('There is an environment already where the copy is to go; choose an empty place.');
}

const LIST_SQLITE = `SELECT name FROM sqlite_schema
  WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'kysely%' ORDER BY name`;
const LIST_POSTGRES = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = current_schema() AND table_name NOT LIKE 'kysely%' ORDER BY 1`;

/** Tables in which the order of the rows means something; SQLite numbers all rows by itself, PostgreSQL these. */
const ORDERED = new Set(['acl', 'api_token']);
const NUMBERED = new Set(['journal_transaction', 'job']);

async function copyTables(source: Database<Tables>, target: Database<Tables>): Promise<CopyResult> {
  const list = sql.raw<{ name: string }>(isPostgres(source.location) ? LIST_POSTGRES : LIST_SQLITE);
  const names = (await list.execute(source.reader)).rows.map(({ name }) => name);
  const snapshot = source.openReader();
  let rows = 0;
  try {
    await target.write(async (tx) => {
      for (const name of names) {
        const order = ORDERED.has(name) ? ' ORDER BY rowid' : '';
        for await (const batch of snapshot.batches<Record<string, Cell>>(
          `SELECT * FROM ${name}${order}`,
          [],
          ROWS_AT_ONCE,
        )) {
          await addRows(tx, name, batch);
          rows += batch.length;
        }
        if (NUMBERED.has(name) && isPostgres(target.location)) await goOnCounting(tx, name);
      }
    });
  } finally {
    await snapshot.close();
  }
  return { tables: names.length, rows };
}

async function addRows(tx: Executor<Tables>, table: string, batch: readonly Record<string, Cell>[]): Promise<void> {
  const columns = Object.keys(batch[0] ?? {}).filter((column) => column !== 'rowid');
  await insertRows(
    tx,
    { table, columns },
    batch.map((row) => columns.map((column) => row[column] ?? null)),
  );
}

/** New rows get numbers after those of the copied ones. */
async function goOnCounting(tx: Executor<Tables>, table: string): Promise<void> {
  await runText(
    tx,
    `SELECT setval(pg_get_serial_sequence('${table}', 'id'), coalesce((SELECT max(id) FROM ${table}), 0) + 1, false)`,
  );
}
