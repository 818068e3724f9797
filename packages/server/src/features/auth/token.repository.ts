import { sql } from 'kysely';
import { NO_LIMIT } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';

export interface StoredToken {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Identity tokens, which last minutes, and API tokens, which last; both are known by their hashes only. */
export function tokenRepository(db: Executor<LibraryTables>) {
  return {
    async findIdentity(tokenHash: string): Promise<StoredToken | undefined> {
      const row = await db
        .selectFrom('identity_token')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return row && { userId: row.user_id, createdAt: row.created_at };
    },

    /** Adds a token and removes those made before `expired`. */
    async addIdentity(tokenHash: string, token: StoredToken, expired: number): Promise<void> {
      await db.deleteFrom('identity_token').where('created_at', '<=', expired).execute();
      await db
        .insertInto('identity_token')
        .values({ token_hash: tokenHash, user_id: token.userId, created_at: token.createdAt })
        .execute();
    },

    async findApi(tokenHash: string): Promise<StoredToken | undefined> {
      const row = await db.selectFrom('api_token').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
      return row && { userId: row.user_id, createdAt: row.created_at };
    },

    /** Adds a token; of its user's tokens the newest `keep` stay valid. */
    async addApi(tokenHash: string, token: StoredToken, keep: number): Promise<void> {
      await db
        .insertInto('api_token')
        .values({ token_hash: tokenHash, user_id: token.userId, created_at: token.createdAt })
        .execute();
      const surplus = db
        .selectFrom('api_token')
        .select('token_hash')
        .where('user_id', '=', token.userId)
        .orderBy('created_at', 'desc')
        .orderBy(sql`rowid`, 'desc')
        .limit(NO_LIMIT)
        .offset(keep);
      await db.deleteFrom('api_token').where('token_hash', 'in', surplus).execute();
    },

    async removeOfUser(userId: string): Promise<void> {
      await db.deleteFrom('api_token').where('user_id', '=', userId).execute();
      await db.deleteFrom('identity_token').where('user_id', '=', userId).execute();
    },
  };
}
