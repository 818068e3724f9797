import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { toHolderRecord, toHolderRow, type HolderRecord } from './holder-records.ts';

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
    async loadProcessing(): Promise<HolderRecord[]> {
      const rows = await db.selectFrom('package_holder').selectAll().where('status', '=', 'PROCESSING').execute();
      return rows.map(toHolderRecord);
    },

    /** Those of sessions that have ended, but for those that a job still needs. */
    async loadLeft(idleSince: number): Promise<HolderRecord[]> {
      const rows = await db
        .selectFrom('package_holder')
        .selectAll()
        .where('status', '!=', 'PROCESSING')
        .where('session_id', 'not in', liveSessions(db, idleSince))
        .where('guid', 'not in', (from) =>
          from.selectFrom('holder_import').select('holder_guid').where('status', '=', 'PROCESSING'),
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
