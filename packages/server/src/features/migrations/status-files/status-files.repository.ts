import { putRow } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { LibraryTables } from '../../../platform/db/library-schema.ts';

export interface DueStatusFile {
  readonly path: string;
  readonly content: string;
}

/** Status files that are still to be brought to the shared store. Made from the reader, or from a unit of work. */
export function statusFileRepository(db: Executor<LibraryTables>) {
  return {
    /** The newest content for a path is the only one that matters. */
    async addDue(file: DueStatusFile): Promise<void> {
      await putRow(db, { table: 'status_file', key: ['path'] }, file);
    },

    async loadDue(): Promise<DueStatusFile[]> {
      return db.selectFrom('status_file').selectAll().execute();
    },

    async isDue(path: string): Promise<boolean> {
      return (
        (await db.selectFrom('status_file').select('path').where('path', '=', path).executeTakeFirst()) !== undefined
      );
    },

    /** Whatever is due for the path is out of date. */
    async dropDue(path: string): Promise<void> {
      await db.deleteFrom('status_file').where('path', '=', path).execute();
    },

    /** The file is in the store, unless newer content has become due meanwhile. */
    async markBrought({ path, content }: DueStatusFile): Promise<void> {
      await db.deleteFrom('status_file').where('path', '=', path).where('content', '=', content).execute();
    },
  };
}
