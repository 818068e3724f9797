import { sql } from 'kysely';
import { putRow, NO_LIMIT } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables, LoginFailureTable } from '../../platform/db/library-schema.ts';

/** Failed logins by a digest of the name: people type passwords into the wrong field, so names are not kept. */
export function loginFailureRepository(db: Executor<LibraryTables>) {
  return {
    async find(nameDigest: string): Promise<LoginFailureTable | undefined> {
      return db.selectFrom('login_failure').selectAll().where('login_name', '=', nameDigest).executeTakeFirst();
    },

    async put(failure: LoginFailureTable): Promise<void> {
      await putRow(db, { table: 'login_failure', key: ['login_name'] }, failure);
    },

    async remove(nameDigest: string): Promise<void> {
      await db.deleteFrom('login_failure').where('login_name', '=', nameDigest).execute();
    },

    /** Forgets names whose waiting time ended before a moment, and of the rest all but the newest `keep`. */
    async prune(moment: number, keep: number): Promise<void> {
      await db.deleteFrom('login_failure').where('retry_at', '<', moment).execute();
      await sql`DELETE FROM login_failure WHERE login_name IN
        (SELECT login_name FROM login_failure ORDER BY retry_at DESC LIMIT ${NO_LIMIT} OFFSET ${keep})`.execute(db);
    },
  };
}
