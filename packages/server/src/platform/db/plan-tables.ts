import { sql, type Kysely } from 'kysely';

/** Plans of imports, in the Storage Service database: nothing of a plan is in the metadata that it is about. */
export interface PlanTables {
  plan: PlanTable;
  plan_object: PlanObjectTable;
  plan_issue: PlanIssueTable;
}

/** Moments are milliseconds since the epoch. */
export interface PlanTable {
  id: string;
  /** Plans go with the session that asked for them. */
  session_id: string;
  package_id: string;
  import_id: string;
  /** Target project; null for the configuration. */
  project_id: string | null;
  status: string;
  message: string;
  /** 0 to 99 while it is being made, roughly. */
  progress: number;
  created_at: number;
  ended_at: number | null;
  /** JSON: who asked, what for, by which settings. */
  subject: string;
  /** JSON: what was found, and the revisions of the target that were looked at; null until it is there. */
  result: string | null;
}

/** One row for each object of the package, in the order in which they are shown. */
export interface PlanObjectTable {
  plan_id: string;
  position: number;
  id: string;
  type: number;
  subtype: number;
  outcome: string;
  conflict: string;
  action: string;
  role: string;
  reason: string;
  new_id: string | null;
  name_package: string;
  name_before: string | null;
  name_after: string | null;
  parent_before: string | null;
  parent_after: string | null;
  path_before: string | null;
  /** Of where the object would be; of where the package has it when it would not be made. */
  path: string;
  version_package: string | null;
  version_before: string | null;
  version_after: string | null;
  modified_package: string | null;
  modified_before: string | null;
  /** Place of the object in the package file. */
  seq: number;
}

export interface PlanIssueTable {
  plan_id: string;
  position: number;
  severity: string;
  type: string;
  message: string;
  object_id: string;
  object_type: number;
  object_name: string;
}

export async function createPlanTables(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

export async function addPlanProgress(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`ALTER TABLE plan ADD COLUMN progress INTEGER NOT NULL DEFAULT 0`).execute(db);
}

const STATEMENTS = [
  `CREATE TABLE plan (
     id TEXT NOT NULL PRIMARY KEY, session_id TEXT NOT NULL, package_id TEXT NOT NULL, import_id TEXT NOT NULL,
     project_id TEXT, status TEXT NOT NULL, message TEXT NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER,
     subject TEXT NOT NULL, result TEXT)`,
  `CREATE INDEX plan_by_session ON plan (session_id)`,
  `CREATE TABLE plan_object (
     plan_id TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, type INTEGER NOT NULL, subtype INTEGER NOT NULL,
     outcome TEXT NOT NULL, conflict TEXT NOT NULL, action TEXT NOT NULL, role TEXT NOT NULL, reason TEXT NOT NULL,
     new_id TEXT, name_package TEXT NOT NULL, name_before TEXT, name_after TEXT, parent_before TEXT, parent_after TEXT,
     path_before TEXT, path TEXT NOT NULL, version_package TEXT, version_before TEXT, version_after TEXT,
     modified_package TEXT, modified_before TEXT, seq INTEGER NOT NULL,
     PRIMARY KEY (plan_id, position)) WITHOUT ROWID`,
  `CREATE UNIQUE INDEX plan_object_by_id ON plan_object (plan_id, id)`,
  `CREATE INDEX plan_object_by_outcome ON plan_object (plan_id, outcome, position)`,
  `CREATE TABLE plan_issue (
     plan_id TEXT NOT NULL, position INTEGER NOT NULL, severity TEXT NOT NULL, type TEXT NOT NULL, message TEXT NOT NULL,
     object_id TEXT NOT NULL, object_type INTEGER NOT NULL, object_name TEXT NOT NULL,
     PRIMARY KEY (plan_id, position)) WITHOUT ROWID`,
];
