import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { PlanTable } from '../../platform/db/plan-tables.ts';

/** A plan as it is kept; its objects and issues have tables of their own. */
export type PlanRow = PlanTable;

/** Plans. Made from the reader, or from a unit of work. */
export function planRepository(db: Executor<LibraryTables>) {
  return {
    async addPlan(row: PlanRow): Promise<void> {
      await db.insertInto('plan').values(row).execute();
    },

    /** The first who ends a plan says how it has ended. @returns false when it has ended before, or is gone */
    async endPlan(id: string, end: Pick<PlanRow, 'status' | 'message' | 'ended_at' | 'result'>): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('plan')
        .set(end)
        .where('id', '=', id)
        .where('status', '=', 'planning')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** Only while the plan is being made: a value that comes late changes nothing. */
    async setProgress(id: string, progress: number): Promise<void> {
      await db.updateTable('plan').set({ progress }).where('id', '=', id).where('status', '=', 'planning').execute();
    },

    /** Whether it is still to be made: false as well when it is gone. */
    async isPlanning(id: string): Promise<boolean> {
      const row = await db.selectFrom('plan').select('status').where('id', '=', id).executeTakeFirst();
      return row?.status === 'planning';
    },

    findPlan: (id: string): Promise<PlanRow | undefined> =>
      db.selectFrom('plan').selectAll().where('id', '=', id).executeTakeFirst(),

    /** All plans, the newest first: there are never many. */
    loadPlans: (): Promise<PlanRow[]> =>
      db.selectFrom('plan').selectAll().orderBy('created_at', 'desc').orderBy('id').execute(),

    /** Plans of sessions that are not in use any more; whoever makes one gives up when it is gone. */
    async loadLeft(idleSince: number): Promise<string[]> {
      const live = db.selectFrom('session').select('id').where('last_access_at', '>', idleSince);
      const rows = await db.selectFrom('plan').select('id').where('session_id', 'not in', live).execute();
      return rows.map((row) => row.id);
    },

    async removePlan(id: string): Promise<void> {
      await db.deleteFrom('plan').where('id', '=', id).execute();
    },
  };
}
