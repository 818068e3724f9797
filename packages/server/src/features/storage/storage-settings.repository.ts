import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';
import type { StoredSettings } from './storage-settings.ts';

const KEY = 'storage';

/** The storage configuration, one row among the settings of the environment. */
export function storageSettingsRepository(db: Executor<LibraryTables>) {
  return {
    /** Undefined as long as none was set. */
    async findSettings(): Promise<StoredSettings | undefined> {
      const row = await db.selectFrom('setting').select('value').where('key', '=', KEY).executeTakeFirst();
      return row && (JSON.parse(row.value) as StoredSettings);
    },

    async saveSettings(settings: StoredSettings): Promise<void> {
      const value = JSON.stringify(settings);
      await db
        .insertInto('setting')
        .values({ key: KEY, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
    },
  };
}
