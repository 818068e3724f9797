import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables, SessionTable } from '../../platform/db/library-schema.ts';

export interface LastAccess {
  readonly tokenHash: string;
  readonly at: number;
}

/** Sessions and the tokens that make new ones; tokens are known by their hashes only. Moments are milliseconds. */
export function sessionRepository(db: Executor<LibraryTables>) {
  return {
    async insert(session: SessionTable): Promise<void> {
      await db.insertInto('session').values(session).execute();
    },

    async find(tokenHash: string): Promise<SessionTable | undefined> {
      return db.selectFrom('session').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
    },

    async remove(tokenHash: string): Promise<void> {
      await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
    },

    /** Removes a user's sessions, but for one, and the identity tokens by which new ones could be opened. */
    async removeOfUser(userId: string, exceptSessionId: string | null): Promise<void> {
      await db
        .deleteFrom('session')
        .where('user_id', '=', userId)
        .where('id', '!=', exceptSessionId ?? '')
        .execute();
      await db.deleteFrom('identity_token').where('user_id', '=', userId).execute();
    },

    async setLastAccess(accesses: readonly LastAccess[]): Promise<void> {
      for (const { tokenHash, at } of accesses) {
        await db.updateTable('session').set({ last_access_at: at }).where('token_hash', '=', tokenHash).execute();
      }
    },

    /** Removes sessions last used at or before a moment. */
    async removeIdleSince(moment: number): Promise<void> {
      await db.deleteFrom('session').where('last_access_at', '<=', moment).execute();
    },
  };
}
