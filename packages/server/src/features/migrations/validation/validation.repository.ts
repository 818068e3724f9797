import { putRow } from '../../../platform/db/bulk.ts';
import type { Executor } from '../../../platform/db/database.ts';
import type { LibraryTables } from '../../../platform/db/library-schema.ts';
import type { ResultMark } from './judge-report.ts';

/** Validations on the source: their state, and the newest result that was taken of each. */
export function validationRepository(db: Executor<LibraryTables>) {
  return {
    async findMark(importId: string): Promise<ResultMark | null> {
      const row = await db
        .selectFrom('validation_mark')
        .select(['run', 'last_updated_date as lastUpdatedDate'])
        .where('import_id', '=', importId)
        .executeTakeFirst();
      return row ?? null;
    },

    async saveMark(importId: string, { run, lastUpdatedDate }: ResultMark): Promise<void> {
      const row = { import_id: importId, run, last_updated_date: lastUpdatedDate };
      await putRow(db, { table: 'validation_mark', key: ['import_id'] }, row);
    },

    /** False, and nothing is changed, when the validation is no longer as it was read. Both are JSON texts. */
    async replaceValidation(importId: string, before: string, after: string): Promise<boolean> {
      const result = await db
        .updateTable('migration_import')
        .set({ validation: after })
        .where('id', '=', importId)
        .where('validation', '=', before)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}
