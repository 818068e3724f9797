import { createHash, randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Database } from '../../packages/server/src/platform/db/database.ts';
import { isPostgres, postgresLocation, type EnvironmentPart } from '../../packages/server/src/platform/db/location.ts';

/**
 * On which engine the tests run: SQLite, or the PostgreSQL whose address this variable holds (`npm run test:postgres`
 * starts one and sets it).
 */
export const TEST_ENGINE_VARIABLE = 'LONGSHORE_TEST_POSTGRES';

const address = process.env[TEST_ENGINE_VARIABLE];

export const isOnPostgres = address !== undefined && address !== '';

/** `--database` of an environment: an address whose schemas belong to the folder alone; null for SQLite in the folder. */
export function databaseOf(directory: string, name = basename(directory)): string | null {
  if (!isOnPostgres || address === undefined) return null;
  const url = new URL(address);
  const digest = createHash('sha256').update(`${directory} ${name}`).digest('hex').slice(0, 16);
  url.searchParams.set('schema', `t_${digest}`);
  return url.href;
}

/** Where the tests keep one database of the environment of a folder; the same folder is the same database. */
export async function locationOf(directory: string, part: EnvironmentPart, name?: string): Promise<string> {
  if (!isOnPostgres) return join(directory, `${name ?? part}.sqlite`);
  const url = new URL(address ?? '');
  url.searchParams.set('schema', await takeSchema(`${directory} ${name ?? ''}`));
  return postgresLocation(url.href, part);
}

/** Gives back what PostgreSQL has of the environment of a folder; SQLite's files go with the folder. */
export async function dropDatabases(directory: string, name?: string): Promise<void> {
  if (isOnPostgres) await giveSchema(`${directory} ${name ?? ''}`);
}

/**
 * Making the tables takes far longer than emptying them, so that schemas are used again, by other processes too: this
 * table says which folder has which, and how many tables each part of the environment had in it at last.
 */
const SCHEMAS = `CREATE TABLE IF NOT EXISTS public.test_schema (
  name TEXT PRIMARY KEY, owner TEXT UNIQUE, metadata INTEGER NOT NULL DEFAULT 0, library INTEGER NOT NULL DEFAULT 0)`;
const FIND = `SELECT name FROM public.test_schema WHERE owner = $1`;
const TAKE = `UPDATE public.test_schema SET owner = $1 WHERE name =
    (SELECT name FROM public.test_schema WHERE owner IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING name`;

async function takeSchema(owner: string): Promise<string> {
  return withClient(async (client) => {
    const own = await client.query<{ name: string }>(FIND, [owner]);
    if (own.rows[0]) return own.rows[0].name;
    const free = await client.query<{ name: string }>(TAKE, [owner]);
    if (free.rows[0]) {
      // Once more: whoever had it may have written after giving it back, as a job does that ends late.
      await client.query(EMPTY.replaceAll('NAME', free.rows[0].name));
      return free.rows[0].name;
    }
    const name = `p_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    await client.query('INSERT INTO public.test_schema (name, owner) VALUES ($1, $2)', [name, owner]);
    return name;
  });
}

const EMPTY = `DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname IN ('NAME_library', 'NAME_metadata') AND tablename NOT LIKE 'kysely%' LOOP
    EXECUTE format('DELETE FROM %I.%I', each.schemaname, each.tablename);
  END LOOP;
  FOR each IN SELECT schemaname, sequencename FROM pg_sequences
    WHERE schemaname IN ('NAME_library', 'NAME_metadata') LOOP
    EXECUTE format('ALTER SEQUENCE %I.%I RESTART', each.schemaname, each.sequencename);
  END LOOP; END $$`;

const COUNT_TABLES = `UPDATE public.test_schema SET
  metadata = (SELECT count(*) FROM pg_tables WHERE schemaname = test_schema.name || '_metadata'),
  library = (SELECT count(*) FROM pg_tables WHERE schemaname = test_schema.name || '_library') WHERE owner = $1`;
/**
 * One of which a test has dropped a table, as of the journal or of the records, is not given to another. Tests of the
 * engine have no records at all, which is no reason to keep theirs: hundreds that nobody uses again make every opening
 * slower, for all tests.
 */
const GIVE = `UPDATE public.test_schema SET owner = NULL
  WHERE owner = $1
    AND metadata = (SELECT max(metadata) FROM public.test_schema)
    AND to_regclass(name || '_metadata.journal_transaction') IS NOT NULL
    AND (library = 0 OR (library = (SELECT max(library) FROM public.test_schema)
      AND to_regclass(name || '_library.package') IS NOT NULL))`;

async function giveSchema(owner: string): Promise<void> {
  await withClient(async (client) => {
    const { rows } = await client.query<{ name: string }>(FIND, [owner]);
    if (!rows[0]) return;
    await client.query(EMPTY.replaceAll('NAME', rows[0].name));
    await client.query(COUNT_TABLES, [owner]);
    await client.query(GIVE, [owner]);
  });
}

async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Before the first test of a run. */
export async function prepareSchemas(server: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(SCHEMAS);
  await client.end();
}

/** Names of all tables. */
export async function listTables<Tables>({ location, reader }: Database<Tables>): Promise<string[]> {
  const names = isPostgres(location)
    ? sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = current_schema() ORDER BY 1`
    : sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`;
  return (await names.execute(reader)).rows.map(({ name }) => name);
}

/** All indexes, with what makes them. */
export async function listIndexes<Tables>({ location, reader }: Database<Tables>): Promise<unknown[]> {
  const indexes = isPostgres(location)
    ? sql`SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1`
    : sql`SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name`;
  return (await indexes.execute(reader)).rows;
}
