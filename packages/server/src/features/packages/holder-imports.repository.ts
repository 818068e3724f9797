import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import { toHolderImportRecord, toHolderImportRow, type HolderImportRecord } from './holder-records.ts';
import { liveSessions, UNDER_WAY } from './package-holders.repository.ts';

/** The imports of sessions. Made from the reader, or from the executor of a unit of work. */
export function holderImportRepository(db: Executor<LibraryTables>) {
  return {
    async findImport(guid: string): Promise<HolderImportRecord | undefined> {
      const row = await db.selectFrom('holder_import').selectAll().where('guid', '=', guid).executeTakeFirst();
      return row && toHolderImportRecord(row);
    },

    /** The one that a session has under way. */
    async findUnderWayOf(sessionId: string): Promise<HolderImportRecord | undefined> {
      const row = await db
        .selectFrom('holder_import')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('status', 'in', UNDER_WAY)
        .executeTakeFirst();
      return row && toHolderImportRecord(row);
    },

    /** The one that has the file of a package under way. */
    async findUnderWayFrom(holderGuid: string): Promise<HolderImportRecord | undefined> {
      const row = await db
        .selectFrom('holder_import')
        .selectAll()
        .where('holder_guid', '=', holderGuid)
        .where('status', 'in', UNDER_WAY)
        .executeTakeFirst();
      return row && toHolderImportRecord(row);
    },

    /** Those that a job is, or was, at work on. */
    async loadUnderWay(): Promise<HolderImportRecord[]> {
      const rows = await db.selectFrom('holder_import').selectAll().where('status', 'in', UNDER_WAY).execute();
      return rows.map(toHolderImportRecord);
    },

    /** Those of sessions that have ended, but for those that are still under way. */
    async loadLeft(idleSince: number): Promise<HolderImportRecord[]> {
      const rows = await db
        .selectFrom('holder_import')
        .selectAll()
        .where('status', 'not in', UNDER_WAY)
        .where('session_id', 'not in', liveSessions(db, idleSince))
        .execute();
      return rows.map(toHolderImportRecord);
    },

    async saveImport(record: HolderImportRecord): Promise<void> {
      const { guid, ...columns } = toHolderImportRow(record);
      await db
        .insertInto('holder_import')
        .values({ guid, ...columns })
        .onConflict((conflict) => conflict.column('guid').doUpdateSet(columns))
        .execute();
    },

    /** Only while the import is under way: a value that comes late changes nothing. */
    async setProgress(guid: string, progress: number): Promise<void> {
      await db
        .updateTable('holder_import')
        .set({ progress })
        .where('guid', '=', guid)
        .where('status', '=', 'PROCESSING')
        .execute();
    },

    async removeImport(guid: string): Promise<void> {
      await db.deleteFrom('holder_import').where('guid', '=', guid).execute();
    },
  };
}
