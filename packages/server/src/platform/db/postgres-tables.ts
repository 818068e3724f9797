import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { TableVersionError, type DatabaseOptions } from './database.ts';
import { splitLocation } from './location.ts';
import { POSTGRES_FUNCTIONS } from './postgres-functions.ts';

/**
 * What PostgreSQL needs besides the tables: the functions come before everything, `rowid` numbers rows in the order in
 * which they were added, as SQLite does by itself, and names without letter case are found through an index.
 */
const PREPARATION: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of POSTGRES_FUNCTIONS) await sql.raw(statement).execute(db);
  },
};

/** After the tables that they are about. */
const COMPLETION: Readonly<Record<string, readonly string[]>> = {
  '0001-library': [`ALTER TABLE api_token ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY`],
  '0001-metadata': [
    `ALTER TABLE acl ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY`,
    `CREATE INDEX acl_by_position ON acl (rowid)`,
    `CREATE INDEX object_by_lower_name ON object (scope, lower(name), type)`,
  ],
};

function forPostgres(migrations: Record<string, Migration>): Record<string, Migration> {
  const completed = Object.entries(migrations).map(([name, migration]): [string, Migration] => [
    name,
    {
      async up(db) {
        await migration.up(db);
        for (const statement of COMPLETION[name] ?? []) await sql.raw(statement).execute(db);
      },
    },
  ]);
  return { '0000-postgres': PREPARATION, ...Object.fromEntries(completed) };
}

/**
 * Brings the tables of a schema to the newest version, in one transaction; several servers may start at once. Complete ones
 * are left to themselves: to find that there is nothing to do, the migrator reads what all schemas of the database hold, and
 * waits for whoever makes tables in another one.
 * @throws TableVersionError
 */
export async function openTables<Tables>(db: Kysely<Tables>, options: DatabaseOptions): Promise<void> {
  const { schema } = splitLocation(options.location);
  const migrations = forPostgres(options.migrations);
  const missing = await missingSteps(db, schema, { migrations, tables: options.tables ?? 'migrate' });
  if (missing.length === 0) return;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: schema,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

interface Wanted {
  readonly migrations: Record<string, Migration>;
  readonly tables: 'migrate' | 'check';
}

/** @throws TableVersionError where a step is not known, or missing and not to be made up for */
async function missingSteps<Tables>(
  db: Kysely<Tables>,
  schema: string,
  { migrations, tables }: Wanted,
): Promise<readonly string[]> {
  const done = await listDone(db, schema);
  const unknown = done.find((name) => !(name in migrations));
  if (unknown !== undefined) {
    throw new TableVersionError(
      `The tables in ${schema} were made by a newer version of Longshore (step ${unknown} is not known to this one). Install that version, or restore a backup from before it.`,
    );
  }
  const missing = Object.keys(migrations).filter((name) => !done.includes(name));
  if (tables === 'migrate' || missing.length === 0) return missing;
  const state = done.length === 0 ? 'There are no tables yet' : `The tables are ${missing.length} steps behind`;
  throw new TableVersionError(
    `${state} in ${schema}. Run longshore db migrate with the same --database, or start with --auto-migrate yes.`,
  );
}

async function listDone<Tables>(db: Kysely<Tables>, schema: string): Promise<string[]> {
  const { rows } = await sql<{ there: string | null }>`
    SELECT to_regclass(${`"${schema}".kysely_migration`}) AS there`.execute(db);
  if (!rows[0]?.there) return [];
  const done = await sql<{ name: string }>`SELECT name FROM ${sql.table(`${schema}.kysely_migration`)}`.execute(db);
  return done.rows.map(({ name }) => name);
}
