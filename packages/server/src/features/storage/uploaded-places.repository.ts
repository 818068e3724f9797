import type { Executor } from '../../platform/db/database.ts';
import type { LibraryTables } from '../../platform/db/library-schema.ts';

/** The places of the store to which files are uploaded. Made from the reader, or from the executor of a unit of work. */
export function uploadedPlaces(db: Executor<LibraryTables>) {
  return {
    async has(path: string): Promise<boolean> {
      const row = await db.selectFrom('shared_file').select('guid').where('path', '=', path).executeTakeFirst();
      return row !== undefined;
    },

    /** Forgets the uploaded file at a place; its bytes are somebody else's matter. */
    async remove(path: string): Promise<void> {
      await db.deleteFrom('shared_file').where('path', '=', path).execute();
    },
  };
}
