import { openConnection, type Connection } from '../../packages/server/src/platform/db/database.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';

/** A connection before whose transaction somebody else writes. */
export const after = (change: () => Promise<void>) => async (location: string) => {
  const db: Connection<MetadataTables> = await openConnection(location, { mode: 'writer', busyTimeout: 1000 });
  return {
    ...db,
    executor: db.executor,
    close: () => db.close(),
    async transaction<T>(...args: Parameters<typeof db.transaction<T>>): Promise<T> {
      await change();
      return db.transaction(...args);
    },
  };
};
