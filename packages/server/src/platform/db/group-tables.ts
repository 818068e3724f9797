import { sql, type Kysely } from 'kysely';

/** Groups of migrations; their members are ordinary packages and imports, in the order in which they are worked on. */
export async function createGroupTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of GROUPS) await sql.raw(statement).execute(db);
}

/** Packages and imports of the older package API; they belong to a session and go with it. */
export async function createPackageHolderTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of HOLDERS) await sql.raw(statement).execute(db);
}

const GROUPS = [
  `CREATE TABLE migration_group (
     id TEXT NOT NULL PRIMARY KEY, import_group_id TEXT NOT NULL, name TEXT NOT NULL, replicated INTEGER NOT NULL,
     source_environment TEXT NOT NULL, target_environment TEXT NOT NULL, tree_view TEXT NOT NULL,
     import_request_status TEXT NOT NULL, undo_request_status TEXT NOT NULL, creation_date TEXT NOT NULL,
     last_updated_date TEXT NOT NULL, certification TEXT, deleted INTEGER NOT NULL, work TEXT)`,
  `CREATE INDEX migration_group_by_date ON migration_group (deleted, creation_date, id)`,
  `CREATE TABLE migration_group_member (
     group_id TEXT NOT NULL, position INTEGER NOT NULL, package_id TEXT NOT NULL, import_id TEXT NOT NULL,
     PRIMARY KEY (group_id, position)) WITHOUT ROWID`,
  `CREATE UNIQUE INDEX migration_group_member_by_package ON migration_group_member (package_id)`,
];

const HOLDERS = [
  `CREATE TABLE package_holder (
     guid TEXT NOT NULL PRIMARY KEY, session_id TEXT NOT NULL, project_id TEXT, status TEXT NOT NULL,
     message TEXT NOT NULL, type TEXT, kind TEXT, package_id TEXT, undone_import_id TEXT, view TEXT NOT NULL,
     storage_path TEXT, storage_size INTEGER)`,
  `CREATE UNIQUE INDEX package_holder_by_session ON package_holder (session_id)`,
  `CREATE TABLE holder_import (
     guid TEXT NOT NULL PRIMARY KEY, session_id TEXT NOT NULL, holder_guid TEXT NOT NULL, kind TEXT NOT NULL,
     project_id TEXT, status TEXT NOT NULL, message TEXT NOT NULL, progress REAL NOT NULL, undo_path TEXT,
     undo_size INTEGER, journal_import_id TEXT NOT NULL, journal_before INTEGER NOT NULL)`,
  `CREATE INDEX holder_import_by_session ON holder_import (session_id)`,
];
