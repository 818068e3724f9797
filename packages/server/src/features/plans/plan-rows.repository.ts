import { sql } from 'kysely';
import type { Outcome } from '@longshore/domain';
import { insertRows, type Cell } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { PlanIssueTable, PlanObjectTable } from '../../platform/db/plan-tables.ts';

export interface PlanObjectFilter {
  readonly planId: string;
  readonly outcomes?: readonly Outcome[] | undefined;
  readonly type?: number | undefined;
  /** Part of the name or of the path, or an id. */
  readonly q?: string | undefined;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

const OBJECT_COLUMNS = [
  'plan_id',
  'position',
  'id',
  'type',
  'subtype',
  'outcome',
  'conflict',
  'action',
  'role',
  'reason',
  'new_id',
  'name_package',
  'name_before',
  'name_after',
  'parent_before',
  'parent_after',
  'path_before',
  'path',
  'version_package',
  'version_before',
  'version_after',
  'modified_package',
  'modified_before',
  'seq',
] as const satisfies readonly (keyof PlanObjectTable)[];

const ISSUE_COLUMNS = [
  'plan_id',
  'position',
  'severity',
  'type',
  'message',
  'object_id',
  'object_type',
  'object_name',
] as const satisfies readonly (keyof PlanIssueTable)[];

/** So many rows of a plan go at once: whoever wants to write meanwhile waits for no more. */
const REMOVED_AT_ONCE = 2_000;

/** Objects and issues of plans. Made from the reader, a unit of work, or a connection of its own. */
export function planRows(db: Executor<LibraryTables>) {
  return {
    /** Takes some rows of a plan away. @returns false when there are none left */
    async removeSomeRows(planId: string): Promise<boolean> {
      await db.deleteFrom('plan_issue').where('plan_id', '=', planId).execute();
      const first = await db
        .selectFrom('plan_object')
        .select((eb) => eb.fn.min('position').as('position'))
        .where('plan_id', '=', planId)
        .executeTakeFirst();
      if (typeof first?.position !== 'number') return false;
      await db
        .deleteFrom('plan_object')
        .where('plan_id', '=', planId)
        .where('position', '<', first.position + REMOVED_AT_ONCE)
        .execute();
      return true;
    },

    addObjects: (rows: readonly PlanObjectTable[]): Promise<void> =>
      insertRows(
        db,
        { table: 'plan_object', columns: OBJECT_COLUMNS },
        rows.map((row) => OBJECT_COLUMNS.map((column): Cell => row[column])),
      ),

    addIssues: (rows: readonly PlanIssueTable[]): Promise<void> =>
      insertRows(
        db,
        { table: 'plan_issue', columns: ISSUE_COLUMNS },
        rows.map((row) => ISSUE_COLUMNS.map((column): Cell => row[column])),
      ),

    listObjects: (filter: PlanObjectFilter, page: Page): Promise<PlanObjectTable[]> =>
      objectsOf(db, filter).selectAll().orderBy('position').offset(page.offset).limit(page.limit).execute(),

    async countObjects(filter: PlanObjectFilter): Promise<number> {
      const row = await objectsOf(db, filter)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return row.n;
    },

    findObject: (planId: string, id: string): Promise<PlanObjectTable | undefined> =>
      db.selectFrom('plan_object').selectAll().where('plan_id', '=', planId).where('id', '=', id).executeTakeFirst(),

    listIssues: (planId: string, severity: string | undefined, page: Page): Promise<PlanIssueTable[]> =>
      issuesOf(db, planId, severity).selectAll().orderBy('position').offset(page.offset).limit(page.limit).execute(),

    async countIssues(planId: string, severity: string | undefined): Promise<number> {
      const row = await issuesOf(db, planId, severity)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return row.n;
    },
  };
}

function objectsOf(db: Executor<LibraryTables>, { planId, outcomes, type, q }: PlanObjectFilter) {
  let query = db.selectFrom('plan_object').where('plan_id', '=', planId);
  if (outcomes !== undefined) query = query.where('outcome', 'in', outcomes);
  if (type !== undefined) query = query.where('type', '=', type);
  if (q === undefined) return query;
  const pattern = `%${q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const like = (column: 'name_package' | 'name_before' | 'name_after' | 'path') =>
    sql<boolean>`lower(${sql.ref(column)}) LIKE ${pattern} ESCAPE '\\'`;
  return query.where((eb) =>
    eb.or([
      like('name_package'),
      like('name_before'),
      like('name_after'),
      like('path'),
      eb('id', '=', q.toUpperCase()),
      eb('new_id', '=', q.toUpperCase()),
    ]),
  );
}

function issuesOf(db: Executor<LibraryTables>, planId: string, severity: string | undefined) {
  const query = db.selectFrom('plan_issue').where('plan_id', '=', planId);
  return severity === undefined ? query : query.where('severity', '=', severity);
}

/** Plans that have rows but are none any more, because the server stopped in the middle. */
export async function loadOrphans(db: Executor<LibraryTables>): Promise<string[]> {
  const known = db.selectFrom('plan').select('id');
  const objects = await db
    .selectFrom('plan_object')
    .select('plan_id')
    .distinct()
    .where('plan_id', 'not in', known)
    .execute();
  const issues = await db
    .selectFrom('plan_issue')
    .select('plan_id')
    .distinct()
    .where('plan_id', 'not in', known)
    .execute();
  return [...new Set([...objects, ...issues].map((row) => row.plan_id))];
}
