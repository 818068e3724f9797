import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytesType } from './bulk.ts';
import { createGroupTables, createPackageHolderTables } from './group-tables.ts';
import { addPlanProgress, createPlanTables } from './plan-tables.ts';

/** Table versions of the Storage Service database, oldest first. A released step is never edited. */
export const LIBRARY_MIGRATIONS: Record<string, Migration> = {
  '0001-library': { up: createLibraryTables },
  '0002-migration-listing': { up: createMigrationListing },
  '0003-model-tasks': { up: createModelTaskTable },
  '0003-shared-files': { up: createSharedFiles },
  '0004-validation': { up: createValidationTables },
  '0004-migration-groups': { up: createGroupTables },
  '0004-package-holders': { up: createPackageHolderTables },
  '0005-plans': { up: createPlanTables },
  '0006-job-cancellation': { up: addJobCancellation },
  '0007-plan-progress': { up: addPlanProgress },
  '0008-package-content': { up: createPackageContent },
};

async function createLibraryTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

async function createSharedFiles(db: Kysely<unknown>): Promise<void> {
  for (const statement of SHARED_FILE_STATEMENTS) await sql.raw(statement).execute(db);
}

async function createMigrationListing(db: Kysely<unknown>): Promise<void> {
  for (const statement of LISTING_STATEMENTS) await sql.raw(statement).execute(db);
}

/** What was announced for upload to the shared file store, and whether its bytes have arrived. */
const SHARED_FILE_STATEMENTS = [
  `CREATE TABLE shared_file (
     guid TEXT NOT NULL PRIMARY KEY, type TEXT NOT NULL, name TEXT, extension TEXT NOT NULL, path TEXT NOT NULL,
     sha256 TEXT NOT NULL, size INTEGER NOT NULL, existing INTEGER NOT NULL, creator TEXT NOT NULL,
     environment TEXT NOT NULL, creation_date TEXT NOT NULL, last_updated_date TEXT NOT NULL,
     package_id TEXT NOT NULL, package_type TEXT NOT NULL, package_purpose TEXT NOT NULL, content_package_id TEXT)`,
  `CREATE INDEX shared_file_by_date ON shared_file (type, creation_date, guid)`,
];

const LISTING_STATEMENTS = [
  `CREATE TABLE migration_listing (
     package_date TEXT NOT NULL, package_id TEXT NOT NULL, import_date TEXT NOT NULL, import_id TEXT NOT NULL,
     purpose TEXT NOT NULL,
     PRIMARY KEY (package_date, package_id, import_date, import_id)) WITHOUT ROWID`,
  `CREATE INDEX migration_listing_by_package ON migration_listing (package_id)`,
  `CREATE INDEX migration_listing_by_purpose ON migration_listing (purpose)`,
  `INSERT INTO migration_listing (package_date, package_id, import_date, import_id, purpose)
     SELECT p.creation_date, p.id, i.creation_date, i.id, p.purpose
     FROM package p JOIN migration_import i ON i.package_id = p.id WHERE p.deleted = 0`,
];

/** What a client started and asks for again later, and how sessions are found by the locks that name them. */
async function createModelTaskTable(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE model_task (
         id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, project_id TEXT NOT NULL, user_id TEXT NOT NULL,
         started_at INTEGER NOT NULL, ended_at INTEGER, status TEXT NOT NULL, errors TEXT NOT NULL)`,
    )
    .execute(db);
  await sql.raw(`CREATE INDEX session_by_id ON session (id)`).execute(db);
}

async function createValidationTables(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`CREATE TABLE status_file (path TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL)`).execute(db);
  await sql
    .raw(
      `CREATE TABLE validation_mark (
         import_id TEXT NOT NULL PRIMARY KEY, run TEXT NOT NULL, last_updated_date TEXT NOT NULL)`,
    )
    .execute(db);
}

async function addJobCancellation(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`ALTER TABLE job ADD COLUMN cancelled_by TEXT`).execute(db);
  await sql.raw(`ALTER TABLE job ADD COLUMN closed INTEGER NOT NULL DEFAULT 0`).execute(db);
}

async function createPackageContent(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE package_content (
         package_id TEXT NOT NULL, position INTEGER NOT NULL, list_id TEXT NOT NULL, entries ${bytesType(db)} NOT NULL,
         PRIMARY KEY (package_id, position))`,
    )
    .execute(db);
}

const STATEMENTS = [
  `CREATE TABLE session (
     token_hash TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, user_id TEXT NOT NULL, login_mode INTEGER NOT NULL,
     application_type INTEGER NOT NULL, settings TEXT NOT NULL, created_at INTEGER NOT NULL,
     last_access_at INTEGER NOT NULL)`,
  `CREATE INDEX session_by_user ON session (user_id)`,
  `CREATE TABLE identity_token (
     token_hash TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, created_at INTEGER NOT NULL)`,
  `CREATE TABLE api_token (
     token_hash TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, created_at INTEGER NOT NULL)`,
  `CREATE TABLE login_failure (
     login_name TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, retry_at INTEGER NOT NULL)`,
  `CREATE TABLE package (
     id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, purpose TEXT NOT NULL,
     replicated INTEGER NOT NULL, creator TEXT NOT NULL, creation_date TEXT NOT NULL, last_updated_date TEXT NOT NULL,
     environment TEXT NOT NULL, storage_path TEXT, storage_size INTEGER, project TEXT, status TEXT NOT NULL,
     message TEXT NOT NULL, warnings TEXT NOT NULL, progress REAL NOT NULL, deleted INTEGER NOT NULL,
     existing INTEGER NOT NULL, certification TEXT)`,
  `CREATE INDEX package_by_date ON package (creation_date, id)`,
  `CREATE TABLE package_view (
     package_id TEXT NOT NULL PRIMARY KEY, toc_view TEXT NOT NULL, tree_view TEXT NOT NULL)`,
  `CREATE TABLE migration_import (
     id TEXT NOT NULL PRIMARY KEY, package_id TEXT NOT NULL, creator TEXT, creation_date TEXT NOT NULL,
     last_updated_date TEXT NOT NULL, environment TEXT NOT NULL, project TEXT, status TEXT NOT NULL,
     import_request_status TEXT NOT NULL, undo_request_status TEXT NOT NULL, progress REAL NOT NULL,
     message TEXT NOT NULL, undo_path TEXT, undo_size INTEGER, validation TEXT)`,
  `CREATE INDEX migration_import_by_package ON migration_import (package_id)`,
  `CREATE INDEX migration_import_by_date ON migration_import (creation_date, id)`,
  `CREATE TABLE job (
     id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, package_id TEXT NOT NULL,
     import_id TEXT NOT NULL, payload TEXT NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER)`,
  `CREATE TABLE file_removal (path TEXT NOT NULL PRIMARY KEY)`,
  `CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)`,
];
