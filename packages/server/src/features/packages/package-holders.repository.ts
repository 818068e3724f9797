import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { toHolderRecord, toHolderRow, type HolderRecord } from './holder-records.ts';

/** A job is at work on it, and may have been cancelled because it is to go. */
export const UNDER_WAY: readonly ('PROCESSING' | 'DELETING')[] = ['PROCESSING', 'DELETING'];

/** The packages of sessions. Made from the reader, or from the executor of a unit of work. */
export function holderRepository(db: Executor<LibraryTables>) {
  return {
    async findHolder(guid: string): Promise<HolderRecord | undefined> {
      const row = await db.selectFrom('package_holder').selectAll().where('guid', '=', guid).executeTakeFirst();
      return row && toHolderRecord(row);
    },

    async findHolderOf(sessionId: string): Promise<HolderRecord | undefined> {
      const row = await db
        .selectFrom('package_holder')
        .selectAll()
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      return row && toHolderRecord(row);
    },

    /** Those that a job is, or was, filling. */
    async loadUnderWay(): Promise<HolderRecord[]> {
      const rows = await db.selectFrom('package_holder').selectAll().where('status', 'in', UNDER_WAY).execute();
      return rows.map(toHolderRecord);
    },

    /** Those of sessions that have ended, but for those that a job still needs. */
    async loadLeft(idleSince: number): Promise<HolderRecord[]> {
      const rows = await db
        .selectFrom('package_holder')
        .selectAll()
        .where('status', 'not in', UNDER_WAY)
        .where('session_id', 'not in', liveSessions(db, idleSince))
        .where('guid', 'not in', (from) =>
          from.selectFrom('holder_import').select('holder_guid').where('status', 'in', UNDER_WAY),
        )
        .execute();
      return rows.map(toHolderRecord);
    },

    async saveHolder(record: HolderRecord): Promise<void> {
      const { guid, ...columns } = toHolderRow(record);
      await db
        .insertInto('package_holder')
        .values({ guid, ...columns })
        .onConflict((conflict) => conflict.column('guid').doUpdateSet(columns))
        .execute();
    },

    async removeHolder(guid: string): Promise<void> {
      await db.deleteFrom('package_holder').where('guid', '=', guid).execute();
    },
  };
}

/** Ids of the sessions that were used after a moment. */
export function liveSessions(db: Executor<LibraryTables>, idleSince: number) {
  return db.selectFrom('session').select('id').where('last_access_at', '>', idleSince);
}
