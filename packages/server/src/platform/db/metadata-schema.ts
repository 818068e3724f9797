import type { Generated } from 'kysely';

/** Tables of the metadata repository. Ids are upper-case hex text, dates wire-format text, flags 0 or 1. */
export interface MetadataTables {
  project: ProjectTable;
  object: ObjectTable;
  object_body: ObjectBodyTable;
  object_reference: ObjectReferenceTable;
  acl: AclTable;
  credential: CredentialTable;
  journal_transaction: JournalTransactionTable;
  journal_entry: JournalEntryTable;
  scope_revision: ScopeRevisionTable;
  schema_state: SchemaStateTable;
  table_state: TableStateTable;
  certification: CertificationTable;
  schema_lock: SchemaLockTable;
  project_lock: ProjectLockTable;
  changeset: ChangesetTable;
  changeset_object: ChangesetObjectTable;
}

export interface ProjectTable {
  id: string;
  name: string;
  alias: string;
  description: string;
  owner_id: string;
  date_created: string;
  date_modified: string;
}

/** Hot columns: everything that planning, browsing and searching look at. */
export interface ObjectTable {
  scope: string;
  id: string;
  type: number;
  subtype: number;
  name: string;
  description: string;
  abbreviation: string;
  parent_id: string | null;
  owner_id: string;
  version: string;
  date_created: string;
  date_modified: string;
  hidden: number;
  acl_id: string;
  body_hash: string;
  contacts_hash: string | null;
}

/** Canonical JSON texts; read only when an object is read, packed or dumped whole. */
export interface ObjectBodyTable {
  scope: string;
  id: string;
  definition: string;
  translations: string;
  uses: string;
}

/** Edges "from uses to", derived from the definition whenever it is written. `to_type` is null where unknown. */
export interface ObjectReferenceTable {
  scope: string;
  from_id: string;
  to_id: string;
  to_type: number | null;
}

/** Interned access control lists: few are distinct, since objects inherit them from folders. */
export interface AclTable {
  id: string;
  entries: string;
}

/** Password hashes, apart from the user objects so that no dump and no package can hold them. */
export interface CredentialTable {
  user_id: string;
  password_hash: string;
  must_change: number;
}

/** One row per committed change of metadata; for imports and undos it is the proof that they were committed. */
export interface JournalTransactionTable {
  id: Generated<number>;
  kind: string;
  user_id: string;
  user_name: string;
  package_id: string | null;
  import_id: string | null;
  date: string;
  comment: string;
  /** JSON: what was done, in numbers, and what is needed to settle the record after a crash. */
  summary: string;
}

export interface JournalEntryTable {
  transaction_id: number;
  scope: string;
  object_id: string;
  type: number;
  name: string;
  change: string;
  version_before: string | null;
  version_after: string | null;
}

/** Moves with every committed write to a scope; caches compare it. */
export interface ScopeRevisionTable {
  scope: string;
  revision: number;
}

export interface SchemaStateTable {
  project_id: string;
  schema_version: number;
  reloaded_at: string;
}

/** What the schema update computes for a logical table. */
export interface TableStateTable {
  project_id: string;
  table_id: string;
  logical_size: number | null;
  table_key: string | null;
}

/** Which version of an object was certified, and by whom. Counts only while the object has that version. */
export interface CertificationTable {
  scope: string;
  object_id: string;
  version: string;
  user_id: string;
  user_name: string;
  date: string;
}

/** At most one lock on the schema of a project. It is gone when its session has ended. */
export interface SchemaLockTable {
  project_id: string;
  lock_type: string;
  session_id: string;
  /** The changeset that holds an exclusive lock. */
  changeset_id: string | null;
  owner_id: string;
  owner_name: string;
  date: string;
}

/** At most one lock on a project or, under the scope of the configuration, on the environment. */
export interface ProjectLockTable {
  scope: string;
  lock_type: string;
  session_id: string;
  lock_id: string;
  owner_id: string;
  owner_name: string;
  date: string;
}

/** Changes that are not committed yet; discarded when their session has ended. */
export interface ChangesetTable {
  id: string;
  project_id: string;
  session_id: string;
  user_id: string;
  user_name: string;
  schema_edit: number;
  date_created: string;
  date_modified: string;
}

/** An object as it will be; `base_version` is the version that it replaces, null for a new object. */
export interface ChangesetObjectTable {
  changeset_id: string;
  object_id: string;
  position: number;
  base_version: string | null;
  type: number;
  parent_id: string | null;
  name: string;
  /** JSON of the whole object. */
  object: string;
}
