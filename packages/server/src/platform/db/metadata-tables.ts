import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Table versions of the metadata repository, oldest first. A released step is never edited. */
export const METADATA_MIGRATIONS: Record<string, Migration> = {
  '0001-metadata': { up: createMetadataTables },
  '0002-certification': { up: createCertificationTable },
  '0003-modeling': { up: createModelingTables },
  '0004-keyed-rows': { up: keepRowsInTheirKeys },
};

async function createMetadataTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/** A certification is of one version of an object: a changed object is not certified any more. */
async function createCertificationTable(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE certification (
         scope TEXT NOT NULL, object_id TEXT NOT NULL, version TEXT NOT NULL, user_id TEXT NOT NULL,
         user_name TEXT NOT NULL, date TEXT NOT NULL, PRIMARY KEY (scope, object_id))`,
    )
    .execute(db);
}

/** Locks, and changesets with the objects as they will be once they are committed. */
async function createModelingTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of MODELING_STATEMENTS) await sql.raw(statement).execute(db);
}

/**
 * Rows that are hardly more than their key are kept in the index of the key itself: an import writes three references
 * and a journal entry for each object, and so into one tree less each time.
 */
async function keepRowsInTheirKeys(db: Kysely<unknown>): Promise<void> {
  for (const statement of KEYED_STATEMENTS) await sql.raw(statement).execute(db);
}

const KEYED_STATEMENTS = [
  `ALTER TABLE object_reference RENAME TO object_reference_by_row`,
  `CREATE TABLE object_reference (
     scope TEXT NOT NULL, from_id TEXT NOT NULL, to_id TEXT NOT NULL, to_type INTEGER,
     PRIMARY KEY (scope, from_id, to_id)) WITHOUT ROWID`,
  `INSERT INTO object_reference (scope, from_id, to_id, to_type)
   SELECT scope, from_id, to_id, to_type FROM object_reference_by_row`,
  `DROP TABLE object_reference_by_row`,
  `CREATE INDEX object_reference_by_target ON object_reference (to_id, scope, from_id)`,
  `ALTER TABLE journal_entry RENAME TO journal_entry_by_row`,
  `CREATE TABLE journal_entry (
     transaction_id INTEGER NOT NULL, scope TEXT NOT NULL, object_id TEXT NOT NULL, type INTEGER NOT NULL,
     name TEXT NOT NULL, change TEXT NOT NULL, version_before TEXT, version_after TEXT,
     PRIMARY KEY (transaction_id, scope, object_id)) WITHOUT ROWID`,
  `INSERT INTO journal_entry
     (transaction_id, scope, object_id, type, name, change, version_before, version_after)
   SELECT transaction_id, scope, object_id, type, name, change, version_before, version_after FROM journal_entry_by_row`,
  `DROP TABLE journal_entry_by_row`,
  `CREATE INDEX journal_entry_by_object ON journal_entry (object_id)`,
];

const MODELING_STATEMENTS = [
  `CREATE TABLE schema_lock (
     project_id TEXT NOT NULL PRIMARY KEY, lock_type TEXT NOT NULL, session_id TEXT NOT NULL, changeset_id TEXT,
     owner_id TEXT NOT NULL, owner_name TEXT NOT NULL, date TEXT NOT NULL)`,
  `CREATE TABLE project_lock (
     scope TEXT NOT NULL PRIMARY KEY, lock_type TEXT NOT NULL, session_id TEXT NOT NULL, lock_id TEXT NOT NULL,
     owner_id TEXT NOT NULL, owner_name TEXT NOT NULL, date TEXT NOT NULL)`,
  `CREATE TABLE changeset (
     id TEXT NOT NULL PRIMARY KEY, project_id TEXT NOT NULL, session_id TEXT NOT NULL, user_id TEXT NOT NULL,
     user_name TEXT NOT NULL, schema_edit INTEGER NOT NULL, date_created TEXT NOT NULL, date_modified TEXT NOT NULL)`,
  `CREATE INDEX changeset_by_session ON changeset (session_id)`,
  `CREATE TABLE changeset_object (
     changeset_id TEXT NOT NULL, object_id TEXT NOT NULL, position INTEGER NOT NULL, base_version TEXT,
     type INTEGER NOT NULL, parent_id TEXT, name TEXT NOT NULL, object TEXT NOT NULL,
     PRIMARY KEY (changeset_id, object_id))`,
];

const STATEMENTS = [
  `CREATE TABLE project (
     id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, alias TEXT NOT NULL, description TEXT NOT NULL,
     owner_id TEXT NOT NULL, date_created TEXT NOT NULL, date_modified TEXT NOT NULL)`,
  `CREATE TABLE object (
     scope TEXT NOT NULL, id TEXT NOT NULL, type INTEGER NOT NULL, subtype INTEGER NOT NULL,
     name TEXT NOT NULL, description TEXT NOT NULL, abbreviation TEXT NOT NULL, parent_id TEXT,
     owner_id TEXT NOT NULL, version TEXT NOT NULL, date_created TEXT NOT NULL, date_modified TEXT NOT NULL,
     hidden INTEGER NOT NULL, acl_id TEXT NOT NULL, body_hash TEXT NOT NULL, contacts_hash TEXT,
     PRIMARY KEY (scope, id))`,
  `CREATE INDEX object_by_parent ON object (scope, parent_id, type, name COLLATE NOCASE)`,
  `CREATE INDEX object_by_name ON object (scope, name, id)`,
  `CREATE INDEX object_by_id ON object (id)`,
  `CREATE TABLE object_body (
     scope TEXT NOT NULL, id TEXT NOT NULL, definition TEXT NOT NULL, translations TEXT NOT NULL, uses TEXT NOT NULL,
     PRIMARY KEY (scope, id))`,
  `CREATE TABLE object_reference (
     scope TEXT NOT NULL, from_id TEXT NOT NULL, to_id TEXT NOT NULL, to_type INTEGER,
     PRIMARY KEY (scope, from_id, to_id))`,
  `CREATE INDEX object_reference_by_target ON object_reference (to_id, scope, from_id)`,
  `CREATE TABLE acl (id TEXT NOT NULL PRIMARY KEY, entries TEXT NOT NULL)`,
  `CREATE TABLE credential (
     user_id TEXT NOT NULL PRIMARY KEY, password_hash TEXT NOT NULL, must_change INTEGER NOT NULL)`,
  `CREATE TABLE journal_transaction (
     id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, user_id TEXT NOT NULL, user_name TEXT NOT NULL,
     package_id TEXT, import_id TEXT, date TEXT NOT NULL, comment TEXT NOT NULL, summary TEXT NOT NULL)`,
  `CREATE INDEX journal_transaction_by_import ON journal_transaction (import_id, kind)`,
  `CREATE TABLE journal_entry (
     transaction_id INTEGER NOT NULL, scope TEXT NOT NULL, object_id TEXT NOT NULL, type INTEGER NOT NULL,
     name TEXT NOT NULL, change TEXT NOT NULL, version_before TEXT, version_after TEXT,
     PRIMARY KEY (transaction_id, scope, object_id))`,
  `CREATE INDEX journal_entry_by_object ON journal_entry (object_id)`,
  `CREATE TABLE scope_revision (scope TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL)`,
  `CREATE TABLE schema_state (
     project_id TEXT NOT NULL PRIMARY KEY, schema_version INTEGER NOT NULL, reloaded_at TEXT NOT NULL)`,
  `CREATE TABLE table_state (
     project_id TEXT NOT NULL, table_id TEXT NOT NULL, logical_size INTEGER, table_key TEXT,
     PRIMARY KEY (project_id, table_id))`,
];
