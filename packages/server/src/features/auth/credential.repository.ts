import { putRow } from '../../platform/db/bulk.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';

export interface Credential {
  readonly passwordHash: string;
  /** The next login has to set a new password. */
  readonly mustChange: boolean;
}

/** Password hashes, apart from the user objects. */
export function credentialRepository(db: Executor<MetadataTables>) {
  return {
    async find(userId: string): Promise<Credential | undefined> {
      const row = await db.selectFrom('credential').selectAll().where('user_id', '=', userId).executeTakeFirst();
      return row && { passwordHash: row.password_hash, mustChange: row.must_change === 1 };
    },

    async put(userId: string, credential: Credential): Promise<void> {
      const values = {
        user_id: userId,
        password_hash: credential.passwordHash,
        must_change: credential.mustChange ? 1 : 0,
      };
      await putRow(db, { table: 'credential', key: ['user_id'] }, values);
    },

    async setMustChange(userId: string, mustChange: boolean): Promise<void> {
      await db
        .updateTable('credential')
        .set({ must_change: mustChange ? 1 : 0 })
        .where('user_id', '=', userId)
        .execute();
    },

    async remove(userId: string): Promise<void> {
      await db.deleteFrom('credential').where('user_id', '=', userId).execute();
    },
  };
}
