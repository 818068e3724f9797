import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { NamedRef } from './migration-jobs.ts';

/** A committed import or undo, as the journal proves it. */
export interface CommittedJob {
  readonly number: number;
  readonly kind: string;
  /** JSON text written by the job, see ImportSummary. */
  readonly summary: string;
}

/** What migration records need to know of the metadata: projects, and which jobs were committed. */
export function targetFactsRepository(db: Executor<MetadataTables>) {
  return {
    async findProject(projectId: string): Promise<NamedRef | undefined> {
      return db.selectFrom('project').select(['id', 'name']).where('id', '=', projectId).executeTakeFirst();
    },

    async listProjectIds(): Promise<string[]> {
      const rows = await db.selectFrom('project').select('id').execute();
      return rows.map((row) => row.id);
    },

    /** The newest committed import or undo of this import. */
    async findNewestJob(importId: string): Promise<CommittedJob | undefined> {
      return db
        .selectFrom('journal_transaction')
        .select(['id as number', 'kind', 'summary'])
        .where('import_id', '=', importId)
        .where('kind', 'in', ['import', 'undo'])
        .orderBy('id', 'desc')
        .executeTakeFirst();
    },
  };
}
