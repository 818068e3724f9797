import type { Generated } from 'kysely';
import type { PlanTables } from './plan-tables.ts';

/**
 * Tables of the Storage Service database: sessions, migration records and jobs. It is a file of its own so that an
 * import, which holds the metadata's write lock while it is applied, never makes a login or a status poll wait.
 */
export interface LibraryTables extends PlanTables {
  session: SessionTable;
  identity_token: IdentityTokenTable;
  api_token: ApiTokenTable;
  login_failure: LoginFailureTable;
  package: PackageTable;
  package_view: PackageViewTable;
  package_content: PackageContentTable;
  migration_import: MigrationImportTable;
  migration_listing: MigrationListingTable;
  job: JobTable;
  file_removal: FileRemovalTable;
  shared_file: SharedFileTable;
  setting: SettingTable;
  migration_group: MigrationGroupTable;
  migration_group_member: MigrationGroupMemberTable;
  package_holder: PackageHolderTable;
  holder_import: HolderImportTable;
  model_task: ModelTaskTable;
  status_file: StatusFileTable;
  validation_mark: ValidationMarkTable;
}

/** Moments in this table are milliseconds since the epoch. Tokens are kept as SHA-256 only. */
export interface SessionTable {
  token_hash: string;
  id: string;
  user_id: string;
  login_mode: number;
  application_type: number;
  /** JSON: workingSet, maxSearch, locales, time zone. */
  settings: string;
  created_at: number;
  last_access_at: number;
}

export interface IdentityTokenTable {
  token_hash: string;
  user_id: string;
  created_at: number;
}

export interface ApiTokenTable {
  token_hash: string;
  user_id: string;
  created_at: number;
}

export interface LoginFailureTable {
  login_name: string;
  failures: number;
  retry_at: number;
}

/** `packageInfo` of a migration record, one row per package and environment. */
export interface PackageTable {
  id: string;
  name: string;
  type: string;
  purpose: string;
  replicated: number;
  creator: string;
  creation_date: string;
  last_updated_date: string;
  environment: string;
  storage_path: string | null;
  storage_size: number | null;
  project: string | null;
  status: string;
  message: string;
  warnings: string;
  progress: number;
  deleted: number;
  existing: number;
  certification: string | null;
}

/** The two large parts of a package record; lists never read them. JSON texts. */
export interface PackageViewTable {
  package_id: string;
  toc_view: string;
  tree_view: string;
}

/** The content list of a package that was built here, in pieces; `toc_view` is then without it. */
export interface PackageContentTable {
  package_id: string;
  /** From 0. */
  position: number;
  /** The same in all pieces of one list. */
  list_id: string;
  /** Whole entries, compressed. */
  entries: Uint8Array;
}

/** `importInfo` of a migration record; a package that was reused has several. */
export interface MigrationImportTable {
  id: string;
  package_id: string;
  creator: string | null;
  creation_date: string;
  last_updated_date: string;
  environment: string;
  project: string | null;
  status: string;
  import_request_status: string;
  undo_request_status: string;
  progress: number;
  message: string;
  undo_path: string | null;
  undo_size: number | null;
  validation: string | null;
}

/**
 * What lists show, in the order in which they show it: one row per migration that is not deleted. Derived from
 * `package` and `migration_import` whenever one of them is saved; a join of the two would read every record for a page.
 */
export interface MigrationListingTable {
  package_date: string;
  package_id: string;
  import_date: string;
  import_id: string;
  purpose: string;
}

export interface JobTable {
  id: Generated<number>;
  kind: string;
  package_id: string;
  import_id: string;
  /** JSON, see the job's own type. */
  payload: string;
  created_at: number;
  started_at: Generated<number | null>;
  /** Name of the user who wants the job to end; read by the process that works on it. */
  cancelled_by: Generated<string | null>;
  /** 1 once the job is done and can be cancelled no more; set in the transaction that does it. */
  closed: Generated<number>;
}

/** Files that no record names any more; removed after the commit that let go of them, and again at start. */
export interface FileRemovalTable {
  path: string;
}

export interface SettingTable {
  key: string;
  value: string;
}

/** A reload of a schema that a client does not wait for. Moments are milliseconds. */
export interface ModelTaskTable {
  id: string;
  kind: string;
  project_id: string;
  user_id: string;
  started_at: number;
  ended_at: number | null;
  status: string;
  /** JSON: list of `{code, message}`. */
  errors: string;
}

/** A package file that was uploaded, or is announced to be. */
export interface SharedFileTable {
  /** 32 upper-case hex digits; the file's id on the wire is made from it. */
  guid: string;
  type: string;
  name: string | null;
  extension: string;
  path: string;
  sha256: string;
  size: number;
  /** 0 until the bytes have arrived and were found to be a package. */
  existing: number;
  /** JSON: id and name. */
  creator: string;
  /** JSON: id and name. */
  environment: string;
  creation_date: string;
  last_updated_date: string;
  /** The id under which this environment keeps the package; of its own making. */
  package_id: string;
  package_type: string;
  package_purpose: string;
  /** The id that the package itself carries; null until the bytes have arrived. */
  content_package_id: string | null;
}

/** Status files that this environment has still to bring to the shared store. */
export interface StatusFileTable {
  path: string;
  content: string;
}

/** The newest result that was taken from the validation file of an import: an older one, or the same, is no news. */
export interface ValidationMarkTable {
  import_id: string;
  run: string;
  last_updated_date: string;
}

/** A group of migrations (spec/api.md 2.8), one row per group and environment. JSON texts where a table has them. */
export interface MigrationGroupTable {
  /** The package group's id; the import group's is the other half of the group's name. */
  id: string;
  import_group_id: string;
  name: string;
  replicated: number;
  source_environment: string;
  target_environment: string;
  tree_view: string;
  import_request_status: string;
  undo_request_status: string;
  creation_date: string;
  last_updated_date: string;
  certification: string | null;
  deleted: number;
  /** What jobs are doing to the members, one after another; null at rest. */
  work: string | null;
}

/** Which migrations a group has, in the order in which they are worked on. */
export interface MigrationGroupMemberTable {
  group_id: string;
  position: number;
  package_id: string;
  import_id: string;
}

/** A package of the older package API (spec/api.md 2.11); one per session. */
export interface PackageHolderTable {
  guid: string;
  session_id: string;
  /** Of the project header of the call that made it; null for none. */
  project_id: string | null;
  status: string;
  message: string;
  /** The three are null until it is filled; `kind` tells packages from undo packages. */
  type: string | null;
  kind: string | null;
  package_id: string | null;
  /** The import that an undo package undoes. */
  undone_import_id: string | null;
  /** JSON: settings and content. */
  view: string;
  storage_path: string | null;
  storage_size: number | null;
}

/** An import of the older package API. */
export interface HolderImportTable {
  guid: string;
  session_id: string;
  holder_guid: string;
  /** `import`, or `undo` for the import of an undo package. */
  kind: string;
  project_id: string | null;
  status: string;
  message: string;
  progress: number;
  undo_path: string | null;
  undo_size: number | null;
  /** By which the journal of the metadata knows it. */
  journal_import_id: string;
  /** Number of the newest journal transaction under that id when it was started. */
  journal_before: number;
}
